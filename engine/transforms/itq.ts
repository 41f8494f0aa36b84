/** Iterative quantization: a rotation for codes of signs (Gong & Lazebnik, CVPR 2011). Rounds of two halves: the corners of the cube
 *  nearest to the rotated directions, then a rotation from the products of corners and directions. */
import { keepsStep, MATRIX_FLOATS } from '../build/trace';
import { applyRows, packLinear, placeIn, transformRows, transformScratch } from '../dense';
import type { Linear } from '../dense';
import type { TransformOf } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { shifted } from '../random';
import { refuse } from '../refusal';
import type { Thread } from '../thread';
import type { ItqTransform } from '../types';
import { randomRotationSteps, singularVectorSteps, times, transpose } from './orthonormal';
import { trainPca } from './pca';
import { centredSample, productSums } from './sample';
import { finish, patiently } from './steps';
import type { Steps } from './steps';

export type ItqOptions = {
  /** Training vectors (n, d) at address x. */
  x: number; n: number; d: number;
  spec: TransformOf<'ITQ'>; // with dOut, principal components come first
  seed: number;             // 0: Faiss's own seeds
  stage?: string;
  trace?: ItqTrace;
};

/** What training records when asked, over the unit vectors it learns from: the loss to the corners nearest under the rotation a round
 *  began with, and that rotation times the principal components, if any; `start` before the first round, A after each that is kept. */
export type ItqTrace = {
  rounds: { loss: number /* mean ‖sign(R·x) − R·x‖² */; A?: Float32Array /* (dOut, d) */ }[];
  sampled: number; // rows learnt from
  start?: Float32Array;
};

const ROUNDS = 50;
const POINTS_PER_DIMENSION = 10, LEAST_POINTS = 32768; // the sample: at most the larger of the two

export async function trainItq(engine: Engine, arena: Arena, o: ItqOptions): Promise<ItqTransform> {
  const { n, d, spec, seed, stage, trace } = o, k = spec.dOut ?? d;
  if (k > d || k < 1) refuse(`ITQ cannot keep ${k} dimensions of vectors that have ${d}. ITQ${d} keeps all of them.`);
  if (n < k) refuse(`ITQ${k} learns from at least as many vectors as dimensions: ${k} wanted, ${n} vectors.`);
  const room = openArena(engine.memory);
  try {
    const sample = await centredSample(engine, room, o, Math.max(POINTS_PER_DIMENSION * d, LEAST_POINTS), shifted(1234, seed));
    const { rows } = sample, mean = takeF32(arena, d, 'the ITQ matrix'), A = takeF32(arena, k * d, 'the ITQ matrix');
    mean.set(sample.mean);
    engine.own.build.unitRows(rows.byteOffset, 0, sample.n, d, rows.byteOffset);
    if (trace) trace.sampled = sample.n;
    const learn: Rows = { x: rows.byteOffset, n: sample.n, d };
    A.set(spec.dOut === undefined ? await rotationTo(engine, room, learn, { seed, stage, trace }) : await withComponents(engine, room, learn, k, { seed, stage, trace }));
    return { kind: 'ITQ', spec, dIn: d, dOut: k, mean, A };
  } finally {
    release(room);
  }
}

type Rows = { x: number; n: number; d: number };
type Turning = Pick<ItqOptions, 'seed' | 'stage' | 'trace'> & { components?: { P: Float64Array; d: number } };

/** The rotation times the k leading components (k, d). They are taken without their bias, as Faiss does. */
async function withComponents(engine: Engine, room: Arena, { x, n, d }: Rows, k: number, turning: Turning): Promise<Float64Array> {
  const { seed } = turning;
  const pca = await trainPca(engine, room, { x, n, d, dOut: k, whiten: false, rotate: false, seed });
  const reduced = takeF32(room, n * k, 'the ITQ sample'), map = packLinear(engine.own, placeIn(room), pca.A.byteOffset, undefined, d, k);
  await transformRows(engine, { x, n, map, out: reduced.byteOffset });
  const P = Float64Array.from(pca.A);
  const R = await rotationTo(engine, room, { x: reduced.byteOffset, n, d: k }, { ...turning, components: { P, d } });
  return patiently(engine, times(R, k, k, P, d));
}

/** R (d, d) after all rounds. With products C = U·Σ·Vᵀ the rotation nearest to the corners is U·Vᵀ (the paper, §3.2). Faiss takes
 *  U·V, and what it has in the end loses as much to signs as a rotation drawn at random; whoever builds there gets that, so we do
 *  the same. */
async function rotationTo(engine: Engine, room: Arena, { x, n, d }: Rows, turning: Turning): Promise<Float64Array> {
  const { seed, stage, trace } = turning, squares = trace ? meanSquare(engine, x, n, d) : 0;
  let R = transpose(await patiently(engine, randomRotationSteps(d, d, shifted(123, seed))), d, d);
  if (trace) trace.start = stateOf(R, d, 1, turning);
  const corners = takeF32(room, n * d, 'the ITQ sample'), single = takeF32(room, d * d);
  for (let round = 0; round < ROUNDS; round++) {
    if (stage) engine.report(stage, round, ROUNDS);
    single.set(R);
    const packed = openArena(engine.memory);
    try {
      const map = packLinear(engine.own, placeIn(packed), single.byteOffset, undefined, d, d);
      await run(engine, 'corners', { x, n, map, out: corners.byteOffset }, Math.ceil(n / CORNER_ROWS), transformScratch(CORNER_ROWS, map));
    } finally {
      release(packed);
    }
    const products = await productSums(engine, corners.byteOffset, d, x, d, n);
    // ‖b − R·x‖² = ‖b‖² + ‖x‖² − 2⟨b, R·x⟩, and Σ⟨b, R·x⟩ = Σ R ∘ C
    const loss = trace ? d + squares - (2 / n) * R.reduce((sum, r, i) => sum + r * (products[i] ?? 0), 0) : 0;
    R = await patiently(engine, nextRotation(products, d));
    trace?.rounds.push({ loss, A: stateOf(R, d, ROUNDS - round, turning) });
  }
  return R;
}

/** The map that R makes, of as many rounds as there is room for; `left` counts the rounds from the last, which is 1. */
function stateOf(R: Float64Array, k: number, left: number, { components }: Turning): Float32Array | undefined {
  const floats = k * (components?.d ?? k);
  if (!keepsStep(ROUNDS - left, ROUNDS, floats, MATRIX_FLOATS)) return undefined;
  return Float32Array.from(components ? finish(times(R, k, k, components.P, components.d)) : R);
}

/** Mean ‖x‖² of rows (n, d). */
function meanSquare({ memory }: Engine, x: number, n: number, d: number): number {
  const rows = new Float32Array(memory.memory.buffer, x, n * d);
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += (rows[i] ?? 0) ** 2;
  return sum / n;
}

function* nextRotation(products: Float64Array, d: number): Steps<Float64Array> {
  const { U, V } = yield* singularVectorSteps(products, d, d); // singular vectors as rows
  return yield* times(transpose(U, d, d), d, d, transpose(V, d, d), d);
}

export type CornerArgs = { x: number; n: number; map: Linear; out: number };
const CORNER_ROWS = 256;

/** out = the signs of R·x for a run of rows. */
export function cornersBlock(thread: Thread, { x, n, map, out }: CornerArgs, block: number): void {
  const from = block * CORNER_ROWS, rows = Math.min(CORNER_ROWS, n - from), to = out + from * map.dOut * 4;
  applyRows(thread, x + from * map.dIn * 4, rows, map, to);
  thread.build.signsOf(to, rows * map.dOut);
}
