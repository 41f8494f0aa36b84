import type { Random } from '../random';

// Draws for the generated sets. Only + − × ÷ and square roots, whose every bit IEEE 754 fixes: Math.cos or Math.log
// may differ in the last bit from browser to browser, and then a link would not give the same vectors everywhere.

/** Uniform on [0, 1), exact in a double. */
export function uniform(random: Random): number {
  return random() / 2 ** 32;
}

/** Irwin–Hall: twelve 16-bit draws added up and centred. Mean 0, variance 1 − 2⁻³², never beyond ±6. */
export function gauss(random: Random): number {
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += random() >>> 16;
  return (sum - 12 * 32767.5) / 65536;
}

/** One of `things`, drawn in proportion to `weights`: positive numbers, one for each thing. */
export function pick<T>(things: readonly T[], weights: readonly number[], random: Random): T {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = uniform(random) * total;
  const at = weights.findIndex((weight) => (left -= weight) < 0);
  const thing = things.at(at); // −1 where rounding used up the weights: the last
  if (thing === undefined) throw new Error(`cannot pick from ${things.length} things by ${weights.length} weights`);
  return thing;
}

/** Zipf's weights 1, 1/2, 1/3 … 1/count: a few large groups and a long tail of small ones. */
export function zipf(count: number): number[] {
  return Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
}

/** The point of the unit circle at `turns` of a whole turn. The Taylor series at a quarter of the angle, below π/4 where
 *  eight terms leave an error under 1e-16, then the angle is doubled twice. */
export function onCircle(turns: number): [cos: number, sin: number] {
  const x = ((turns - Math.round(turns)) * Math.PI) / 2;
  let [cos, sin, term] = [0, 0, 1];
  for (let i = 1; i <= 16; i += 2) {
    cos += term;
    term *= x / i;
    sin += term;
    term *= -x / (i + 1);
  }
  for (let i = 0; i < 2; i++) [cos, sin] = [cos * cos - sin * sin, 2 * cos * sin];
  return [cos, sin];
}
