import type { Look } from './frame';
import { lengthShade, shades } from './ink';

/** Links sorted once, as they are drawn: by layer and by shade of length. */

const known = new WeakMap<Look['links'], Int32Array[][]>();

/** Numbers of the links of a layer, shade by shade. */
export function grouped(links: Look['links'], layer: number): Int32Array[] {
  const all = known.get(links) ?? sort(links);
  known.set(links, all);
  return all[layer] ?? [];
}

function sort(links: Look['links']): Int32Array[][] {
  const { rows, lengths } = links, layers: number[][][] = [];
  for (let i = 0; i < lengths.length; i++) {
    const layer = rows[5 * i + 2] ?? 0, own = layers[layer] ??= Array.from({ length: shades }, () => []);
    own[lengthShade(links, lengths[i] ?? 0)]?.push(i);
  }
  return Array.from(layers, (own) => (own ?? []).map((some) => Int32Array.from(some)));
}
