import { useCallback, useMemo, type PointerEvent } from 'react';
import { css, mix } from '../../palette';
import type { Palette } from '../../palette';
import style from '../codes.module.css';
import { useCanvas } from '../useCanvas';
import { nearestFirst } from './arrange';
import type { Sum } from './arrange';

type Props = { sum: Sum; metric: 'L2' | 'IP'; palette: Palette; part: number; /** The entry pointed at. */ code: number | null; onCode: (part: number, code: number | null) => void; lit: number; width: number; height: number };

/** The tables of the query, one a row, their entries from the nearest to the farthest; the entries of the code are outlined. */
export function Heat({ sum, metric, palette, part, code, onCode, lit, width, height }: Props) {
  const { tables } = sum, tall = height / tables.length, orders = useMemo(() => tables.map(({ values }) => nearestFirst(values, metric)), [tables, metric]);
  const shade = useMemo(() => shader(sum, metric), [sum, metric]);
  const canvas = useCanvas(width, height, useCallback((context) => {
    orders.forEach((order, m) => {
      const values = tables[m]?.values ?? new Float32Array(), wide = width / order.length;
      order.forEach((i, column) => {
        context.fillStyle = css(mix(palette.ground, palette.probed, shade(values[i] ?? 0)));
        context.fillRect(column * wide, m * tall, wide + 0.6, tall - (tall > 4 ? 1 : 0));
      });
    });
  }, [orders, tables, palette, shade, width, tall]));
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect(), m = Math.min(tables.length - 1, Math.max(0, Math.floor((event.clientY - box.top) / tall))), order = orders[m];
    onCode(m, tables[m]?.shown[order?.[Math.floor(((event.clientX - box.left) / width) * order.length)] ?? -1] ?? null);
  };
  return (
    <>
      <canvas {...canvas} className={style.layer} />
      <svg className={style.sense} width={width} height={height} onPointerMove={point} onPointerDown={point} onPointerLeave={() => onCode(part, null)} role="img" aria-label={`Tables of the query: ${tables.length}, each with the entry of the code outlined`}>
        <rect className={style.pointed} x={-1} y={part * tall - 0.5} width={width + 2} height={tall} rx={1} />
        {tables.map(({ chosen }, m) => {
          const order = orders[m], wide = width / (order?.length || 1), mark = Math.max(5, wide);
          return <rect key={m} className={style.entry} data-lit={m < lit} x={((order?.indexOf(chosen) ?? 0) + 0.5) * wide - mark / 2} y={m * tall} width={mark} height={Math.max(3, tall - 1)} fill={css(mix(palette.ground, palette.probed, shade(tables[m]?.values[chosen] ?? 0)))} />;
        })}
        {code !== null && <Pointed table={tables[part]} order={orders[part]} code={code} top={part * tall} tall={tall} width={width} />}
      </svg>
    </>
  );
}

function Pointed({ table, order, code, top, tall, width }: { table: Sum['tables'][number] | undefined; order: Uint16Array | undefined; code: number; top: number; tall: number; width: number }) {
  const at = table && order ? order.indexOf(table.shown.indexOf(code)) : -1, wide = width / (order?.length || 1);
  return at < 0 ? null : <rect className={style.pointed} x={(at + 0.5) * wide - Math.max(3, wide / 2)} y={top - 1} width={Math.max(6, wide)} height={tall + 1} rx={1} />;
}

/** 1 for the nearest entry of all tables, 0 for the farthest; the two per cent at either end are cut off. */
function shader({ tables, norms }: Sum, metric: 'L2' | 'IP'): (value: number) => number {
  const all = Float32Array.from(tables.slice(0, tables.length - norms).flatMap(({ values }) => [...values])).sort(), sign = metric === 'IP' ? -1 : 1;
  const low = all[Math.floor(all.length * 0.02)] ?? 0, high = all[Math.floor(all.length * 0.98)] ?? 1;
  return (value) => { const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1))); return 0.06 + 0.84 * (sign > 0 ? 1 - share : share); };
}
