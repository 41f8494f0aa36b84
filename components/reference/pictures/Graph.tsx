import type { Answer } from '../ask';
import { dots, frameOf, line, size, windowOf } from '../frame';
import style from '../reference.module.css';
import { SearchMarks } from './marks';

/** Vectors and their links: thin on the lowest layer, heavier above; those the walk computed a distance to. */
export function Graph({ anatomy, search }: Extract<Answer, { kind: 'graph' | 'nearest' }>) {
  const { base, graph } = anatomy, frame = frameOf(windowOf(base));
  const at = (i: number) => [base[2 * i] ?? 0, base[2 * i + 1] ?? 0] as const;
  const layers = graph ? Array.from({ length: Math.max(...graph.levels) }, (_, layer) => layer) : [];
  const links = (layer: number) => Array.from({ length: (graph?.links.length ?? 0) / 3 }, (_, i) => {
    const [from = 0, to = 0, on = 0] = graph?.links.subarray(3 * i, 3 * i + 3) ?? [];
    return on === layer ? line(frame, ...at(from), ...at(to)) : '';
  }).join('');
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      {layers.map((layer) => <path key={layer} className={layer === 0 ? style.faintLink : style.link} style={{ strokeWidth: 0.7 + 0.4 * layer }} d={links(layer)} />)}
      <path className={style.dots} d={dots(frame, base)} />
      {layers.slice(1).map((layer) => <path key={layer} className={style.upper} style={{ strokeWidth: 3 + 1.5 * layer }} d={dots(frame, base, nodesOn(graph?.levels, layer))} />)}
      <path className={style.visited} d={dots(frame, base, search.scanned)} />
      <SearchMarks frame={frame} search={search} base={base} />
    </svg>
  );
}

const nodesOn = (levels: Uint8Array = new Uint8Array(), layer: number) => Array.from(levels.keys()).filter((i) => (levels[i] ?? 0) > layer);

/** Exact search: a line from the query to each of the k nearest. */
export function Nearest({ anatomy: { base }, search }: Extract<Answer, { kind: 'graph' | 'nearest' }>) {
  const frame = frameOf(windowOf(base)), [qx = 0, qy = 0] = search.query.vector;
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      <circle className={style.reach} cx={frame.x(qx)} cy={frame.y(qy)} r={Math.sqrt(search.hits.at(-1)?.distance ?? 0) * frame.scale} />
      <path className={style.dots} d={dots(frame, base)} />
      <path className={style.direction} d={search.hits.map(({ id }) => line(frame, qx, qy, base[2 * id] ?? 0, base[2 * id + 1] ?? 0)).join('')} />
      <SearchMarks frame={frame} search={search} base={base} />
    </svg>
  );
}
