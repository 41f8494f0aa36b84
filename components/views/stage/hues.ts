/** Which of ten soft hues each list wears: lists that touch in the picture differ, and a list keeps its hue from one
 *  picture to the next unless it has come to touch a list of the same hue.
 *  Greedy in smallest-last order, Matula & Beck 1983: a plane picture's every list then meets at most five settled
 *  neighbours, so ten hues always do. */

export const hueCount = 10;

/** Hue of each list before any picture is known. Neighbouring numbers differ. */
export function firstHues(nlist: number): Uint8Array /* (nlist) */ {
  return Uint8Array.from({ length: nlist }, (_, list) => (list * 7) % hueCount);
}

/** What the lists of an index wore last: the same when its cells are shown again, and in other views. */
const wardrobe = new WeakMap<object, Uint8Array>();
export const wornHues = (index: object | null): Uint8Array | null => (index && wardrobe.get(index)) ?? null;

/** Says what they wear now. */
export function wear(index: object | null, hues: Uint8Array): Uint8Array {
  if (index) wardrobe.set(index, hues);
  return hues;
}

export function assignHues(neighbours: Map<number, Set<number>>, previous: Uint8Array): Uint8Array {
  const hues = previous.slice();
  const settled = new Set<number>();
  for (const list of smallestLast(neighbours)) {
    const taken = new Uint8Array(hueCount);
    for (const other of neighbours.get(list) ?? []) {
      const hue = hues[other] ?? 0;
      if (settled.has(other)) taken[hue] = (taken[hue] ?? 0) + 1;
    }
    if ((taken[hues[list] ?? 0] ?? 0) > 0) hues[list] = leastUsed(taken, list);
    settled.add(list);
  }
  return hues;
}

/** Takes away the list with the fewest neighbours left, again and again; the order is that of taking, reversed. */
function smallestLast(neighbours: Map<number, Set<number>>): number[] {
  const degree = new Map(Array.from(neighbours, ([list, around]) => [list, around.size]));
  const buckets: number[][] = [];
  const put = (list: number, d: number) => (buckets[d] ??= []).push(list);
  for (const [list, d] of degree) put(list, d);
  const order: number[] = [];
  for (let d = 0; d < buckets.length; ) {
    const list = buckets[d]?.pop();
    if (list === undefined) { d++; continue; }
    if (degree.get(list) !== d) continue; // an older entry of a list that has moved down, or was taken
    degree.delete(list);
    order.push(list);
    for (const other of neighbours.get(list) ?? []) {
      const left = degree.get(other);
      if (left === undefined) continue;
      degree.set(other, left - 1);
      put(other, left - 1);
    }
    d = Math.max(0, d - 1);
  }
  return order.reverse();
}

/** A free hue, searched from a place of the list's own so that hues spread evenly. */
function leastUsed(taken: Uint8Array, list: number): number {
  let best = list % hueCount;
  for (let step = 0; step < hueCount; step++) {
    const hue = (list + step * 3) % hueCount;
    if ((taken[hue] ?? 0) < (taken[best] ?? 0)) best = hue;
  }
  return best;
}
