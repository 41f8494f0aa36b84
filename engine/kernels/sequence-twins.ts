/** All sums of one entry of each half of table (2, ksub), ascending: what `multiSequence` gives the first k of. */
export function pairSums(table: Float32Array, ksub: number): number[] {
  const first = [...table.subarray(0, ksub)], second = [...table.subarray(ksub, 2 * ksub)];
  return first.flatMap((a) => second.map((b) => Math.fround(a + b))).sort((a, b) => a - b);
}
