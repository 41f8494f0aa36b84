/** The kernels of level by level comparison once more in plain TypeScript: what they mean, and what the tests hold them to. */

const square = (x: Float32Array) => x.reduce((sum, v) => sum + v * v, 0);

/** ‖x from level l on‖ for each level of `width` components, and 0. */
export const panoramaTails = (x: Float32Array, width: number): number[] =>
  Array.from({ length: Math.ceil(x.length / width) + 1 }, (_, l) => Math.sqrt(square(x.subarray(l * width))));

/** Levels that have to be computed before the distance of q to x is known to be more than `farthest`; all of them where it is not. */
export function panoramaLevels(q: Float32Array, x: Float32Array, width: number, ip: boolean, farthest: number): number {
  const a = panoramaTails(q, width), b = panoramaTails(x, width), levels = a.length - 1;
  for (let l = 1, sum = 0; l <= levels; l++) {
    for (let j = (l - 1) * width; j < Math.min(q.length, l * width); j++) sum += ip ? -(q[j] ?? 0) * (x[j] ?? 0) : ((q[j] ?? 0) - (x[j] ?? 0)) ** 2;
    const [p = 0, r = 0] = [a[l], b[l]];
    if (sum + (ip ? -p * r : (p - r) ** 2) > farthest) return l;
  }
  return levels;
}
