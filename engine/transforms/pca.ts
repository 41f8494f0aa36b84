/** Principal components: a vector's coordinates along the directions in which the training vectors spread most (Jolliffe,
 *  Principal Component Analysis, 2002). Knows vectors and the map it learns; not the index behind. */
import type { Arena } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { shifted } from '../random';
import { refuse } from '../refusal';
import type { LinearTransform } from '../types';
import { eigenSteps } from './eigen';
import type { Eigen } from './eigen';
import { kernelRows } from './eigen-rows';
import { randomRotationSteps, times } from './orthonormal';
import { centredSample, productSums } from './sample';
import { patiently } from './steps';
import type { Steps } from './steps';

export type PcaOptions = {
  /** Training vectors (n, d) at address x. */
  x: number; n: number; d: number;
  dOut: number;
  whiten: boolean; // each output divided by the square root of its eigenvalue
  rotate: boolean; // a random rotation after it, so that no output is more telling than another
  seed: number;    // 0: Faiss's own seeds
  stage?: string;
};

const POINTS_PER_DIMENSION = 1000;
// A direction with this little of the largest eigenvalue is rounding noise of single precision, not data.
const NOTHING = 1e-9;

/** y = A·(x − mean), A's rows the dOut leading eigenvectors. */
export async function trainPca(engine: Engine, arena: Arena, o: PcaOptions): Promise<LinearTransform> {
  const { d, dOut, whiten, rotate, seed } = o;
  checkSizes(o);
  const room = openArena(engine.memory);
  try {
    const sample = await centredSample(engine, room, o, POINTS_PER_DIMENSION * d, shifted(1234, seed));
    const scatter = await productSums(engine, sample.rows.byteOffset, d, sample.rows.byteOffset, d, sample.n);
    const eigen = await patiently(engine, eigenSteps(scatter, d, kernelRows(engine.own, room, d)));
    let rows: Float64Array = eigen.vectors.slice(0, dOut * d);
    if (whiten) divideBySpread(rows, eigen, d, dOut);
    if (rotate) rows = await patiently(engine, rotated(rows, d, dOut, shifted(5, seed)));
    const A = takeF32(arena, dOut * d, 'the PCA matrix'), b = takeF32(arena, dOut, 'the PCA matrix');
    A.set(rows);
    for (let i = 0; i < dOut; i++) {
      let dot = 0;
      for (let j = 0; j < d; j++) dot += (A[i * d + j] ?? 0) * (sample.mean[j] ?? 0);
      b[i] = -dot;
    }
    return { kind: 'Linear', spec: { kind: 'PCA', dOut, whiten, rotate }, dIn: d, dOut, A, b };
  } finally {
    release(room);
  }
}

function checkSizes({ d, dOut, n }: PcaOptions): void {
  if (dOut > d) refuse(`PCA cannot keep ${dOut} dimensions of vectors that have ${d}. PCA${d} keeps all of them.`);
  if (dOut > n) refuse(`PCA finds at most as many directions as there are training vectors: ${dOut} wanted, ${n} vectors. PCA${n}, or more vectors, would do.`);
}

/** Row i by λ_i^(−½), λ_i being the sum over the sample, not its mean: Faiss's scale. */
function divideBySpread(rows: Float64Array, { values }: Eigen, d: number, dOut: number): void {
  const floor = NOTHING * (values[0] ?? 0), usable = values.findIndex((value) => value <= floor);
  if (usable >= 0 && usable < dOut) refuse(`Whitening divides each output by its spread, and the vectors spread in ${usable} directions only. PCAW${Math.max(1, usable)} would do.`);
  for (let i = 0; i < dOut; i++) {
    const scale = 1 / Math.sqrt(values[i] ?? 1);
    for (let j = i * d; j < (i + 1) * d; j++) rows[j] = (rows[j] ?? 0) * scale;
  }
}

function* rotated(rows: Float64Array, d: number, dOut: number, seed: number): Steps<Float64Array> {
  return yield* times(yield* randomRotationSteps(dOut, dOut, seed), dOut, dOut, rows, d);
}
