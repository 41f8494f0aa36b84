/** The kernels of polysemous codes once more in plain TypeScript: what they mean, and what the tests hold them to. */

export const bitsBetween = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, v, j) => sum + [...(v ^ (b[j] ?? 0)).toString(2)].filter((bit) => bit === '1').length, 0);

const bits = (a: number, b: number) => bitsBetween(Uint8Array.of(a), Uint8Array.of(b));

/** Σ w·(t − bits)² over all pairs, up to what no order changes: weights (n, n) w, targets (n, n) 2·w·t. */
export function orderCost(perm: ArrayLike<number>, weights: Float32Array, targets: Float32Array): number {
  const n = perm.length;
  let cost = 0;
  for (let at = 0; at < n * n; at++) {
    const h = bits(perm[Math.floor(at / n)] ?? 0, perm[at % n] ?? 0);
    cost += (weights[at] ?? 0) * h * h - (targets[at] ?? 0) * h;
  }
  return cost;
}

/** One round of annealing: the order after it, and how many draws it took. */
export function annealRound(perm: number[], weights: Float32Array, targets: Float32Array, draws: number[], temperature: number): { perm: number[]; used: number } {
  const n = perm.length, i = (draws[0] ?? 0) % n, second = (draws[1] ?? 0) % (n - 1), j = second === i ? second + 1 : second;
  const after = perm.map((v, k) => (k === i ? perm[j] ?? 0 : k === j ? perm[i] ?? 0 : v));
  if (orderCost(after, weights, targets) < orderCost(perm, weights, targets)) return { perm: after, used: 2 };
  return { perm: Math.fround((draws[2] ?? 0) / 2 ** 32) < temperature ? after : perm, used: 3 };
}
