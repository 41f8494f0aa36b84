/** One vector through a trained map, and back. Many vectors: transformRows in dense.ts. */
import type { Thread } from '../thread';
import type { Transform } from '../types';

/** out (dOut) = A·x + b for the vector x (dIn); both are addresses. */
export function transformOne(thread: Thread, { A, b, dIn, dOut }: Transform, x: number, out: number): void {
  thread.search.affine(x, A.byteOffset, b?.byteOffset ?? 0, dOut, dIn, out);
}

/** out (dIn) = Aᵀ·(y − b): for orthonormal rows the one point of the map's row space that the map sends to y (dOut). With
 *  whitening the rows are not of unit length and this is not an inverse. */
export function invertOne({ A, b, dIn, dOut }: Transform, y: Float32Array, out: Float32Array): Float32Array {
  const sums = new Float64Array(dIn);
  for (let i = 0; i < dOut; i++) {
    const v = (y[i] ?? 0) - (b?.[i] ?? 0);
    for (let j = 0; j < dIn; j++) sums[j] = (sums[j] ?? 0) + v * (A[i * dIn + j] ?? 0);
  }
  out.set(sums);
  return out;
}
