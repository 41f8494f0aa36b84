/** Numbers for the rows of 8-bit codebooks, so that the bits in which two codes differ tell how far they are: Douze, Jégou & Perronnin,
 *  Polysemous codes, ECCV 2016. Distances stay what they are; a search may pass over codes that differ in too many bits. Knows
 *  codebooks; not where codes lie. */
import { openArena, release, take, takeF32, takeU32, takeU8 } from '../memory';
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { mt19937 } from '../random';
import type { Thread } from '../thread';
import { patiently } from '../transforms/steps';
import type { Steps } from '../transforms/steps';
import type { PQ } from './pq';

/** As Faiss anneals. */
const SEED = 123, RUNS = 2, ROUNDS = 500_000, HOT = 0.7, DECAY = 0.9997893011688015 /* 0.9^(1/500) */;
/** Rounds between two looks at a cancel: about 40 ms. */
const STRETCH = 100_000;
const DRAWS = 3; // of a round, at most

export type AnnealArgs = { n: number; weights: number; targets: number; perm: number; draws: number; state: number; rounds: number };

const STATE = 16;

export function annealBlock(thread: Thread, { n, weights, targets, perm, draws, state, rounds }: AnnealArgs, m: number): void {
  thread.build.anneal(weights + m * n * n * 4, targets + m * n * n * 4, n, perm + m * n, draws, state + m * STATE, DECAY, rounds);
}

/** (M, ksub): the new number of each row, by which near rows differ in few bits. */
export async function learnOrder(engine: Engine, pq: PQ): Promise<Uint8Array> {
  const { M, ksub: n } = pq, room = openArena(engine.memory), stage = 'order codes by bits';
  try {
    const weights = takeF32(room, M * n * n, stage), targets = takeF32(room, M * n * n, stage), perm = takeU8(room, M * n);
    const wanted: Float64Array[] = [], draws = drawn(room), state = take(room, M * STATE);
    await patiently(engine, eachPart(M, (m) => {
      const bits = wantedBits(pq, m);
      wanted.push(bits);
      bits.forEach((t, i) => {
        const weight = halved(t);
        weights[m * n * n + i] = weight;
        targets[m * n * n + i] = 2 * weight * t;
      });
    }));
    const best = new Uint8Array(M * n), least = new Float64Array(M).fill(Infinity), view = new DataView(engine.memory.memory.buffer);
    for (let m = 0; m < M; m++) view.setUint32(state + m * STATE + 8, 0, true);
    for (let r = 0; r < RUNS; r++) {
      for (let m = 0; m < M; m++) view.setFloat64(state + m * STATE, HOT, true);
      perm.forEach((_, i) => { perm[i] = i % n; });
      for (let done = 0; done < ROUNDS; done += STRETCH) {
        engine.report(stage, r * ROUNDS + done, RUNS * ROUNDS);
        await run(engine, 'anneal', { n, weights: weights.byteOffset, targets: targets.byteOffset, perm: perm.byteOffset, draws: draws.byteOffset, state, rounds: STRETCH }, M);
      }
      await patiently(engine, eachPart(M, (m) => {
        const order = perm.subarray(m * n, (m + 1) * n), cost = costOf(wanted[m] ?? new Float64Array(0), order);
        if (cost >= (least[m] ?? 0)) return;
        least[m] = cost;
        best.set(order, m * n);
      }));
    }
    return best;
  } finally {
    release(room);
  }
}

/** One part after the other, with a pause between them. */
function* eachPart(M: number, step: (m: number) => void): Steps<void> {
  for (let m = 0; m < M; m++) {
    step(m);
    yield;
  }
}

function drawn(arena: Arena): Uint32Array {
  const draws = takeU32(arena, RUNS * ROUNDS * DRAWS, 'random draws'), random = mt19937(SEED);
  for (let i = 0; i < draws.length; i++) draws[i] = random();
  return draws;
}

/** (ksub, ksub): in how many bits two rows of part m should differ. Squared distances are brought to the mean and spread that the bits of
 *  random codes have, but for the rounding of Faiss: nbits/2 and √(nbits/4) of whole numbers. */
function wantedBits({ ksub: n, nbits, dsub, centroids }: PQ, m: number): Float64Array {
  const rows = centroids.subarray(m * n * dsub, (m + 1) * n * dsub), d = new Float64Array(n * n);
  let sum = 0, square = 0;
  d.forEach((_, at) => {
    const i = Math.floor(at / n), j = at % n;
    let s = 0;
    for (let c = 0; c < dsub; c++) s += ((rows[i * dsub + c] ?? 0) - (rows[j * dsub + c] ?? 0)) ** 2;
    d[at] = Math.fround(s);
    sum += Math.fround(s);
    square += Math.fround(s) ** 2;
  });
  const mean = sum / (n * n), spread = Math.sqrt(square / (n * n) - mean * mean) || 1, scale = Math.sqrt(Math.floor(nbits / 4)) / spread, middle = Math.floor(nbits / 2);
  return d.map((v) => (v - mean) * scale + middle);
}

const LN2 = 0.6931471805599453;

/** 2^−x, by additions and products alone, so that every machine has the same bits: small distances weigh most. */
function halved(x: number): number {
  const whole = Math.floor(x), u = -(x - whole) * LN2;
  let sum = 0, term = 1;
  for (let i = 1; i <= 20; i++) {
    sum += term;
    term *= u / i;
  }
  return sum * 2 ** -whole;
}

function costOf(wanted: Float64Array, order: Uint8Array): number {
  const n = order.length;
  return wanted.reduce((cost, t, at) => cost + halved(t) * (t - bitsBetween(order[Math.floor(at / n)] ?? 0, order[at % n] ?? 0)) ** 2, 0);
}

const ONES = Uint8Array.from({ length: 256 }, (_, v) => [...v.toString(2)].filter((bit) => bit === '1').length);
const bitsBetween = (a: number, b: number) => ONES[a ^ b] ?? 0;

/** Whether `ht` filters codes of this kind: Faiss does so where bytes are codes, and not from 8·M bits on. */
export const filters = (pq: PQ, ht: number | undefined): ht is number => ht !== undefined && pq.nbits === 8 && ht < 8 * pq.M;
