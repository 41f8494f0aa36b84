/** What is timed: one array of strings a data set, and the settings at which each string is searched. */
import { knobsOf } from '../../engine/factory/knobs';
import type { Spec } from '../../engine/factory/spec';
import type { SearchParams } from '../../engine/types';

/** The strings that the explorer is measured by. */
export const seedStrings = [
  'IVF256,Flat', 'IVF256,PQ32', 'IVF256,PQ32x4', 'IVF256,PQ32x8', 'OPQ32,IVF256,PQ32', 'OPQ32,IVF256,PQ32,RFlat', 'OPQ16_64,IVF256,PQ16',
  'IMI2x8,Flat', 'IMI2x8,PQ32', 'OPQ32,IMI2x8,PQ32', 'IVF4096_HNSW32,Flat', 'IVF4096_HNSW32,PQ32', 'OPQ32,IVF4096_HNSW32,PQ32',
  'HNSW32', 'HNSW32,SQ8', 'HNSW32,PQ32', 'ITQ64,LSH', 'PCA64,SQ8', 'RR64,IVF256,SQ4', 'L2norm,IVF256,SQfp16', 'Pad128,IVF256,PQ32',
  'IVF256(RCQ2x4),PQ32', 'IVF256,RQ8x8', 'IVF256,LSQ8x8', 'ZnLattice16x10_8', 'LSH', 'IVF256,PQ32,Refine(SQ8)', 'Residual256,PQ32',
];
export const photoSiftStrings = [...seedStrings, 'Flat', 'SQ8', 'PQ32', 'PQ32x4fs', 'IVF256,SQ8', 'IVF256,PQ32x4fs', 'IVF1024_HNSW32,Flat', 'NSG32'];
export const synth128Strings = ['IVF1024,Flat', 'IVF1024,PQ32'];
export const quickStrings = ['Flat', 'IVF256,Flat', 'IVF256,PQ32', 'HNSW32'];

const tried: Record<string, number[]> = { nprobe: [1, 8, 32], efSearch: [16, 64, 128] };

/** The main parameter at three values; re-ranking always takes four candidates per result. */
export function settingsOf(spec: Spec): SearchParams[] {
  const knobs = knobsOf(spec), main = knobs.find((knob) => knob.main)?.name ?? '';
  const fixed: SearchParams = knobs.some((knob) => knob.name === 'k_factor_rf') ? { k_factor_rf: 4 } : {};
  return tried[main]?.map((value) => ({ [main]: value, ...fixed })) ?? [fixed];
}

/** As Faiss's ParameterSpace reads them: "nprobe=8,k_factor_rf=4". */
export const writeParams = (params: SearchParams) => Object.entries(params).map(([name, value]) => `${name}=${value}`).join(',');
