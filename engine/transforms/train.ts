/** TransformSpec × vectors → Transform: the switch over the maps that stand before an index. */
import type { TransformTrace } from '../build/trace';
import type { TransformSpec } from '../factory/spec';
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import type { Transform } from '../types';
import { hadamardRotation } from './hadamard';
import { trainItq } from './itq';
import { OPQ_SETTINGS, trainOpq } from './opq';
import type { OpqSettingName } from './opq';
import { trainPca } from './pca';
import { randomRotationTransform } from './rotation';

export type TransformOptions = { engine: Engine; arena: Arena; seed: number /* 0: Faiss's own */; opq?: OpqSettingName; trace?: TransformTrace };

/** Learns from n rows of d floats at address x; what is kept goes to the arena. */
export async function trainTransform({ engine, arena, seed, opq = 'quick', trace }: TransformOptions, spec: TransformSpec, { x, n, d }: { x: number; n: number; d: number }): Promise<Transform> {
  switch (spec.kind) {
    case 'PCA': return trainPca(engine, arena, { ...spec, x, n, d, seed, stage: 'train PCA' });
    case 'OPQ': return trainOpq(engine, arena, { x, n, d, M: spec.M, dOut: spec.dOut ?? d, seed, stage: 'train OPQ', ...OPQ_SETTINGS[opq], trace: trace?.kind === 'OPQ' ? trace.opq : undefined });
    case 'RR': return randomRotationTransform(engine, arena, spec, d, seed);
    case 'HR': return hadamardRotation(arena, spec, d, seed);
    case 'ITQ': return trainItq(engine, arena, { spec, x, n, d, seed, stage: 'train ITQ', trace: trace?.kind === 'ITQ' ? trace.itq : undefined });
    case 'L2norm': return { kind: 'L2norm', spec, dIn: d, dOut: d };
    case 'Pad': return { kind: 'Pad', spec, dIn: d, dOut: Math.max(d, spec.dOut) };
  }
}
