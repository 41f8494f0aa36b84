import { scaleLinear } from 'd3';
import { useState } from 'react';
import { Segments } from '@/components/controls/Segments';
import { count, measure, plural } from '../words';
import type { Look } from './frame';
import style from './layers.module.css';

type Bar = { from: number; to: number; n: number; here: boolean };
const kinds = [{ value: 'degrees', text: 'Links' }, { value: 'levels', text: 'Layers' }, { value: 'hops', text: 'Hops' }] as const;
type Kind = (typeof kinds)[number]['value'];

const bins = 24;

/** How links, layers and hops are spread: over the whole graph, and over the query set. */
export function Counts({ look, width, height }: { look: Look; width: number; height: number }) {
  const [kind, setKind] = useState<Kind>('degrees'), chart = { width, height: height - 38 };
  const own = look.selected ? look.nodes.degree[look.selected.place] ?? null : null, mean = (look.levels[0]?.links ?? 0) / Math.max(1, look.levels[0]?.nodes ?? 1);
  return (
    <div className={style.counts}>
      <Segments label="Counts of" options={kinds} value={kind} onChange={setKind} />
      {kind === 'degrees' && <Histogram {...chart} bars={binned(spread(look.levels[0]?.degrees ?? new Uint32Array(0)), own)} axis={`links of a node on the lowest layer${own === null ? `, ${measure(mean)} on average` : `; of the selected: ${count(own)}`}`} what="nodes" />}
      {kind === 'levels' && <Levels {...chart} look={look} />}
      {kind === 'hops' && <Histogram {...chart} bars={binned([...look.hopCounts], look.walk.hopCount)} axis={`hops of ${plural(look.hopCounts.length, 'query', 'queries')}, the same list; this one: ${count(look.walk.hopCount)}`} what="queries" />}
    </div>
  );
}

/** counts[v] times the value v. */
const spread = (counts: Uint32Array): number[] => Array.from(counts, (n, v) => Array.from({ length: n }, () => v)).flat();

function binned(values: number[], here: number | null): Bar[] {
  const low = values.reduce((a, b) => Math.min(a, b), here ?? Infinity), high = values.reduce((a, b) => Math.max(a, b), here ?? 0), wide = Math.max(1, Math.ceil((high - low + 1) / bins));
  return Array.from({ length: Math.max(1, Math.ceil((high - low + 1) / wide)) }, (_, i) => {
    const from = low + i * wide, to = Math.min(high, from + wide - 1);
    return { from, to, n: values.filter((v) => v >= from && v <= to).length, here: here !== null && here >= from && here <= to };
  });
}

function Histogram({ bars, axis, what, width, height }: { bars: Bar[]; axis: string; what: string; width: number; height: number }) {
  const X = scaleLinear([0, bars.length], [12, width - 12]), Y = scaleLinear([0, Math.max(1, ...bars.map(({ n }) => n))], [height - 32, 6]), [first, last] = [bars[0], bars.at(-1)];
  return (
    <svg className={style.chart} width={width} height={height} role="img" aria-label={`${axis}: ${bars.map(({ from, to, n }) => `${from === to ? from : `${from} to ${to}`}: ${n} ${what}`).join(', ')}`}>
      {bars.map(({ from, to, n, here }, i) => <rect key={from} className={here ? style.barHere : style.barOf} x={X(i) + 0.5} width={Math.max(1, X(1) - X(0) - 1)} y={Y(n)} height={Math.max(n ? 1 : 0, height - 32 - Y(n))}><title>{`${from === to ? count(from) : `${count(from)} to ${count(to)}`}: ${count(n)} ${what}`}</title></rect>)}
      <line className={style.axisLine} x1={12} x2={width - 12} y1={height - 32} y2={height - 32} />
      {first && last && <><text className={style.tick} x={12} y={height - 18}>{count(first.from)}</text><text className={style.tick} x={width - 12} y={height - 18} textAnchor="end">{count(last.to)}</text></>}
      <text className={style.axis} x={width / 2} y={height - 4} textAnchor="middle">{axis}</text>
    </svg>
  );
}

/** As wide as the logarithm of how many: each layer of an HNSW holds about 1 in M of the one below. */
function Levels({ look: { levels, n }, width, height }: { look: Look; width: number; height: number }) {
  const tall = Math.min(26, (height - 24) / levels.length), X = (nodes: number) => (Math.log(nodes + 1) / Math.log(n + 1)) * (width - 24 - 96);
  return (
    <svg className={style.chart} width={width} height={height} role="img" aria-label={levels.map(({ nodes, links }, layer) => `layer ${layer}: ${nodes} nodes, ${links} links`).join('; ')}>
      {[...levels.entries()].reverse().map(([layer, { nodes, links }], i) => (
        <g key={layer} transform={`translate(12,${i * tall + 4})`}>
          <text className={style.tick} y={tall / 2 + 4}>{layer}</text>
          <rect className={style.barOf} x={14} width={Math.max(2, X(nodes))} height={tall - 4} />
          <text className={style.tick} x={20 + Math.max(2, X(nodes))} y={tall / 2 + 3}>{count(nodes)} · {measure(links / Math.max(1, nodes))} links</text>
        </g>
      ))}
      <text className={style.axis} x={width / 2} y={height - 4} textAnchor="middle">nodes on each layer (log), links a node</text>
    </svg>
  );
}
