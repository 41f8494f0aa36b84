/** What the layers of a graph are drawn from: a sample of its nodes and links as they came, the walk of the query, and every node
 *  that the walk met. Places are the same on all layers. */
import type { Metric } from '../../engine/factory/spec';
import type { BuildTrace } from '../../engine/build/trace';
import { transformOf } from '../../engine/factory/grammar';
import type { Growth, GrowthState } from '../../engine/structures/growth';
import { refuse } from '../../engine/refusal';
import { queryVector } from '../picture';
import type { QueryRef } from '../protocol';
import { loaded, ready } from '../session';
import type { Session } from '../session';
import type { LookAsk } from './index';
import { graphIn, groundOf, levelsOf, linksOf } from './layers-ground';
import type { Ground, Level } from './layers-ground';
import { hopCounts, walkOf } from './layers-walk';
import type { HopCounts, Walk } from './layers-walk';

export type { Level, Walk };

export type LayersLook = {
  graph: 'HNSW' | 'NSG';
  factory: string; metric: Metric;
  /** What its nodes are: base vectors, or lists. */
  over: 'vectors' | 'lists';
  /** Codes that distances are to; null where vectors are compared as they are. */
  coded: string | null;
  /** Transforms that vectors have been through when they are compared, as the string writes them; '' for none. */
  after: string;
  /** The parameter that sets how many nodes a walk keeps; null where none does. */
  breadth: string | null;
  n: number; d: number;
  /** M of an HNSW, R of an NSG. */
  width: number;
  entry: number;
  levels: Level[];
  plane: Ground['plane'];
  window: Ground['window'];
  ref: QueryRef;
  query: { x: number; y: number };
  nodes: DrawnNodes;
  links: DrawnLinks;
  states: GrowthState[];
  walk: Walk;
  hopCounts: HopCounts;
  selected: Selected | null;
};

/** First those sampled: those whose links are drawn, then those without, either in order of insertion; then the others that the walk met or
 *  that are looked at. */
export type DrawnNodes = {
  linked: number;
  sampled: number;
  ids: Int32Array;     // (s)
  at: Float32Array;    // (s, 2)
  levels: Uint8Array;  // (s) layers it stands on
  degree: Uint16Array; // (s) links on the lowest
  born: Int32Array;    // (sampled) state it was inserted in
  words: string[] | null; // (s) where vectors are words
};

/** Links between the first nodes, while they stood. */
export type DrawnLinks = {
  rows: Int32Array;      // (m, 5) from, to: places among the nodes; level; first state; first state without it, −1 where it stands
  lengths: Float32Array; // (m) true distance between its ends
  /** Of those that stand, the 5th, 50th and 95th of 100. */
  quantiles: [low: number, middle: number, high: number];
};

/** All links of the node that is looked at closely: to places among the nodes. */
export type Selected = { place: number; to: Int32Array; level: Uint8Array; lengths: Float32Array };

export async function layers(session: Session, { query, k, params, selected }: LookAsk): Promise<LayersLook> {
  const set = loaded(session), { index, factory, trace } = ready(session), growth = growthIn(trace);
  if (!graphIn(index) || !growth) return refuse('This index has no graph.');
  const ground = await groundOf(session), { graph, cells, levels, plane, window } = ground, vector = queryVector(session, set, query);
  const walk = walkOf(session, ground, vector, k, params), node = cells ? null : selected, near = node === null ? null : linksOfAll(ground, node);
  const ids = idsOf(growth, graph.entry, walk, near && node !== null ? [node, ...near.ids] : []), placeOf = new Map(Array.from(ids, (id, place) => [id, place]));
  const [x, y] = ground.placeOf(vector);
  return {
    graph: graph.kind, factory, metric: graph.metric, over: cells ? 'lists' : 'vectors', coded: codeName(ground), after: ground.chain.map(({ spec }) => transformOf(spec).write(spec)).join(','), breadth: breadthOf(ground), n: graph.n, d: graph.d,
    width: graph.kind === 'NSG' ? graph.R : graph.M, entry: graph.entry, levels, plane, window, ref: query, query: { x, y },
    nodes: nodesOf(session, ground, growth, ids), links: linksBetween(ground, growth), states: growth.states,
    walk, hopCounts: hopCounts(session, k, params, walk.ef),
    selected: near && { place: placeOf.get(node ?? -1) ?? 0, to: Int32Array.from(near.ids, (id) => placeOf.get(id) ?? 0), level: near.level, lengths: near.lengths },
  };
}

/** Of the graph over the vectors or, wherever one is, over the centroids. */
const growthIn = ({ graph, over }: BuildTrace): Growth | undefined => graph?.growth ?? (over && growthIn(over));

const codeName = ({ graph: { storage } }: Ground) => (storage.kind === 'Flat' ? null : storage.codec.kind === 'SQ' ? storage.codec.qtype : storage.codec.kind);

/** The search_L of an NSG over centroids has no name. */
function breadthOf({ graph, passed }: Ground): string | null {
  if (graph.kind === 'NSG') return passed.length ? null : 'search_L';
  return `${'quantizer_'.repeat(passed.length)}efSearch`;
}

/** The sample, then whatever else is drawn, once each. */
function idsOf(growth: Growth, entry: number, walk: Walk, near: number[]): Int32Array {
  const all = new Set([...growth.ids, ...growth.more.ids]), add = (ids: Iterable<number>) => { for (const id of ids) all.add(id); };
  add([entry]);
  for (const hop of walk.hops) { all.add(hop.node); add(hop.met.ids); }
  add(walk.given);
  add(walk.truth.ids);
  add(near);
  return Int32Array.from(all);
}

function nodesOf(session: Session, { graph, cells, at }: Ground, growth: Growth, ids: Int32Array): DrawnNodes {
  const { source } = loaded(session), words = !cells && graph.n > 0 && source.baseLabel(0).kind === 'word';
  const places = new Float32Array(ids.length * 2);
  ids.forEach((id, i) => { places[2 * i] = at[3 * id] ?? 0; places[2 * i + 1] = at[3 * id + 1] ?? 0; });
  return {
    linked: growth.ids.length, sampled: growth.ids.length + growth.more.ids.length, ids, at: places, levels: Uint8Array.from(ids, (id) => levelsOf(graph, id)), degree: Uint16Array.from(ids, (id) => linksOf(graph, id, 0).length), born: Int32Array.from([...growth.born, ...growth.more.born]),
    words: words ? Array.from(ids, (id) => source.baseLabel(id).text ?? '') : null,
  };
}

type Near = { ids: number[]; level: Uint8Array; lengths: Float32Array };

function linksOfAll({ graph, row }: Ground, id: number): Near | null {
  if (id < 0 || id >= graph.n) return null;
  const near = Array.from({ length: levelsOf(graph, id) }, (_, level) => Array.from(linksOf(graph, id, level), (to) => ({ to, level }))).flat(), own = row(id).slice();
  return { ids: near.map(({ to }) => to), level: Uint8Array.from(near, ({ level }) => level), lengths: Float32Array.from(near, ({ to }) => distance(own, row(to))) };
}

const known = new WeakMap<Growth, DrawnLinks>();

function linksBetween({ row }: Ground, growth: Growth): DrawnLinks {
  const found = known.get(growth);
  if (found) return found;
  const { ids, links } = growth, rows = Array.from(ids, (id) => row(id).slice()), none = new Float32Array(0);
  const lengths = Float32Array.from({ length: links.length / 5 }, (_, i) => distance(rows[links[5 * i] ?? 0] ?? none, rows[links[5 * i + 1] ?? 0] ?? none));
  const standing = lengths.filter((_, i) => links[5 * i + 4] === -1).sort(), at = (share: number) => standing[Math.floor(share * (standing.length - 1))] ?? 0;
  const drawn: DrawnLinks = { rows: links, lengths, quantiles: [at(0.05), at(0.5), at(0.95)] };
  known.set(growth, drawn);
  return drawn;
}

/** Between two vectors, by any metric: what is drawn is a length. */
function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += ((a[j] ?? 0) - (b[j] ?? 0)) ** 2;
  return Math.sqrt(sum);
}
