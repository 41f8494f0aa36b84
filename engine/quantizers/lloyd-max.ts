/** The 2^nbits levels that code a standard normal deviate with the least mean squared error: Lloyd 1957, Max 1960. Each level is
 *  the mean of its cell, each bound lies midway between two levels. */

/** Levels, then the bounds between them: 2^(nbits + 1) − 1 numbers, ascending. The density is even, so half of the levels is solved
 *  for, by Newton's method: level i depends on its two neighbours alone, and each step is one tridiagonal system. */
export function lloydMax(nbits: number): Float64Array {
  const half = 2 ** (nbits - 1), levels = Float64Array.from({ length: half }, (_, i) => -startAt((half - i - 0.5) / half));
  for (let round = 0; round < 60; round++) {
    const step = newtonStep(levels);
    let most = 0;
    step.forEach((s, i) => { levels[i] = (levels[i] ?? 0) - s; most = Math.max(most, Math.abs(s)); });
    if (most < 1e-13) break;
  }
  const all = Float64Array.from([...levels, ...levels.map((v) => -v).reverse()]);
  return Float64Array.from([...all, ...all.subarray(1).map((v, i) => (i === half - 1 ? 0 : (v + (all[i] ?? 0)) / 2))]);
}

/** Fine quantizers want their levels as dense as the cube root of the density (Panter & Dite 1951): here N(0, 3). The point that
 *  exceeds a share p of |deviates|, by a logistic curve close enough to start from. */
const startAt = (p: number) => (Math.sqrt(3) / 1.702) * Math.log((1 + p) / (1 - p + 1e-9));

/** Solves J·s = F for F_i = level_i − mean of cell i. The mean moves with its bounds a < b by φ(a)(mean − a)/mass and
 *  φ(b)(b − mean)/mass, and a bound moves by half of what each of its two levels does. */
function newtonStep(levels: Float64Array): Float64Array {
  const n = levels.length, at = (i: number) => levels[i] ?? 0;
  const right = new Float64Array(n), step = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const a = i === 0 ? -Infinity : (at(i - 1) + at(i)) / 2, b = i === n - 1 ? 0 : (at(i) + at(i + 1)) / 2;
    const mass = massOf(a, b), mean = (phi(a) - phi(b)) / mass;
    const left = i === 0 ? 0 : (phi(a) * (mean - a)) / mass / 2, up = i === n - 1 ? 0 : (phi(b) * (b - mean)) / mass / 2;
    // Forward elimination (Thomas) as the rows are made: row i is (−left, 1 − left − up, −up).
    const pivot = 1 - left - up - left * (right[i - 1] ?? 0);
    right[i] = up / pivot;
    step[i] = (at(i) - mean + left * (step[i - 1] ?? 0)) / pivot;
  }
  for (let i = n - 2; i >= 0; i--) step[i] = (step[i] ?? 0) + (right[i] ?? 0) * (step[i + 1] ?? 0);
  return step;
}

const phi = (x: number) => (Number.isFinite(x) ? Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) : 0);

/** Share of the deviates in (a, b) by Simpson's rule; below −12 there is less than 1e−32. */
function massOf(a: number, b: number): number {
  const from = Math.max(a, -12), panels = 2 * Math.ceil(8 + 100 * (b - from)), h = (b - from) / panels;
  let sum = phi(from) + phi(b);
  for (let i = 1; i < panels; i++) sum += phi(from + i * h) * (i % 2 ? 4 : 2);
  return (sum * h) / 3;
}
