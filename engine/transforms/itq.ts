/** Iterative quantization: a rotation for codes of signs (Gong & Lazebnik, CVPR 2011). Rounds of two halves: the corners of the cube
 *  nearest to the rotated directions, then a rotation from the products of corners and directions. */
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
import { patiently } from './steps';
import type { Steps } from './steps';

export type ItqOptions = {
  /** Training vectors (n, d) at address x. */
  x: number; n: number; d: number;
  spec: TransformOf<'ITQ'>; // with dOut, principal components come first
  seed: number;             // 0: Faiss's own seeds
  stage?: string;
};

const ROUNDS = 50;
const POINTS_PER_DIMENSION = 10, LEAST_POINTS = 32768; // the sample: at most the larger of the two

export async function trainItq(engine: Engine, arena: Arena, o: ItqOptions): Promise<ItqTransform> {
  const { n, d, spec, seed, stage } = o, k = spec.dOut ?? d;
  if (k > d || k < 1) refuse(`ITQ cannot keep ${k} dimensions of vectors that have ${d}. ITQ${d} keeps all of them.`);
  if (n < k) refuse(`ITQ${k} learns from at least as many vectors as dimensions: ${k} wanted, ${n} vectors.`);
  const room = openArena(engine.memory);
  try {
    const sample = await centredSample(engine, room, o, Math.max(POINTS_PER_DIMENSION * d, LEAST_POINTS), shifted(1234, seed));
    const { rows } = sample, mean = takeF32(arena, d, 'the ITQ matrix'), A = takeF32(arena, k * d, 'the ITQ matrix');
    mean.set(sample.mean);
    engine.own.build.unitRows(rows.byteOffset, 0, sample.n, d, rows.byteOffset);
    const learn: Rows = { x: rows.byteOffset, n: sample.n, d };
    A.set(spec.dOut === undefined ? await rotationTo(engine, room, learn, seed, stage) : await withComponents(engine, room, learn, k, seed, stage));
    return { kind: 'ITQ', spec, dIn: d, dOut: k, mean, A };
  } finally {
    release(room);
  }
}

type Rows = { x: number; n: number; d: number };

/** The rotation times the k leading components (k, d). They are taken without their bias, as Faiss does. */
async function withComponents(engine: Engine, room: Arena, { x, n, d }: Rows, k: number, seed: number, stage?: string): Promise<Float64Array> {
  const pca = await trainPca(engine, room, { x, n, d, dOut: k, whiten: false, rotate: false, seed });
  const reduced = takeF32(room, n * k, 'the ITQ sample'), map = packLinear(engine.own, placeIn(room), pca.A.byteOffset, undefined, d, k);
  await transformRows(engine, { x, n, map, out: reduced.byteOffset });
  const R = await rotationTo(engine, room, { x: reduced.byteOffset, n, d: k }, seed, stage);
  return patiently(engine, times(R, k, k, Float64Array.from(pca.A), d));
}

/** R (d, d) after all rounds. With products C = U·Σ·Vᵀ the rotation nearest to the corners is U·Vᵀ (the paper, §3.2). Faiss takes
 *  U·V, and what it has in the end loses as much to signs as a rotation drawn at random; whoever builds there gets that, so we do
 *  the same. */
async function rotationTo(engine: Engine, room: Arena, { x, n, d }: Rows, seed: number, stage?: string): Promise<Float64Array> {
  let R = transpose(await patiently(engine, randomRotationSteps(d, d, shifted(123, seed))), d, d);
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
    R = await patiently(engine, nextRotation(products, d));
  }
  return R;
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
