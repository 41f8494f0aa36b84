import type { Random } from '../../engine/random';

/** The same things in an order drawn by Fisher and Yates's shuffle. */
export function shuffled<T>(things: readonly T[], random: Random): T[] {
  const out = [...things];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor((random() / 2 ** 32) * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}
