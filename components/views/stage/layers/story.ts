import type { SearchAnswer } from '@/workers/protocol';
import type { LookProps, Tracks } from '../looks';
import type { Step } from '../props';
import { count, measure, ordinal, percent, plural } from '../words';
import { comparedAfter, foundAt, frameAt, searchSteps, type Hop, type Look, type SearchFrame } from './frame';

/** The sentences of the layers: what happened at a step, with that step's numbers. */

/** As the results write distances: inner products as they are. */
export const value = ({ metric }: Pick<Look, 'metric'>, distance: number) => measure(metric === 'IP' ? -distance : distance);
export const nodeName = ({ over }: Pick<Look, 'over'>, id: number) => `${over === 'lists' ? 'list' : 'vector'} ${count(id)}`;
/** What distances are between: codes, and vectors after transforms, are named. */
export const distanceName = ({ metric, coded, after }: Look) => `${metric === 'IP' ? 'inner product' : 'squared distance'}${coded ? ` ${metric === 'IP' ? 'with' : 'to'} ${coded} codes` : ''}${after ? ` after ${after}` : ''}`;
/** What sets the width of the list. */
export const breadthName = ({ breadth }: Look) => breadth ?? 'fixed width';

const nameOf = (look: Look, words: Map<number, string> | null) => (id: number) => { const word = words?.get(id); return word ? `“${word}”` : nodeName(look, id); };
export const wordsOf = ({ nodes: { ids, words } }: Look) => words && new Map(Array.from(ids, (id, i) => [id, words[i] ?? '']));

export const tracks = (look: Look, search: SearchAnswer | null): Tracks => ({
  training: { title: look.graph === 'HNSW' ? 'Insertion' : 'Building', valueName: 'mean links a node on the lowest layer', steps: look.states.map((_, state) => ({ sentence: buildSentence(look, state), value: look.states[state]?.degree ?? null })) },
  search: search && { title: 'Hops', valueName: `${distanceName(look)} of the nearest so far`, steps: walkSteps(look) },
});

export function walkSteps(look: Look): Step[] {
  const name = nameOf(look, wordsOf(look));
  let nearest = Infinity;
  return Array.from({ length: searchSteps(look) }, (_, step): Step => {
    const frame = frameAt(look, step, null);
    if (frame.kind === 'build') return { sentence: '', value: null };
    const { current, shown } = frame;
    nearest = Math.min(nearest, current?.list.dis[0] ?? nearest, shown === 0 ? look.walk.hops[0]?.distance ?? Infinity : Infinity);
    const best = nearest === Infinity ? null : look.metric === 'IP' ? -nearest : nearest;
    if (frame.ended) return { sentence: endSentence(look), value: best, main: true };
    return { sentence: current ? hopSentence(look, current, shown, name) : entrySentence(look, name), value: best, main: !current || current.level > 0 || isGain(look, shown) };
  });
}

/** Whether the hop brought one of the true neighbours into view. */
function isGain({ walk: { hops, truth } }: Look, shown: number): boolean {
  const sought = new Set(truth.ids);
  return hops[shown - 1]?.met.ids.some((id) => sought.has(id)) ?? false;
}

function entrySentence(look: Look, name: (id: number) => string): string {
  const first = look.walk.hops[0];
  return `Enter at ${name(look.entry)} on layer ${look.levels.length - 1}, where every search begins, whatever the query: ${distanceName(look)} ${value(look, first?.distance ?? 0)}`;
}

function hopSentence(look: Look, hop: Hop, shown: number, name: (id: number) => string): string {
  if (Number.isNaN(hop.distance)) return `Begin: the list is filled with ${plural(hop.met.ids.length, 'node')}, links of ${name(hop.node)} in the middle of the data and then nodes drawn at random; the nearest, ${name(hop.list.ids[0] ?? 0)}, is at ${value(look, hop.list.dis[0] ?? 0)}`;
  return hop.level > 0 ? greedySentence(look, hop, name) : beamSentence(look, hop, shown, name);
}

function greedySentence(look: Look, { level, node, distance, met, list }: Hop, name: (id: number) => string): string {
  const next = list.ids[0] ?? node, links = plural(met.ids.length, 'link');
  if (next === node) return `Layer ${level}: none of the ${links} of ${name(node)} is nearer than its ${value(look, distance)}: go down to layer ${level - 1}`;
  return `Layer ${level}: of the ${links} of ${name(node)}, ${name(next)} is the nearest to the query, ${value(look, list.dis[0] ?? 0)} after ${value(look, distance)}: go there`;
}

function beamSentence(look: Look, hop: Hop, shown: number, name: (id: number) => string): string {
  const { walk: { hops, stop, ef } } = look, before = hops[shown - 2], entered = enteredBy(hop), n = beamHop(look, shown);
  const bound = hop.list.dis[stop - 1], full = hop.size >= ef;
  const where = before?.level === 0 ? `, ${ordinal(before.list.ids.indexOf(hop.node) + 1)} of the list` : '';
  const list = full ? (bound === undefined ? '' : `; the ${ordinal(stop)} stands at ${value(look, bound)}`) : `; the list holds ${count(hop.size)} of ${count(ef)}`;
  return `Hop ${n}: walk from ${name(hop.node)} at ${value(look, hop.distance)}${where}. ${hop.met.ids.length ? `${plural(hop.met.ids.length, 'link')} not met before, ${count(entered)} enter${entered === 1 ? 's' : ''} the list` : 'All its links were met before'}${list}`;
}

/** How many of those met on a hop are in the list after it, as far as the list is kept. */
export function enteredBy({ met, list }: Hop): number {
  const listed = new Set(list.ids);
  return met.ids.filter((id) => listed.has(id)).length;
}

const beamHop = ({ walk: { hops } }: Look, shown: number) => hops.slice(0, shown).filter(({ level, distance }) => level === 0 && !Number.isNaN(distance)).length;

function endSentence(look: Look): string {
  const { hops, hopCount, ndis, stop, given, truth } = look.walk, last = hops.at(-1), next = last?.list.walked.indexOf(0) ?? -1;
  const recorded = look.graph === 'NSG' ? hops.length - 1 : hops.length, found = given.filter((id) => truth.ids.includes(id)).length;
  const result = `${count(found)} of ${count(truth.ids.length)} ${look.over === 'lists' ? 'nearest lists' : 'true neighbours'} found, after ${plural(hopCount, 'hop')} and ${plural(ndis, 'distance')} (${shareWords(look, ndis)})`;
  if (recorded < hopCount) return `${result}; the first ${count(recorded)} hops are recorded`;
  const bound = last?.list.dis[stop - 1], waiting = last?.list.dis[next];
  const why = next < 0 || bound === undefined || waiting === undefined || bound >= waiting ? `each of the ${plural(last?.size ?? 0, 'node')} in the list was walked from` : `${count(stop)} nodes are nearer than the next to walk from, ${value(look, bound)} before ${value(look, waiting)}`;
  return `The walk ends: ${why}. ${result}`;
}

export function stateName({ step, count: nth }: Look['states'][number]): string {
  switch (step) {
    case 'first': return 'First node';
    case 'batch': return `Batch ${count(nth)}`;
    case 'round': return `Round ${count(nth)}`;
    case 'chosen': return 'Links chosen';
    case 'back': return 'Links back';
    case 'tree': return 'Tree grown';
  }
}

function buildSentence(look: Look, state: number): string {
  const now = look.states[state], { over, n, nodes: { born, linked } } = look, things = over === 'lists' ? 'centroid' : 'vector';
  if (!now) return '';
  const drawn = born.subarray(0, linked).filter((first) => first <= state).length, changed = changes(look, state);
  const linksNow = `${plural(changed.made, 'link')} made and ${count(changed.cut)} cut among ${count(drawn)} that are followed`;
  switch (now.step) {
    case 'first': return `The first ${things} inserted stands on layer ${now.level} and above all others: it is the entry of every search`;
    case 'batch': return `Batch ${count(now.count)}: ${count(now.done)} of ${plural(n, things)} inserted, the last ${now.size === 1 ? 'by itself' : `${count(now.size)} at once`} on layer ${now.level}${now.level ? ' and below' : ''}, linked to the graph as it was before the batch. Since the step before ${linksNow}`;
    case 'round': return `${now.count === 1 ? 'Nothing is inserted: an NSG starts from a graph of nearest neighbours. ' : ''}Round ${now.count} of NN-descent: neighbours of neighbours are compared, each node’s ${count(8)} nearest known are drawn; ${linksNow}`;
    case 'chosen': return `Links chosen: of what a search for each node meets, it keeps those nearer to it than to each other, at most ${look.width}; ${linksNow}`;
    case 'back': return `Links back: each link is offered the other way, a full node chooses again; ${linksNow}`;
    case 'tree': return `A tree from the entry reaches every node; where none led, a link was added; ${linksNow}`;
  }
}

/** Links that came and went in a state, among the nodes followed. */
export function changes({ links: { rows } }: Look, state: number) {
  let made = 0, cut = 0;
  for (let i = 0; i < rows.length; i += 5) {
    if (rows[i + 3] === state) made++;
    if (rows[i + 4] === state) cut++;
  }
  return { made, cut };
}

const shareWords = ({ n }: Look, ndis: number) => `${ndis < n / 1000 ? 'less than 0.1\u202f%' : percent(ndis / n)} of ${count(n)}`;

export function caption({ look, lit, iteration }: Pick<LookProps<Look>, 'look' | 'lit' | 'iteration'>): string {
  const frame = frameAt(look, lit, iteration);
  if (look.n < 2) return `A graph of ${plural(look.n, 'node')} has no links`;
  return frame.kind === 'build' ? buildCaption(look, frame.state) : searchCaption(look, frame);
}

function buildCaption({ states, n, over }: Look, state: number): string {
  const now = states[state], things = over === 'lists' ? 'centroids' : 'vectors';
  if (now?.step === 'round') return `Round ${count(now.count)} over all ${count(n)} ${things}: the ${measure(now.degree)} nearest known neighbours of each are drawn`;
  return now ? `${count(now.done)} of ${count(n)} ${things} in the graph, ${measure(now.degree)} links a node on the lowest layer` : '';
}

function searchCaption(look: Look, frame: SearchFrame): string {
  const { given, truth, ef } = look.walk, sought = truth.ids.length, found = foundAt(look, frame), have = truth.ids.filter((id) => found.has(id)).length;
  const things = look.over === 'lists' ? 'nearest lists' : 'true neighbours', ndis = frame.ended ? look.walk.ndis : comparedAfter(look, frame.shown);
  const so = frame.ended ? `${have} of ${sought} ${things} among the ${count(given.length)} ${look.over === 'lists' ? 'probed' : 'returned'}` : `${have} of ${sought} ${things} in the list so far`;
  return `${so}; ${plural(ndis, 'distance')} computed, ${shareWords(look, ndis)}; a list of ${count(ef)}`;
}
