import type { PlaneAnswer } from '@/workers/protocol';
import type { StageProps } from './props';
import { queryPoint } from './neighbours';
import { count, measure, percent, plural } from './words';

/** What the picture shows now, in words. `cells` are the lists that own a point of the window, in the cells view; `under`, how
 *  many neighbours' marks the query's own covers. */
export function captionOf({ view, index, plane, search, lit, iteration }: StageProps, cells: Set<number> | null, under = 0): string {
  if (!plane) return '';
  if (iteration !== null) return training(view, plane.history.length, index?.kmeans?.iterations.length ?? 0, iteration);
  const nlist = index?.ivf?.nlist ?? 0, ends = (lit === null ? balance(index) + guessed(view, plane.badge.coarse) : '') + offPlane(plane, search) + covered(under);
  if (search && nlist) return probing(search.probed.length, nlist, lit, search) + unseen(search, lit, cells) + ends;
  const found = search ? `${foundCount(search.truth)} of ${plural(search.truth.length, 'true neighbour')} returned` : '';
  const what = view === 'cells' ? `${count(cells?.size ?? 0)} of ${plural(nlist, 'cell')} meet this window` : `${plural(plane.lists.length, 'vector')} on this plane`;
  return `${[what, found].filter(Boolean).join('; ')}.${ends}`;
}

const balance = (index: StageProps['index']) => (index?.ivf ? ` Imbalance factor ${measure(index.ivf.imbalance)}.` : '');

/** The cells are those of the truly nearest centroid, which an index over the centroids may miss. */
const guessed = (view: StageProps['view'], coarse: number | undefined) =>
  (coarse === undefined || view === 'map' ? '' : ` Drawn is the cell of the truly nearest centroid; the index over the centroids agrees for ${nearly(coarse)} of vectors.`);

/** Short of all is never written as all. */
const nearly = (share: number) => (share < 1 && share > 0.995 ? `${(Math.floor(share * 10_000) / 100).toFixed(2)}\u202f%` : percent(share));

const covered = (under: number) => (under === 0 ? '' : ` ${plural(under, 'mark lies', 'marks lie')} under the query’s; zoom in to part them.`);

/** A plane meets only some of the cells, and a window fewer. */
function unseen({ probed }: Search, lit: number | null, cells: Set<number> | null): string {
  const outside = cells ? probed.subarray(0, lit ?? probed.length).filter((list) => !cells.has(list)).length : 0;
  return outside === 0 ? '' : ` ${outside === 1 ? 'One probed cell does' : `${count(outside)} probed cells do`} not meet this window.`;
}

/** Where the query is itself only projected, the cell below it need not be its own. */
function offPlane(plane: PlaneAnswer, search: StageProps['search']): string {
  const { height } = queryPoint(plane, search);
  return plane.badge.exact || Math.abs(height) < 1e-4 ? '' : ` The query is ${measure(Math.abs(height))} off this plane.`;
}

function training(view: StageProps['view'], states: number, iterations: number, shown: number): string {
  const iteration = shown + 1 - (states - iterations), what = view === 'map' ? 'Vectors in the hue of their list' : 'Centroids and cells';
  return iteration === 0 ? `${what} at the start, before the first iteration.` : `${what} after iteration ${iteration} of ${iterations}.`;
}

type Search = NonNullable<StageProps['search']>;
const foundCount = (truth: Search['truth']) => truth.filter(({ found }) => found).length;

function probing(nprobe: number, nlist: number, lit: number | null, { truth, probed }: Search): string {
  const shown = Math.min(lit ?? nprobe, nprobe);
  const seen = new Set(probed.subarray(0, shown));
  const covered = truth.filter(({ list }) => list !== null && seen.has(list)).length;
  const lists = shown < nprobe ? `${count(shown)} of ${plural(nprobe, 'list')} probed so far` : `${count(nprobe)} of ${plural(nlist, 'list')} probed`;
  const returned = shown === nprobe && foundCount(truth) !== covered ? `, ${foundCount(truth)} returned` : '';
  return `${lists}; ${covered} of ${plural(truth.length, 'true neighbour')} in them${returned}.`;
}

/** Short: on the picture. */
export function badgeOf({ exact, agreement, knn10, variance }: PlaneAnswer['badge']): string {
  if (exact) return 'exact';
  const own = agreement === null ? [] : [`${percent(agreement)} of dots lie over their own cell`];
  if (variance === null) return `projection, UMAP of at most 3 000 vectors: 10-NN kept ${percent(knn10)} · distances and gaps mean nothing`;
  return `projection: ${[...own, `10-NN kept ${percent(knn10)}`, `${percent(variance)} of variance`].join(' · ')}`;
}

/** Long: what the badge means, one paragraph each. */
export function badgeStory({ exact, agreement, knn10, variance, coarse }: PlaneAnswer['badge']): string[] {
  const sent = coarse === undefined ? [] : [`The lists are found by an index over the centroids, which need not find the nearest: it sent ${nearly(coarse)} of the vectors to the list of their truly nearest centroid, which is the cell that is drawn.`];
  if (exact) return ['The data have two dimensions, and this is their plane: every dot, cell and distance is where it truly is.', ...sent];
  if (variance === null) return umapStory(knn10);
  const cells = 'The cells are exact: at each point of this plane you see the list that a vector there would belong to.';
  const dots = 'The dots are not in the plane, only projected onto it. Colour tells their true list; the fainter, the farther they are from the plane.';
  const own = agreement === null ? [] : [`${percent(agreement)} of them are drawn over the cell of their own list.`];
  return [
    ...(agreement === null ? [] : [cells]), ...sent, dots,
    [...own, `Of a vector’s ten nearest neighbours ${percent(knn10)} are among its ten nearest dots.`, `The plane keeps ${percent(variance)} of the data’s variance.`].join(' '),
  ];
}

function umapStory(knn10: number): string[] {
  return [
    'UMAP puts near each other what is near each other, and nothing else is true of it: distances, sizes and gaps on it mean nothing, and no cell can be drawn on it. Colour tells the true list.',
    'At most 3 000 vectors, evenly spaced over the set, were laid out by their 15 true neighbours; any other, and the query, stands at the mean of its three nearest of them.',
    `Of a vector’s ten nearest neighbours ${percent(knn10)} are among its ten nearest dots.`,
  ];
}
