/** A second product code, of what the first of an IVF leaves: y ≈ y_C + y₁ + y₂. Candidates found with the first are re-ranked with
 *  both (Jégou, Tavenard, Douze & Amsaleg, ICASSP 2011). Knows lists and both codes; not how candidates are found. */
import { residuals } from '../dense';
import type { KMeansTrace } from '../kmeans';
import type { Arena } from '../memory';
import { openArena, release, takeF32, takeI32, takeU32, takeU8 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { encodeBlocks, encodeScratch, opsOf } from '../quantizers/codec';
import type { PQ } from '../quantizers/pq';
import { pqOps, trainPq } from '../quantizers/pq';
import { shifted } from '../random';
import type { Thread } from '../thread';
import { scratch, scratchI32 } from '../thread';
import type { IvfIndex, RefineCodes } from '../types';
import { assignToLists } from './coarse';

type Rows = { x: number; n: number };
export type RefineCodesOptions = { M: number; seed: number; stage: string; trace?: KMeansTrace };

/** Trains on what the first code leaves of `learn`, then codes what it leaves of `base`. */
export async function buildRefineCodes(engine: Engine, arena: Arena, ivf: IvfIndex, learn: Rows, base: Rows, { M, seed, stage, trace }: RefineCodesOptions): Promise<RefineCodes> {
  const first = firstOf(ivf), { d, n } = ivf, room = openArena(engine.memory);
  try {
    const left = await leftBy(engine, room, ivf, base), same = learn.x === base.x && learn.n === base.n;
    const trained = same ? left : await leftBy(engine, room, ivf, learn);
    const pq = await trainPq(engine, arena, { M, nbits: 8, d, n: learn.n, x: trained.byteOffset, seed: shifted(1234, seed), stage, trace });
    const codes = takeU8(arena, n * pq.codeSize, 'the second codes');
    await encode(engine, pq, { x: left.byteOffset, n, centroids: 0, list: 0, codes: codes.byteOffset });
    return { kind: 'RefineCodes', d, n, metric: ivf.metric, ivf, first, pq, codes, ...placesOf(arena, ivf) };
  } finally {
    release(room);
  }
}

function firstOf({ codec, byResidual }: IvfIndex): PQ {
  if (codec.kind !== 'PQ' || !byResidual) throw new Error(`firstOf: a PQ of residuals comes first, not ${codec.kind}`);
  return codec;
}

async function encode(engine: Engine, codec: PQ, args: { x: number; n: number; centroids: number; list: number; codes: number }): Promise<void> {
  const room = openArena(engine.memory);
  try {
    await run(engine, 'encode', { codec, packed: opsOf(codec).pack(engine, room, codec), place: 0, ...args }, encodeBlocks(codec, args.n), encodeScratch(codec), 'add: encode');
  } finally {
    release(room);
  }
}

/** (n, d): rows less their centroid and their first code. */
async function leftBy(engine: Engine, room: Arena, ivf: IvfIndex, { x, n }: Rows): Promise<Float32Array> {
  const { coarse, d } = ivf, first = firstOf(ivf), centroids = ivf.centroids.byteOffset;
  const left = takeF32(room, n * d, 'what the first code leaves'), list = takeI32(room, n), codes = takeU8(room, n * first.codeSize, 'the codes');
  await assignToLists(engine, coarse, ivf.centroids, { x, n }, list, 'add: assign to cells');
  await encode(engine, first, { x, n, centroids, list: list.byteOffset, codes: codes.byteOffset });
  await residuals(engine, { x, n, d, centroids, list: list.byteOffset, out: left.byteOffset });
  await run(engine, 'subtractDecoded', { pq: first, codes: codes.byteOffset, n, left: left.byteOffset }, Math.ceil(n / ROWS), ROWS * (d + 1) * 4 + 128);
  return left;
}

export type SubtractArgs = { pq: PQ; codes: number; n: number; left: number };
const ROWS = 256;

export function subtractDecodedBlock(thread: Thread, { pq, codes, n, left }: SubtractArgs, block: number): void {
  const from = block * ROWS, rows = Math.min(ROWS, n - from), at = left + from * pq.d * 4;
  const decoded = scratch(thread, rows * pq.d * 4), each = scratchI32(thread, rows);
  for (let i = 0; i < rows; i++) each[i] = i;
  pqOps.decode(thread, pq, codes + from * pq.codeSize, rows, decoded);
  thread.build.subtractRows(at, rows, pq.d, decoded, each.byteOffset, at);
}

/** Where each id stands: its list, and its place among the codes. */
function placesOf(arena: Arena, { n, nlist, offsets, ids }: IvfIndex): Pick<RefineCodes, 'listOf' | 'place'> {
  const listOf = takeI32(arena, n, 'the places'), place = takeU32(arena, n, 'the places');
  for (let list = 0; list < nlist; list++) {
    for (let i = offsets[list] ?? 0; i < (offsets[list + 1] ?? 0); i++) {
      listOf[ids[i] ?? 0] = list;
      place[ids[i] ?? 0] = i;
    }
  }
  return { listOf, place };
}

const CHUNK = 64;

/** out[i] = ‖query − (y_C + y₁ + y₂)‖² for n ids; out has room for whole groups of four. Scratch: refineCodesScratch. */
export function scoreRefineCodes(thread: Thread, { d, ivf, first, pq, codes, listOf, place }: RefineCodes, query: number, ids: Int32Array, n: number, out: number): void {
  const near = gather(thread, first.codeSize), far = gather(thread, pq.codeSize);
  const rows = new Float32Array(thread.buffer, scratch(thread, CHUNK * d * 4), CHUNK * d), rest = new Float32Array(thread.buffer, scratch(thread, CHUNK * d * 4), CHUNK * d);
  for (let from = 0; from < n; from += CHUNK) {
    const count = Math.min(CHUNK, n - from);
    for (let i = 0; i < count; i++) {
      const id = ids[from + i] ?? 0, at = (place[id] ?? 0) * first.codeSize;
      for (let j = 0; j < first.codeSize; j++) near[i * first.codeSize + j] = ivf.codes[at + j] ?? 0;
      for (let j = 0; j < pq.codeSize; j++) far[i * pq.codeSize + j] = codes[id * pq.codeSize + j] ?? 0;
    }
    pqOps.decode(thread, first, near.byteOffset, count, rows.byteOffset);
    pqOps.decode(thread, pq, far.byteOffset, count, rest.byteOffset);
    for (let i = 0; i < count; i++) {
      const c = (listOf[ids[from + i] ?? 0] ?? 0) * d;
      for (let j = 0; j < d; j++) rows[i * d + j] = (rows[i * d + j] ?? 0) + (rest[i * d + j] ?? 0) + (ivf.centroids[c + j] ?? 0);
    }
    thread.search.l2ToMany(query, rows.byteOffset, count, d, out + from * 4);
  }
}

const gather = (thread: Thread, codeSize: number) => new Uint8Array(thread.buffer, scratch(thread, CHUNK * codeSize), CHUNK * codeSize);

export const refineCodesScratch = ({ d, first, pq }: RefineCodes) => CHUNK * (2 * d * 4 + first.codeSize + pq.codeSize) + 256;
