/** `ZnLattice`: each part of a vector by its length, in even steps, and by the integer point of squared length r2 that lies most nearly
 *  along it (Sablayrolles, Douze, Schmid & Jégou, ICLR 2019). Faiss cannot save such an index, so that the points are numbered here
 *  in an order of our own. Knows lengths and points; not the metric of the vectors, which is L2. */
import type { CodecOf as SpecOf } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, take, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { refuse } from '../refusal';
import { scratch } from '../thread';
import type { CodecOf, CodecOps } from './codec';

export type ZnLattice = CodecOf<'ZnLattice'>;

/** So many points are written out; of more, each is made from its number. */
const WRITTEN = 65536;
const MOST_ATOMS = 100_000;
/** Measured at a time: they stay in the second-level cache while each of their parts is. */
const LENGTH_ROWS = 256;
/** Decoded at a time: with their distances they stay in the first-level cache. */
const ROWS = 32;

export async function trainLattice(engine: Engine, arena: Arena, { M, r2, nbits }: SpecOf<'ZnLattice'>, { x, n, d }: { x: number; n: number; d: number }): Promise<ZnLattice> {
  const dsub = d / M;
  if (!Number.isInteger(dsub) || dsub < 2) refuse(`ZnLattice cuts vectors into parts of at least two components: ${d} is no multiple of ${M} that large.`);
  if (r2 < 1) refuse('The only integer point of length 0 is the origin, which has no direction. A greater r2 would do.');
  if (nbits > 24) refuse(`ZnLattice keeps lengths in at most 24 bits here, and ${nbits} are asked for.`);
  const counts = countPoints(arena, dsub, r2), all = counts[dsub * (r2 + 1) + r2] ?? 0n, pointBits = all <= 1n ? 0 : (all - 1n).toString(2).length;
  const atoms = atomsOf(r2, dsub);
  if (atoms.length === 0) refuse(`No integer point of ${dsub} components has the squared length ${r2}.`);
  const kept = takeF32(arena, atoms.length * dsub, 'the lattice points'), ranges = takeF32(arena, 2 * M), points = takeF32(arena, all <= BigInt(WRITTEN) ? Number(all) * dsub : 0, 'the lattice points');
  atoms.forEach((atom, i) => kept.set(atom, i * dsub));
  engine.own.build.latticePoints(0n, points.length / dsub, dsub, r2, counts.byteOffset, 1 / Math.sqrt(r2), points.byteOffset);
  lengths(engine, x, n, d, ranges);
  return { kind: 'ZnLattice', d, M, r2, nbits, pointBits, codeSize: Math.ceil((M * (nbits + pointBits)) / 8), ranges, atoms: kept, counts, points };
}

/** counts (dsub + 1, r2 + 1): integer points of each squared length in 0 … dsub components. */
function countPoints(arena: Arena, dsub: number, r2: number): BigUint64Array {
  const size = (dsub + 1) * (r2 + 1), counts = new BigUint64Array(arena.memory.memory.buffer, take(arena, size * 8, 'the lattice points'), size).fill(0n);
  counts[0] = 1n;
  for (let k = 1; k <= dsub; k++) for (let r = 0; r <= r2; r++) {
    let sum = 0n;
    for (let v = 0; v * v <= r; v++) sum += (v ? 2n : 1n) * (counts[(k - 1) * (r2 + 1) + r - v * v] ?? 0n);
    counts[k * (r2 + 1) + r] = sum;
  }
  return counts;
}

/** All ways to write r2 as a sum of `left` squares, in descending order. */
function atomsOf(r2: number, dsub: number): number[][] {
  const found: number[][] = [];
  const extend = (atom: number[], left: number, most: number) => {
    if (atom.length === dsub) {
      if (left === 0) found.push(atom);
      if (found.length > MOST_ATOMS) refuse(`There are more than ${MOST_ATOMS} kinds of points of squared length ${r2}. A smaller r2 would do.`);
      return;
    }
    for (let v = Math.min(most, Math.floor(Math.sqrt(left))); v >= 0 && v * v * (dsub - atom.length) >= left; v--) extend([...atom, v], left - v * v, v);
  };
  extend([], r2, r2);
  return found;
}

/** ranges (2, M): the least and the greatest length of each part of n vectors at x. */
function lengths(engine: Engine, x: number, n: number, d: number, ranges: Float32Array): void {
  const room = openArena(engine.memory), M = ranges.length / 2, dsub = d / M;
  try {
    const norms = takeF32(room, LENGTH_ROWS);
    ranges.fill(Infinity, 0, M).fill(0, M);
    for (let from = 0; from < n; from += LENGTH_ROWS) for (let m = 0; m < M; m++) {
      const rows = Math.min(LENGTH_ROWS, n - from);
      engine.own.build.normsSqr(x + (from * d + m * dsub) * 4, d, rows, dsub, norms.byteOffset);
      let least = ranges[m] ?? 0, most = ranges[M + m] ?? 0;
      for (let i = 0; i < rows; i++) {
        const v = norms[i] ?? 0;
        if (v < least) least = v;
        if (v > most) most = v;
      }
      ranges[m] = least;
      ranges[M + m] = most;
    }
    ranges.forEach((v, i) => { ranges[i] = Math.sqrt(v); });
  } finally {
    release(room);
  }
}

const partOf = ({ d, M }: ZnLattice) => d / M;

export const latticeOps: CodecOps<ZnLattice> = {
  pack: () => [],
  encode(thread, codec, _, x, n, codes) {
    const { M, r2, nbits, pointBits, ranges, atoms, counts, codeSize } = codec, dsub = partOf(codec), { top } = thread, room = scratch(thread, 12 * dsub);
    thread.build.latticeEncode(x, n, M, dsub, r2, nbits, pointBits, ranges.byteOffset, atoms.byteOffset, atoms.length / dsub, counts.byteOffset, codes, codeSize, room);
    thread.top = top;
  },
  encodeScratch: (codec) => 12 * partOf(codec) + 64,
  decode(thread, codec, codes, n, out) {
    const { M, r2, nbits, pointBits, ranges, counts, points, codeSize } = codec;
    thread.search.latticeDecode(codes, n, M, partOf(codec), r2, nbits, pointBits, ranges.byteOffset, counts.byteOffset, points.length ? points.byteOffset : 0, codeSize, out);
  },
  probeBytes: ({ d }) => ROWS * d * 4,
  aim: () => {},
  distances(thread, { codec, query, at }, codes, n, base, out) {
    for (let i = 0; i < n; i += ROWS) {
      const rows = Math.min(ROWS, n - i);
      latticeOps.decode(thread, codec, codes + i * codec.codeSize, rows, at);
      thread.search.l2ToMany(query, at, rows, codec.d, out + i * 4);
    }
    if (base === 0) return;
    const values = new Float32Array(thread.buffer, out, n);
    values.forEach((v, i) => { values[i] = v + base; });
  },
};
