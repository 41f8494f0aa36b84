import type { Step } from '../props';
import { count, measure, percent, plural } from '../words';
import { filled, listCount, type Arranged, type Look } from './layout';

/** How the parts of lists were learnt: the square as it would have been under the centroids of an iteration. */

export type Training = NonNullable<Look['training']>;
export type State = Training['states'][number];

/** Centroids that were kept last. */
export const stateOf = ({ states }: Training, iteration: number): State | null => states.findLast((state) => state.iteration <= iteration) ?? states[0] ?? null;

/** The look of an iteration: rows and columns keep the places they have in the end, so that a cell can be followed. */
export function during(look: Look, arranged: Arranged, { near, codes, sites }: State): { look: Look; arranged: Arranged } {
  const M = look.ksub.length, told = codes.length / M, symbols = (i: number) => Array.from({ length: M }, (_, m) => codes[m * told + i] ?? 0), held = new Map<string, number[]>();
  for (let i = 0; i < told; i++) { const own = symbols(i), key = own.join(), [size = 0] = held.get(key)?.slice(-1) ?? []; held.set(key, [...own, size + 1]); }
  const lists = [...held.values()], sizes = Uint32Array.from(lists, (list) => list[M] ?? 0);
  const then: Look = { ...look, near, held: { codes: Uint32Array.from(lists.flatMap((list) => list.slice(0, M))), sizes }, walk: null, selected: null, plane: look.plane && sites && { ...look.plane, sites } };
  return { look: then, arranged: { ...arranged, ...filled(then) } };
}

/** Sampled vectors whose list is another one in the next state that was kept. */
export function changed({ states, ids }: Training, { iteration, codes }: State): number | null {
  const before = states[states.findIndex((state) => state.iteration === iteration) - 1], moved = new Set<number>();
  codes.forEach((code, at) => { if (code !== before?.codes[at]) moved.add(at % ids.length); });
  return before ? moved.size : null;
}

/** The value of a step is the mean squared distance of a vector from the centroids of its parts. */
export const roundSteps = ({ training, books, ksub }: Look): Step[] => (books
  ? books.errors.map((value, m) => ({ sentence: codebookOf(books, ksub, m), value }))
  : (training?.iterations ?? []).map((_, i) => ({ sentence: sentenceOf(training, i), value: distortionOf(training, i) })));

function codebookOf({ errors, sampled }: NonNullable<Look['books']>, ksub: number[], m: number): string {
  const left = errors[m] ?? 0, before = errors[m - 1], less = before === undefined ? '' : `, ${Number(((100 * (before - left)) / before).toPrecision(2))}\u202f% less`;
  return `Codebook ${m + 1} of ${errors.length}: ${plural(ksub[m] ?? 0, 'row')} learnt on what ${m === 0 ? 'the vectors are' : m === 1 ? 'the first leaves' : `the ${m} before leave`}; with it ${measure(left)} is left of ${plural(sampled, 'vector')} in the mean${less}`;
}

const distortionOf = (training: Look['training'], i: number) => (training?.iterations[i]?.distortion ?? []).reduce((all, left) => all + left, 0);

function sentenceOf(training: Look['training'], i: number): string {
  const now = training?.iterations[i];
  if (!training || !now) return '';
  const M = now.distortion.length, total = distortionOf(training, i), before = distortionOf(training, i - 1);
  const less = i === 0 ? '' : `, ${total === before ? 'as before' : `${Number(((100 * Math.abs(before - total)) / before).toPrecision(2))}\u202f% ${total < before ? 'less' : 'more'}`}`;
  const one: [string, string] = M === 1 ? ['vector', 'vectors'] : M === 2 ? ['half', 'halves'] : ['part', 'parts'], left = M === 1 ? `vectors are ${measure(total)} from their centroids` : `the ${one[1]} leave ${now.distortion.map(measure).join(' + ')} = ${measure(total)}`;
  return `Iteration ${i + 1} of ${training.iterations.length}: ${left}${less}; ${plural(now.moved, ...one)} of ${count(M * training.sampled)} changed centroid`;
}

export function roundCaption(look: Look, iteration: number): string {
  const { training, books, held: { sizes: held } } = look, state = training && stateOf(training, iteration);
  if (books) return `Codebooks are learnt one after the other, each on what those before leave: ${books.errors.map(measure).join(' → ')}, squared, in the mean over ${plural(books.sampled, 'vector')}. The ${look.ksub.length > 1 ? 'square' : 'row'} is that of the finished index.`;
  if (!state) return 'The centroids of this iteration were not kept.';
  const told = training.ids.length, all = told === look.n, lists = listCount(look), name = look.ksub.length === 2 ? 'cell' : 'list';
  const empty = lists - held.length, fullest = held.reduce((a, b) => Math.max(a, b), 0), moved = changed(training, state);
  const when = `after iteration ${state.iteration + 1}${state.iteration === Math.min(iteration, training.iterations.length - 1) ? '' : ' (the nearest that was kept)'}`;
  const other = moved === null ? '' : ` ${plural(moved, 'vector')} changed ${name} since the state before.`;
  return `${all ? `All ${count(look.n)}` : `${count(told)} evenly chosen of ${count(look.n)}`} vectors under the centroids ${when}: ${count(empty)} of ${plural(lists, name)} without one of them (${percent(empty / lists)}), the fullest with ${count(fullest)}.${other}${look.ksub.length > 1 ? ' Rows and columns stand as they do in the end.' : ''}`;
}
