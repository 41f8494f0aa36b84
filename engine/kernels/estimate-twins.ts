/** The kernels of RaBitQ and EDEN once more in plain TypeScript: what they mean, and what the tests hold them to. */

/** Number j of `nbits` bits each, end to end from bit 0 up. */
export function numberAt(code: Uint8Array, j: number, nbits: number): number {
  let v = 0;
  for (let b = 0; b < nbits; b++) v |= (((code[(j * nbits + b) >> 3] ?? 0) >> ((j * nbits + b) & 7)) & 1) << b;
  return v;
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, j) => sum + v * (b[j] ?? 0), 0);

/** The query as it is compared with signs: in 2^nbits − 1 equal steps from its least component to its greatest. */
export function roundedQuery(q: Float32Array, nbits: number): number[] {
  const low = Math.min(...q), step = (Math.max(...q) - low) / (2 ** nbits - 1);
  return Array.from(q, (v) => (step > 0 ? low + step * Math.floor((v - low) / step + 0.5) : low));
}

/** ±1 by the bits of a code. */
export const signsOf = (code: Uint8Array, d: number) => Array.from({ length: d }, (_, j) => (numberAt(code, j, 1) ? 1 : -1));

/** What sign and grid of a RaBitQ code stand for, up to a factor: −2^ex + ½ … 2^ex − ½. */
export const gridOf = (signs: Uint8Array, grid: Uint8Array, d: number, ex: number) =>
  Array.from({ length: d }, (_, j) => numberAt(grid, j, ex) + 2 ** ex * numberAt(signs, j, 1) - 2 ** ex + 0.5);

/** The greatest cosine that any grid of `ex` bits beside the signs makes with r. Between two steps of one component the grid stays. */
export function bestCosine(r: Float32Array, ex: number): number {
  const o = Array.from(r, Math.abs), most = 2 ** ex - 1, length = Math.sqrt(dot(o, o));
  const steps = o.flatMap((v) => (v > 0 ? Array.from({ length: most }, (_, u) => (u + 1) / v) : []));
  return Math.max(...[0, ...steps].map((t) => {
    const levels = o.map((v) => Math.min(most, Math.floor(t * v + 1e-9)) + 0.5);
    return dot(levels, o) / (length * Math.sqrt(dot(levels, levels)));
  }));
}
