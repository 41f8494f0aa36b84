import type { Random } from '../../engine/random';

/** The same things in random order: each draws a number, and they line up by it. */
export function shuffled<T>(things: readonly T[], random: Random): T[] {
  return things.map((thing) => ({ thing, key: random() })).sort((a, b) => a.key - b.key).map(({ thing }) => thing);
}
