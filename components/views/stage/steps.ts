import type { IndexInfo, PlaneAnswer, SearchAnswer } from '@/workers/protocol';
import type { Step } from './props';
import { count, measure, nthNearest, percent, plural } from './words';

/** The sentences of the timeline: one per recorded state, with the numbers of that state and nothing else. */

type Iteration = NonNullable<IndexInfo['kmeans']>['iterations'][number];

/** One step per entry of `plane.history`. Where history has one entry more than there are iterations, the first is
 *  the start: centroids that are vectors of the sample. */
export function trainingSteps(index: IndexInfo | null, plane: PlaneAnswer | null): Step[] {
  if (!index?.kmeans || !plane) return [];
  const { iterations, sampled } = index.kmeans;
  const start = plane.history.length - iterations.length;
  return plane.history.map((_, step) => {
    const i = step - start;
    const now = iterations[i];
    if (!now) return { sentence: `Start: ${plural(index.ivf?.nlist ?? 0, 'vector')} of the sample stand in as centroids`, value: null };
    const sentence = `Iteration ${i + 1} of ${iterations.length}: ${moved(now, sampled)}; ${spread(index, now, iterations[i - 1])}; imbalance ${measure(now.imbalance)}${emptied(now)}`;
    return { sentence, value: now.objective / sampled };
  });
}

const moved = (now: Iteration, sampled: number) => `${count(now.moved)} of ${count(sampled)} sampled vectors changed their cell`;
const emptied = ({ empty }: Iteration) => (empty ? `; ${plural(empty, 'empty cell')} refilled` : '');

/** `objective` is a sum over the sample: squared distances for L2, inner products for IP. */
function spread({ metric, kmeans }: IndexInfo, now: Iteration, before: Iteration | undefined): string {
  const name = objectiveName(metric);
  const mean = measure(now.objective / (kmeans?.sampled ?? 1));
  if (!before) return `${name} ${mean}`;
  const change = (now.objective - before.objective) / Math.abs(before.objective);
  if (change === 0) return `${name} ${mean}, unchanged`;
  return `${name} ${mean}, ${share(Math.abs(change))} ${change < 0 ? 'lower' : 'higher'}`;
}

export const objectiveName = (metric: IndexInfo['metric']) => (metric === 'L2' ? 'mean squared distance' : 'mean inner product');

/** Changes of a late iteration are small: two digits, down to a hundredth of a per cent. */
function share(change: number): string {
  return change >= 0.1 ? percent(change) : change < 0.00005 ? `less than 0.01\u202f%` : `${Number((change * 100).toPrecision(2))}\u202f%`;
}

/** Step 0 is the query alone, step j adds the j-th probed list. `value` is how many true neighbours lie in them; a coarse
 *  replay stops where one more does. */
export function searchSteps(search: SearchAnswer | null, n: number): Step[] {
  if (!search?.listOrder) return [];
  const { probed, listOrder, truth } = search;
  const row = new Map(Array.from(listOrder.list, (list, i) => [list, i]));
  const at = (list: number) => {
    const i = row.get(list) ?? -1;
    return { rank: i + 1, size: listOrder.size[i] ?? 0, truths: listOrder.trueNeighbours[i] ?? 0 };
  };
  const lists = Array.from(probed, (list) => ({ list, ...at(list) }));
  const vectors = lists.reduce((sum, { size }) => sum + size, 0);
  const steps: Step[] = [{ sentence: opening(probed.length, listOrder.list.length, vectors, n), value: 0 }];
  let covered = 0;
  for (const { list, rank, size, truths } of lists) {
    covered += truths;
    const sentence = `List ${list}: ${nthNearest(rank)}, ${plural(size, 'vector')} scanned, ${truths} of ${plural(truth.length, 'true neighbour')} in it`;
    steps.push({ sentence, value: covered, main: truths > 0 });
  }
  return steps;
}

function opening(nprobe: number, nlist: number, vectors: number, n: number): string {
  const nearest = nprobe === 1 ? 'nearest list holds' : `${count(nprobe)} nearest lists hold`;
  return `${plural(nlist, 'list')}; the ${nearest} ${count(vectors)} of ${count(n)} vectors, ${percent(vectors / n)}`;
}
