/** What is timed: one array of strings a data set, and the settings at which each string is searched. */
import { knobsOf } from '../../engine/factory/knobs';
import type { Spec } from '../../engine/factory/spec';
import type { SearchParams } from '../../engine/types';

export const photoSiftStrings = [
  'Flat', 'SQ8', 'PQ32', 'PQ32x4fs', 'IVF256,Flat', 'IVF256,SQ8', 'IVF256,PQ32', 'IVF256,PQ32x4', 'IVF256,PQ32x4fs',
  'OPQ32,IVF256,PQ32,RFlat', 'PCA64,IVF256,SQ8', 'HNSW32', 'IVF1024_HNSW32,Flat', 'IVF1024,Flat', 'IVF1024,PQ32',
  'IMI2x8,PQ32', 'RQ8x8', 'ITQ64,LSH', 'LSHr', 'NSG32',
];
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
