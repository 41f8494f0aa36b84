import type { Label } from '@/workers/protocol';
import type { Neighbour } from './neighbours';
import type { Hover, StageProps } from './props';
import type { Tip } from './Tooltip';
import type { Pointed } from './usePointer';
import type { Point } from './viewport';
import { count, measure, nthNearest, plural } from './words';

/** What is said about the thing under the pointer. */

/** Of a multi-index the pair of halves that a list is, as on its grid. */
export function listName(list: number, index: StageProps['index']): string {
  const nbits = index?.ivf?.nbits;
  return nbits === undefined ? `List ${count(list)}` : `List ${count(list)}, pair ${list & ((1 << nbits) - 1)} and ${list >> nbits}`;
}

export function tipOf(props: StageProps, { hover, at }: Pointed, neighbours: Neighbour[]): Tip {
  if (hover.kind === 'cell') return { ...at, label: null, lines: [listName(hover.list, props.index), ...listLines(props, hover.list)] };
  const neighbour = neighbours.find(({ id }) => id === hover.id);
  return { ...at, label: labelOfDot(props, hover.id, neighbour), lines: dotLines(props, hover, neighbour) };
}

export const neighbourTip = (props: StageProps, n: Neighbour, at: Point): Tip =>
  ({ ...at, label: labelOfDot(props, n.id, n), lines: dotLines(props, { kind: 'dot', id: n.id, list: n.list ?? -1 }, n) });

function labelOfDot({ labelOf }: StageProps, id: number, neighbour: Neighbour | undefined): Label | null {
  const label = neighbour?.label ?? labelOf?.(id) ?? null;
  return label?.kind === 'number' ? null : label; // the lines below say the number
}

function dotLines(props: StageProps, { id, list }: Extract<Hover, { kind: 'dot' }>, neighbour: Neighbour | undefined): string[] {
  const inList = list < 0 ? '' : ` · list ${list}${props.iteration === null ? '' : ' at this iteration'}`;
  const height = Math.abs(props.plane?.points[3 * id + 2] ?? 0);
  const off = props.plane?.badge.exact || props.plane?.kind === 'umap' ? [] : [`${measure(height)} off this plane`];
  return [...(neighbour ? [neighbour.sentence] : []), `Vector ${count(id)}${inList}`, ...off];
}

function listLines({ index, search, plane, slice, iteration }: StageProps, list: number): string[] {
  const size = iteration === null ? index?.ivf?.sizes[list] : slice?.lists?.filter((own) => own === list).length;
  const row = search?.listOrder && iteration === null ? search.listOrder.list.indexOf(list) : -1;
  const probed = search ? search.probed.indexOf(list) : -1;
  const rank = row < 0 ? [] : [`${nthNearest(row + 1)} to the query, ${probed < 0 ? 'not probed' : `probed as number ${probed + 1}`}`];
  const centroids = iteration === null ? plane?.centroids : plane?.history[iteration];
  const height = Math.abs(centroids?.[3 * list + 2] ?? 0);
  const off = plane?.badge.exact || !centroids ? [] : [`its centroid is ${measure(height)} off this plane`];
  return [...(size === undefined ? [] : [plural(size, 'vector') + (iteration === null ? '' : ' at this iteration')]), ...rank, ...off];
}
