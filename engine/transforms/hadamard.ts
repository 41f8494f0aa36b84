/** A random rotation in O(d log d): three rounds of random signs and a Walsh–Hadamard matrix (Ailon & Chazelle, FOCS 2006; three
 *  rounds as Andoni et al., NIPS 2015, §4). The sizes are powers of two, so d is filled up with zeros. */
import type { TransformOf } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import { shifted, splitMix64 } from '../random';
import type { HadamardTransform } from '../types';

const FAISS_SEED = 12345;

/** Faiss's signs: three rounds one after the other from one stream. Nothing is learnt. */
export function hadamardRotation(arena: Arena, spec: TransformOf<'HR'>, d: number, seed: number): HadamardTransform {
  const own = shifted(spec.seed ?? FAISS_SEED, seed), next = splitMix64(own);
  let dOut = 1;
  while (dOut < d) dOut *= 2;
  const signs = takeF32(arena, 3 * dOut, 'the signs');
  for (let j = 0; j < signs.length; j++) signs[j] = (next() & 1n) === 0n ? -1 : 1;
  return { kind: 'HR', spec, dIn: d, dOut, seed: own, signs };
}

/** The first dIn components of the inverse, which is the transpose: the same rounds backwards. */
export function hadamardBack({ dIn, dOut, signs }: HadamardTransform, y: Float32Array): Float32Array {
  const x = Float64Array.from(y);
  for (let round = 2; round >= 0; round--) {
    walshHadamard(x);
    for (let j = 0; j < dOut; j++) x[j] = ((x[j] ?? 0) * (signs[round * dOut + j] ?? 0)) / Math.sqrt(dOut);
  }
  return Float32Array.from(x.subarray(0, dIn));
}

function walshHadamard(x: Float64Array): void {
  for (let step = 1; step < x.length; step *= 2) {
    for (let i = 0; i < x.length; i++) {
      if (i & step) continue;
      const a = x[i] ?? 0, b = x[i + step] ?? 0;
      x[i] = a + b;
      x[i + step] = a - b;
    }
  }
}
