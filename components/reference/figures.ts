import type { ToyName } from '@/engine/data/toys';

/** Which figure shows a term, on which small plane set, and what its slider changes. The strings are built and searched by
 *  the engine as they stand here; n is small so that each answer takes a fraction of a second. */

export type FigureKind = 'cells' | 'codes' | 'maps' | 'graph' | 'ranks' | 'nearest' | 'signs';

export type Recipe = {
  kind: FigureKind;
  data: ToyName;
  n: number;
  /** Held-out query of the set. */
  query: number;
  slider: { name: string; values: readonly number[]; start: number } | null;
  /** The string at a value of the slider. */
  index: (value: number) => string;
  /** The code is a product of two codes of one component each: it decodes to a lattice. */
  lattice?: true;
  /** What it is compared with, where that is another string; of codes, what that one lacks. */
  beside?: (value: number) => string;
  without?: string;
  /** What is so of two dimensions only. */
  plane?: string;
};

/** Of the data and of training, in every figure. */
export const SEED = 1234;

const nprobe = { name: 'nprobe', values: [1, 2, 3, 4, 6, 8, 12, 16], start: 0 };
const bits = { name: 'nbits', values: [1, 2, 3, 4, 5], start: 2 };
const books = { name: 'M', values: [1, 2, 3, 4], start: 2 };
const perDimension = { name: 'nbits', values: [1, 2, 3, 4, 6], start: 1 };
const turned = { kind: 'maps', data: 'ellipse', n: 500, query: 0, slider: null } as const;

export const FIGURES: { readonly [term: string]: Recipe } = {
  PCA: { ...turned, index: () => 'PCA1,Flat' },
  OPQ: { kind: 'codes', lattice: true, data: 'moons', n: 800, query: 0, slider: bits, index: (b) => `OPQ2,PQ2x${b}`, beside: (b) => `PQ2x${b}`, without: 'the rotation' },
  RR: { ...turned, index: () => 'RR,Flat' },
  HR: { ...turned, index: () => 'HR,Flat' },
  ITQ: { ...turned, index: () => 'ITQ,Flat' },
  Pad: { kind: 'codes', data: 'moons', n: 800, query: 0, slider: bits, index: (b) => `Pad4,PQ4x${b}` },
  L2norm: { ...turned, data: 'rays', index: () => 'L2norm,Flat' },
  IVF: { kind: 'cells', data: 'blobs', n: 600, query: 28, slider: nprobe, index: () => 'IVF16,Flat' },
  IVF_HNSW: { kind: 'cells', data: 'uniform', n: 500, query: 18, slider: nprobe, index: () => 'IVF32_HNSW2,Flat' },
  IVF_NSG: { kind: 'cells', data: 'uniform', n: 1000, query: 30, slider: nprobe, index: () => 'IVF128_NSG4,Flat' },
  IMI: { kind: 'cells', data: 'ring', n: 500, query: 9, slider: nprobe, index: () => 'IMI2x3,Flat' },
  'IVF(…)': { kind: 'cells', data: 'uniform', n: 600, query: 18, slider: nprobe, index: () => 'IVF32(PQ2x4),Flat' },
  RCQ: { kind: 'cells', data: 'blobs', n: 600, query: 29, slider: nprobe, index: () => 'IVF16(RCQ2x2),Flat' },
  Flat: { kind: 'nearest', data: 'spiral', n: 500, query: 1, slider: { name: 'k', values: [1, 2, 5, 10, 20, 50], start: 3 }, index: () => 'Flat' },
  FlatL2Panorama: { kind: 'nearest', data: 'spiral', n: 500, query: 1, slider: { name: 'k', values: [1, 2, 5, 10, 20, 50], start: 2 }, index: () => 'FlatL2Panorama2' },
  FlatDedup: { kind: 'cells', data: 'ties', n: 500, query: 9, slider: nprobe, index: () => 'IVF16,FlatDedup' },
  FlatPanorama: { kind: 'cells', data: 'ring', n: 500, query: 9, slider: nprobe, index: () => 'IVF16,FlatPanorama2' },
  PQ: { kind: 'codes', lattice: true, data: 'ring', n: 800, query: 0, slider: bits, index: (b) => `PQ2x${b}` },
  PQfs: { kind: 'codes', lattice: true, data: 'grid', n: 800, query: 0, slider: null, index: () => 'PQ2x4fs' },
  'PQ+': { kind: 'ranks', data: 'uniform', n: 3000, query: 0, slider: { name: 'k_factor', values: [1, 2, 3, 4, 6], start: 3 }, index: () => 'IVF4,PQ1+1', beside: () => 'IVF4,PQ1' },
  SQ: { kind: 'codes', lattice: true, data: 'outliers', n: 800, query: 0, slider: { name: 'bits', values: [4, 6, 8], start: 0 }, index: (b) => `SQ${b}` },
  Residual: { kind: 'codes', data: 'ring', n: 800, query: 0, slider: { name: 'nlist', values: [2, 4, 8, 16, 32], start: 2 }, index: (nlist) => `Residual${nlist},PQ2x2`, beside: () => 'PQ2x2', without: 'the first layer' },
  RQ: { kind: 'codes', data: 'ring', n: 800, query: 0, slider: books, index: (M) => `RQ${M}x2` },
  LSQ: { kind: 'codes', data: 'ring', n: 800, query: 0, slider: books, index: (M) => `LSQ${M}x2` },
  PRQ: { kind: 'codes', lattice: true, data: 'grid', n: 800, query: 0, slider: books, index: (M) => `PRQ2x${M}x1` },
  PLSQ: { kind: 'codes', lattice: true, data: 'grid', n: 800, query: 0, slider: books, index: (M) => `PLSQ2x${M}x1` },
  AQfs: { kind: 'codes', data: 'ring', n: 800, query: 0, slider: { ...books, values: [1, 2, 3], start: 1 }, index: (M) => `RQ${M}x4fs_Nrq2x4` },
  RaBitQ: { kind: 'codes', data: 'blobs', n: 800, query: 0, slider: perDimension, index: (b) => `RaBitQ${b === 1 ? '' : b}` },
  RaBitQfs: { kind: 'codes', data: 'blobs', n: 800, query: 0, slider: perDimension, index: (b) => `RaBitQfs${b === 1 ? '' : b}` },
  EDEN: { kind: 'codes', data: 'blobs', n: 800, query: 0, slider: perDimension, index: (b) => `EDEN${b === 1 ? '' : b}` },
  ZnLattice: { kind: 'codes', data: 'blobs', n: 800, query: 0, slider: { name: 'r2', values: [1, 5, 25, 65], start: 1 }, index: (r2) => `ZnLattice1x${r2}_4` },
  SH: { kind: 'cells', data: 'blobs', n: 600, query: 28, slider: nprobe, index: () => 'IVF16,PCA2,SH1' },
  LSH: { kind: 'signs', data: 'blobs', n: 800, query: 0, slider: { name: 'nbits', values: [1, 2, 4, 6, 8], start: 2 }, index: (b) => `LSH${b}rt` },
  HNSW: { kind: 'graph', data: 'moons', n: 150, query: 17, slider: { name: 'efSearch', values: [1, 2, 4, 8, 16, 32], start: 0 }, index: () => 'HNSW4' },
  NSG: { kind: 'graph', data: 'moons', n: 150, query: 17, slider: null, index: () => 'NSG4' },
  '+PQ': { kind: 'graph', data: 'moons', n: 400, query: 17, slider: { name: 'efSearch', values: [1, 2, 4, 8, 16, 32], start: 3 }, index: () => 'HNSW4,4+PQ2' },
  RFlat: { kind: 'ranks', data: 'blobs', n: 600, query: 0, slider: { name: 'k_factor_rf', values: [1, 2, 3, 4, 6], start: 1 }, index: () => 'PQ2x4,RFlat', beside: () => 'PQ2x4' },
  Refine: { kind: 'ranks', data: 'blobs', n: 600, query: 12, slider: { name: 'k_factor_rf', values: [1, 2, 3, 4, 6], start: 1 }, index: () => 'PQ2x4,Refine(SQ8)', beside: () => 'PQ2x4' },
  RefinePanorama: { kind: 'ranks', data: 'blobs', n: 600, query: 0, slider: { name: 'k_factor_rf', values: [1, 2, 3, 4, 6], start: 1 }, index: () => 'PQ2x4,RefinePanorama(FlatL2Panorama2_1)', beside: () => 'PQ2x4' },
  IDMap: { kind: 'nearest', data: 'spiral', n: 500, query: 1, slider: { name: 'k', values: [1, 2, 5, 10, 20, 50], start: 3 }, index: () => 'IDMap,Flat' },
  MinMax: {
    kind: 'codes', data: 'outliers', n: 800, query: 0, slider: { name: 'bits', values: [4, 6, 8], start: 0 }, index: (b) => `MinMax,SQ${b}`, beside: (b) => `SQ${b}`, without: 'a scale of its own for each vector',
    plane: 'In two dimensions least value and range leave to the code only which component is the larger; what is lost is half a step of that range.',
  },
};
