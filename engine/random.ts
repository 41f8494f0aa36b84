/** A stream of 32-bit draws, uniform on 0 … 2³² − 1. Handed in wherever chance is needed; nothing else is random. */
export type Random = () => number;

/** mulberry32: 32 bits of state, so a stream repeats after 2³² draws and draw i can be told from seed and i alone.
 *  Serves the generated data sets. */
export function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** mt19937 seeded with the low 32 bits: the generator behind every stream of Faiss, so that a default run starts from the
 *  same samples, first centroids and graph levels (Matsumoto & Nishimura 1998). */
export function mt19937(seed: number): Random {
  const N = 624, M = 397;
  const state = new Uint32Array(N);
  state[0] = seed >>> 0;
  for (let i = 1; i < N; i++) {
    const s = (state[i - 1] ?? 0) ^ ((state[i - 1] ?? 0) >>> 30);
    state[i] = Math.imul(s, 1812433253) + i;
  }
  let at = N;
  const refill = () => {
    for (let i = 0; i < N; i++) {
      const y = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % N] ?? 0) & 0x7fffffff);
      state[i] = (state[(i + M) % N] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    at = 0;
  };
  return () => {
    if (at >= N) refill();
    let y = state[at++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

/** Uniform in [0, 1] as Faiss draws it: float32 of draw / 2³². */
export const uniformFloat = (random: Random) => Math.fround(Math.fround(random()) / 4294967296);

/** The first `take` entries of Faiss's permutation of 0 … n−1: Fisher–Yates from the front, one draw a place. */
export function permutation(n: number, seed: number, take = n): Int32Array {
  const random = mt19937(seed);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < Math.min(take, n - 1); i++) {
    const j = i + (random() % (n - i));
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
  return order.subarray(0, take);
}

const SEED_STEP = 7919; // far from the differences between Faiss's own seeds (1234, 1235, 12345, 789 …)

/** One of Faiss's seeds, moved: seed 0 leaves all of them as they are. */
export const shifted = (faissSeed: number, seed: number) => faissSeed + SEED_STEP * seed;

/** n normal deviates in Faiss's order: up to 1024 blocks, each with a generator of its own and Marsaglia's polar pairs. */
export function gaussians(n: number, seed: number): Float32Array {
  const blocks = n < 1024 ? 1 : 1024;
  const first = mt19937(seed);
  const a0 = first() & 0x7fffffff, b0 = first() & 0x7fffffff;
  const out = new Float32Array(n);
  for (let j = 0; j < blocks; j++) {
    // a0 + j·b0 passes 2³² but stays below 2⁵³; mt19937 takes its low 32 bits.
    gaussianBlock(out.subarray(Math.floor((j * n) / blocks), Math.floor(((j + 1) * n) / blocks)), mt19937((a0 + j * b0) % 4294967296));
  }
  return out;
}

function gaussianBlock(out: Float32Array, random: Random): void {
  const uniform = () => random() / 4294967295;
  for (let i = 0; i < out.length; i += 2) {
    let a = 0, b = 0, s = 0;
    do {
      a = 2 * uniform() - 1;
      b = 2 * uniform() - 1;
      s = a * a + b * b;
    } while (s >= 1);
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    out[i] = a * scale;
    if (i + 1 < out.length) out[i + 1] = b * scale;
  }
}

const LOW64 = 2n ** 64n - 1n;

/** SplitMix64 (Steele, Lea & Flood 2014): the generator behind the signs of Faiss's Hadamard rotation. */
export function splitMix64(seed: number): () => bigint {
  let state = BigInt(seed >>> 0);
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & LOW64;
    let mixed = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & LOW64;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & LOW64;
    return mixed ^ (mixed >> 31n);
  };
}
