import type { SliceAnswer, Window2 } from '@/workers/protocol';

/** For tests: numbers by seed, and slices of sites (x, y, height) painted by comparing every pixel with every site. */

export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** (n, 3): uniform in a square of the given side, at heights up to `height`. */
export function scatter(n: number, seed: number, side = 10, height = 0): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: 3 * n }, (_, i) => (i % 3 === 2 ? height * random() : side * random()));
}

export function paintSlice(sites: Float32Array, window: Window2, width: number, height: number): SliceAnswer {
  const cells = Int32Array.from({ length: width * height }, (_, i) => {
    const x = window.x0 + (((i % width) + 0.5) / width) * (window.x1 - window.x0);
    const y = window.y0 + ((Math.floor(i / width) + 0.5) / height) * (window.y1 - window.y0);
    return ownerOf(sites, x, y);
  });
  return { cells, width, height, window, ms: 0 };
}

export function ownerOf(sites: Float32Array, x: number, y: number): number {
  let [owner, least] = [-1, Infinity];
  for (let s = 0; s < sites.length / 3; s++) {
    const away = ((sites[3 * s] ?? 0) - x) ** 2 + ((sites[3 * s + 1] ?? 0) - y) ** 2 + (sites[3 * s + 2] ?? 0) ** 2;
    if (away < least) [owner, least] = [s, away];
  }
  return owner;
}
