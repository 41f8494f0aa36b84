/** How a graph grew: a sample of its nodes, and the links between them as they came and went while it was built. Bounded in size
 *  whatever the graph, and only looked at: building does not know that it is watched. */
import type { HnswIndex } from '../types';

export type Growth = {
  n: number;
  /** Nodes sampled, in order of insertion, and on how many levels each stands: (s). */
  ids: Int32Array;
  levels: Uint8Array;
  /** First state that each is in: (s). */
  born: Int32Array;
  /** (m, 5): from and to as places in `ids`, level, first state with the link, first state without it or −1. */
  links: Int32Array;
  states: GrowthState[];
  /** Further nodes, whose links are not followed: as `ids`, `levels` and `born`. */
  more: { ids: Int32Array; levels: Uint8Array; born: Int32Array };
};

/** What was just done: the first node or a batch inserted; a round of NN-descent, links chosen, links back, a tree grown. */
export type GrowthState = {
  step: 'first' | 'batch' | 'round' | 'chosen' | 'back' | 'tree';
  /** Nodes of the graph so far, and steps of this kind so far. */
  done: number; count: number;
  /** Of the last batch. */
  level: number; size: number;
  /** Mean links, to any node, of the sampled nodes on the lowest level. */
  degree: number;
};

export type GraphTrace = { growth?: Growth };

/** Nodes whose links are followed: at least, where there are as many, and at most; links among them, about; states told apart; and nodes
 *  that a record names in all, about. */
const FEW_NODES = 400, MOST_NODES = 1200, MOST_LINKS = 16_000, MOST_STATES = 40, MOST_NAMED = 6000;

/** What is known of a graph while it is built: its links on a level, free slots −1 at the end. */
export type Slots = (id: number, level: number) => Int32Array;

/** `order`: nodes as they are inserted, those of the highest level first; `width` links a node on the lowest level. */
export type Growing = { order: Int32Array; levels: Uint8Array; width: number; slots: Slots };

/** Slots of a node of an HNSW on a level: 2M on the lowest, M above. */
export function slotsOfLevel({ M, offsets, links }: Pick<HnswIndex, 'M' | 'offsets' | 'links'>, id: number, level: number): Int32Array {
  const first = (offsets[id] ?? 0) + (level ? (level + 1) * M : 0);
  return links.subarray(first, first + (level ? M : 2 * M));
}

export type GrowthWatch = {
  growth: () => Growth;
  /** Whether a state after so many nodes would be kept. */
  due: (done: number) => boolean;
  note: (state: Omit<GrowthState, 'degree'>) => void;
};

export function watchGrowth({ order, levels, width, slots }: Growing): GrowthWatch {
  const n = order.length, at = sampled(order, levels, Math.min(n, MOST_NODES, Math.max(FEW_NODES, Math.ceil(Math.sqrt((MOST_LINKS * n) / width)))));
  const ids = Int32Array.from(at, (place) => order[place] ?? 0), placeOf = new Int32Array(n).fill(-1), born = new Int32Array(ids.length).fill(-1);
  ids.forEach((id, i) => { placeOf[id] = i; });
  const states: GrowthState[] = [], links: number[] = [], alive = new Map<number, number>(), ratio = n ** (1 / MOST_STATES);
  let next = 1, inserted = 0;

  /** Links as they are now: those that are new begin in this state, those that are gone end in it. */
  function compare(state: number): number {
    const held = new Set<number>();
    let degree = 0;
    for (let from = 0; from < inserted; from++) {
      const id = ids[from] ?? 0, count = levels[id] ?? 1;
      for (let level = 0; level < count; level++) {
        for (const target of slots(id, level)) {
          if (target < 0) break;
          if (level === 0) degree++;
          const to = placeOf[target] ?? -1, key = (level * ids.length + from) * ids.length + to;
          if (to < 0) continue;
          held.add(key);
          if (!alive.has(key)) { alive.set(key, links.length); links.push(from, to, level, state, -1); }
        }
      }
    }
    for (const [key, link] of alive) if (!held.has(key)) { links[link + 4] = state; alive.delete(key); }
    return inserted ? degree / inserted : 0;
  }

  const levelsOf = (some: Int32Array) => Uint8Array.from(some, (id) => levels[id] ?? 1);
  function more(): Growth['more'] {
    const others = sampled(order, levels, Math.min(n, MOST_NAMED)).filter((place) => placeOf[order[place] ?? 0] === -1), named = Int32Array.from(others, (place) => order[place] ?? 0);
    return { ids: named, levels: levelsOf(named), born: Int32Array.from(others, (place) => states.findIndex(({ done }) => done > place)) };
  }

  return {
    growth: () => ({ n, ids, levels: levelsOf(ids), born, links: Int32Array.from(links), states, more: more() }),
    due: (done) => done >= next || done === n,
    note(state) {
      next = Math.max(state.done + 1, Math.ceil(state.done * ratio));
      while (inserted < at.length && (at[inserted] ?? 0) < state.done) born[inserted++] = states.length;
      states.push({ ...state, degree: compare(states.length) });
    },
  };
}

/** Places in the order: of each level from the top, all nodes or, evenly spaced, half of the room that is left. */
function sampled(order: Int32Array, levels: Uint8Array, most: number): number[] {
  const places: number[] = [];
  for (let from = 0; from < order.length;) {
    const level = levels[order[from] ?? 0];
    let end = from;
    while (end < order.length && levels[order[end] ?? 0] === level) end++;
    const left = most - places.length, room = Math.max(1, end === order.length ? left : Math.ceil(left / 2)), taken = Math.min(end - from, room);
    for (let i = 0; i < taken; i++) places.push(from + Math.floor((i * (end - from)) / taken));
    from = end;
  }
  return places;
}
