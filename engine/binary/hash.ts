/** Hash tables on runs of bits: codes whose runs are equal share a bucket. Several runs make a multi-index hash: by the pigeonhole
 *  principle codes that differ in fewer than m·(f + 1) bits have, in one of m runs that cover them, at most f that differ
 *  (Norouzi, Punjani & Fleet, CVPR 2012). Knows runs and buckets; not what is done with their ids. */
import type { Arena } from '../memory';
import { takeI32, takeU32 } from '../memory';
import type { HashTable } from './types';

/** A run of up to 64 bits, as two words. */
export type Run = { low: number; high: number };

/** Bits [from, from + nbits) of a code, the first lowest. */
export function runOf(code: Uint8Array, from: number, nbits: number): Run {
  let low = 0, high = 0;
  for (let b = 0; b < nbits; b++) {
    const bit = ((code[(from + b) >> 3] ?? 0) >> ((from + b) & 7)) & 1;
    if (b < 32) low |= bit << b; else high |= bit << (b - 32);
  }
  return { low: low >>> 0, high: high >>> 0 };
}

/** Multiplicative hashing by odd constants near 2³²/φ; the high bits decide. */
const slotOf = ({ low, high }: Run, slots: number) => (Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> 0) >>> (Math.clz32(slots) + 1);

/** The bucket of a run, or −1. */
export function bucketOf({ keys, slots }: HashTable, run: Run): number {
  for (let slot = slotOf(run, slots.length); ; slot = (slot + 1) & (slots.length - 1)) {
    const bucket = slots[slot] ?? -1;
    if (bucket < 0 || (keys[2 * bucket] === run.low && keys[2 * bucket + 1] === run.high)) return bucket;
  }
}

/** The buckets of all codes (n, codeSize); they are numbered in order of their first id. */
export function makeTable(arena: Arena, codes: Uint8Array, codeSize: number, from: number, nbits: number): HashTable {
  const n = codes.length / codeSize, found = new Int32Array(n), keys = new Uint32Array(2 * n), sizes = new Uint32Array(n);
  const room: HashTable = { from, keys, slots: new Int32Array(slotsFor(n)).fill(-1), offsets: sizes, ids: found };
  let buckets = 0;
  for (let id = 0; id < n; id++) {
    const run = runOf(codes.subarray(id * codeSize, (id + 1) * codeSize), from, nbits);
    let bucket = bucketOf(room, run);
    if (bucket < 0) put(room, run, bucket = buckets++);
    found[id] = bucket;
    sizes[bucket] = (sizes[bucket] ?? 0) + 1;
  }
  return settle(arena, room, buckets);
}

const slotsFor = (buckets: number) => 2 ** Math.ceil(Math.log2(2 * Math.max(2, buckets)));

function put({ keys, slots }: HashTable, run: Run, bucket: number): void {
  let slot = slotOf(run, slots.length);
  while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1);
  slots[slot] = bucket;
  keys.set([run.low, run.high], 2 * bucket);
}

/** The table as it is kept: as large as its buckets ask for. In `room`, `offsets` are sizes and `ids` the bucket of each id. */
function settle(arena: Arena, room: HashTable, buckets: number): HashTable {
  const n = room.ids.length, table: HashTable = {
    from: room.from, keys: takeU32(arena, 2 * buckets, 'the buckets').subarray(0, 2 * buckets), slots: takeI32(arena, slotsFor(buckets), 'the buckets').fill(-1),
    offsets: takeU32(arena, buckets + 1, 'the buckets').fill(0), ids: takeI32(arena, n, 'the ids'),
  };
  for (let b = 0; b < buckets; b++) {
    put(table, { low: room.keys[2 * b] ?? 0, high: room.keys[2 * b + 1] ?? 0 }, b);
    table.offsets[b + 1] = (table.offsets[b] ?? 0) + (room.offsets[b] ?? 0);
  }
  const next = table.offsets.slice();
  room.ids.forEach((b, id) => {
    const at = next[b] ?? 0;
    next[b] = at + 1;
    table.ids[at] = id;
  });
  return table;
}

/** Calls `use` with every bucket whose run differs from `run` in at most `flips` of nbits bits. Looks runs up one by one, or through
 *  all buckets where those are fewer. */
export function bucketsNear(table: HashTable, run: Run, nbits: number, flips: number, use: (bucket: number) => void): void {
  const buckets = table.offsets.length - 1;
  if (runsWithin(nbits, flips) > buckets) {
    for (let b = 0; b < buckets; b++) if (ones((table.keys[2 * b] ?? 0) ^ run.low) + ones((table.keys[2 * b + 1] ?? 0) ^ run.high) <= flips) use(b);
    return;
  }
  const visit = ({ low, high }: Run, first: number, left: number): void => {
    const bucket = bucketOf(table, { low, high });
    if (bucket >= 0) use(bucket);
    if (left === 0) return;
    for (let b = first; b < nbits; b++) visit(b < 32 ? { low: (low ^ (1 << b)) >>> 0, high } : { low, high: (high ^ (1 << (b - 32))) >>> 0 }, b + 1, left - 1);
  };
  visit(run, 0, flips);
}

/** How many runs differ from one in at most `flips` of nbits bits. */
export function runsWithin(nbits: number, flips: number): number {
  let sum = 0, choose = 1;
  for (let i = 0; i <= Math.min(flips, nbits); i++) {
    sum += choose;
    choose = (choose * (nbits - i)) / (i + 1);
  }
  return sum;
}

function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555), fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
