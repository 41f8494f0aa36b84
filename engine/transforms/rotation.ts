/** A random rotation that is drawn, not learnt; with fewer outputs than inputs a random projection, with more an isometry. */
import type { TransformOf } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { Engine } from '../pool';
import { shifted } from '../random';
import { refuse } from '../refusal';
import type { LinearTransform } from '../types';
import { randomRotationSteps } from './orthonormal';
import { patiently } from './steps';

const FAISS_SEED = 12345;

export async function randomRotationTransform(engine: Engine, arena: Arena, spec: TransformOf<'RR'>, d: number, seed: number): Promise<LinearTransform> {
  const dOut = spec.dOut ?? d;
  if (dOut < 1) refuse('RR0 would keep no dimension. RR alone keeps all of them.');
  const A = takeF32(arena, dOut * d, 'the rotation');
  A.set(await patiently(engine, randomRotationSteps(d, dOut, shifted(FAISS_SEED, seed))));
  return { kind: 'Linear', spec, dIn: d, dOut, A };
}
