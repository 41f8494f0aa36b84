import type { Step } from '../props';
import { count, measure, percent, plural } from '../words';
import { filled, listCount, type Arranged, type Look } from './layout';

/** How the halves of a multi-index were learnt: the square as it would have been under the centroids of an iteration. */

export type Training = NonNullable<Look['training']>;
export type State = Training['states'][number];

/** Centroids that were kept last. */
export const stateOf = ({ states }: Training, iteration: number): State | null => states.findLast((state) => state.iteration <= iteration) ?? states[0] ?? null;

/** The look of an iteration: rows and columns keep the places they have in the end, so that a cell can be followed. */
export function during(look: Look, arranged: Arranged, { near, lists, sites }: State): { look: Look; arranged: Arranged } {
  const [rows = 1] = look.ksub, sizes = new Map<number, number>();
  for (const list of lists) sizes.set(list, (sizes.get(list) ?? 0) + 1);
  const codes = Uint32Array.from([...sizes.keys()].flatMap((list) => [list % rows, Math.floor(list / rows)]));
  const then: Look = { ...look, near, held: { codes, sizes: Uint32Array.from(sizes.values()) }, walk: null, selected: null, plane: look.plane && sites && { ...look.plane, sites } };
  return { look: then, arranged: { ...arranged, ...filled(then) } };
}

/** Sampled vectors whose list is another one in the next state that was kept. */
export function changed({ states }: Training, state: State): number | null {
  const before = states[states.indexOf(state) - 1];
  return before ? state.lists.reduce((all, list, i) => all + (list === before.lists[i] ? 0 : 1), 0) : null;
}

/** The value of a step is the mean squared distance of a vector from the centroids of its halves. */
export const roundSteps = ({ training }: Look): Step[] => (training?.iterations ?? []).map((_, i) => ({ sentence: sentenceOf(training, i), value: distortionOf(training, i) }));

const distortionOf = (training: Look['training'], i: number) => { const [first = 0, second = 0] = training?.iterations[i]?.distortion ?? []; return first + second; };

function sentenceOf(training: Look['training'], i: number): string {
  const now = training?.iterations[i];
  if (!training || !now) return '';
  const [first, second] = now.distortion, total = distortionOf(training, i), before = distortionOf(training, i - 1);
  const less = i === 0 ? '' : `, ${total === before ? 'as before' : `${Number(((100 * Math.abs(before - total)) / before).toPrecision(2))}\u202f% ${total < before ? 'less' : 'more'}`}`;
  return `Iteration ${i + 1} of ${training.iterations.length}: the halves leave ${measure(first)} + ${measure(second)} = ${measure(total)}${less}; ${plural(now.moved, 'half', 'halves')} of ${count(2 * training.sampled)} changed centroid`;
}

export function roundCaption(look: Look, { sizes }: Arranged, iteration: number): string {
  const { training } = look, state = training && stateOf(training, iteration);
  if (!state) return 'The centroids of this iteration were not kept.';
  const empty = sizes.reduce((all, size) => all + (size ? 0 : 1), 0), fullest = sizes.reduce((a, b) => Math.max(a, b), 0), moved = changed(training, state), all = state.lists.length === look.n;
  const when = `after iteration ${state.iteration + 1}${state.iteration === Math.min(iteration, training.iterations.length - 1) ? '' : ' (the nearest that was kept)'}`;
  const other = moved === null ? '' : ` ${plural(moved, 'vector')} changed cell since the square before.`;
  return `${all ? `All ${count(look.n)}` : `${count(state.lists.length)} evenly chosen of ${count(look.n)}`} vectors under the centroids ${when}: ${count(empty)} of ${plural(listCount(look), 'cell')} without one of them (${percent(empty / listCount(look))}), the fullest with ${count(fullest)}.${other} Rows and columns stand as they do in the end.`;
}
