import type { SearchAnswer } from '@/workers/protocol';
import type { NeighbourKind } from '../neighbours';
import type { Step } from '../props';
import { count, measure, ordinal, plural } from '../words';
import { kindsOf, placesAt, type Look } from './layout';

/** What the ranks say: caption, steps, and the words for one candidate. */

const isTrue = (kind: NeighbourKind | undefined) => kind === 'found' || kind === 'missed';
/** What the second distances are. */
export const secondName = ({ exact }: Look) => (exact ? 'exact' : 'second code');

export function captionOf(look: Look, search: SearchAnswer | null): string {
  const { asked, k, ids } = look, kinds = kindsOf(search), k0 = search?.truth.length ?? k;
  const by = look.exact ? 'exact distances' : 'second codes', first = `${plural(asked, 'candidate')} re-ranked by ${by}`;
  if (!search) return `${first}.`;
  const within = (end: number) => ids.subarray(0, end).reduce((sum, id) => sum + Number(isTrue(kinds.get(id))), 0);
  const beyond = Array.from(ids.subarray(asked), (id, i) => ({ id, rank: asked + i + 1 })).filter(({ id }) => isTrue(kinds.get(id))).map(({ rank }) => rank);
  const unseen = k0 - within(ids.length), cut = beyond.length ? ` Beyond the cut: ${listed(beyond.map(ordinal))}; ${look.param} ${count(Math.ceil((beyond.at(-1) ?? 0) / k))} would reach ${beyond.length === 1 ? 'it' : 'them'}.` : '', rest = unseen ? ` ${count(unseen)} not found by the base.` : '';
  const found = search.truth.filter((t) => t.found).length;
  return `${first}: ${within(k)} of ${k0} true neighbours in the base’s first ${k}, ${within(asked)} among all ${count(asked)}, ${found} returned.${cut}${rest}`;
}

const listed = (ranks: string[]) => (ranks.length > 4 ? `${ranks.slice(0, 3).join(', ')} and ${ranks.length - 3} more` : ranks.join(', '));

/** Steps that are told one by one. */
const MOST = 1024;

/** Step 0 is what the base proposes, step j the j-th candidate re-ranked; the value is how many true neighbours are among the first k so far. */
export function rankSteps(look: Look, search: SearchAnswer | null): Step[] {
  const { asked, k, ids, base } = look, kinds = kindsOf(search), start = `The base has ranked; ${plural(asked, 'candidate')} from ${measure(base[0] ?? 0)} to ${measure(base[asked - 1] ?? 0)} go on`;
  let best: number[] = [];
  const steps = Array.from(ids.subarray(0, Math.min(asked, MOST)), (id, i): Step => {
    best = merged(look, best, i);
    const place = best.indexOf(i) + 1, covered = best.slice(0, k).filter((at) => isTrue(kinds.get(ids[at] ?? -1))).length, kth = best[k - 1];
    const bound = kth === undefined ? '' : `; the ${ordinal(k)} is at ${measure(look.second[kth] ?? 0)}`, true_ = isTrue(kinds.get(id));
    return {
      sentence: `Candidate ${i + 1}${true_ ? ', a true neighbour' : ''}: ${measure(base[i] ?? 0)} in the base, ${measure(look.second[i] ?? 0)} ${secondName(look)}: ${ordinal(place)} of ${i + 1} so far${bound}`,
      value: search ? covered : null, main: true_,
    };
  });
  return [{ sentence: start, value: search ? 0 : null }, ...steps];
}

/** Candidates by second distance, with one more among them. */
function merged({ second, metric, ids }: Look, best: number[], i: number): number[] {
  const sign = metric === 'IP' ? -1 : 1, of = (at: number) => sign * (second[at] ?? 0), before = (at: number) => of(at) < of(i) || (of(at) === of(i) && (ids[at] ?? 0) < (ids[i] ?? 0));
  const place = best.findIndex((at) => !before(at));
  return place < 0 ? [...best, i] : [...best.slice(0, place), i, ...best.slice(place)];
}

const words: Record<NeighbourKind, string> = { found: 'true neighbour, returned', missed: 'true neighbour, missed', returned: 'returned, not true', waiting: 'true neighbour' };

/** Everything about one candidate, a line each. */
export function linesOf(look: Look, search: SearchAnswer | null, i: number, done: number): string[] {
  const { ids, lists, base, second, asked } = look, kind = kindsOf(search).get(ids[i] ?? -1), list = lists[i] ?? -1, place = placesAt(look, done)[i] ?? -1;
  const after = i >= asked ? `beyond the ${count(asked)} that are re-ranked` : place < 0 ? 'not re-ranked yet' : `${ordinal(place + 1)} after re-ranking`;
  return [
    `Vector ${count(ids[i] ?? 0)}${list < 0 ? '' : ` · list ${list}`}`, ...(kind ? [words[kind]] : []),
    `${ordinal(i + 1)} of the base, at ${measure(base[i] ?? 0)}`, after, `${secondName(look)} ${measure(second[i] ?? 0)}${i >= asked ? ', which the search did not compute' : ''}`,
  ];
}
