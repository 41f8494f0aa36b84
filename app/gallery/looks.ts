import type { LookRecipe } from './engine';

/** One entry or more a view that is not drawn on a plane. Generated sets only, and small: each is built on opening. */
export const looks: { name: string; title: string; recipe: LookRecipe }[] = [
  { name: 'grid', title: 'Grid, a multi-index of 64 dimensions', recipe: { data: 'planes', n: 5000, index: 'IMI2x6,Flat', view: 'grid', params: { nprobe: 24 }, query: { kind: 'heldOut', index: 3 } } },
  { name: 'lattice', title: 'Grid, a multi-index of the plane', recipe: { data: 'blobs', n: 2000, index: 'IMI2x4,Flat', view: 'grid', params: { nprobe: 12 }, query: { kind: 'heldOut', index: 3 }, step: 9 } },
  { name: 'beam', title: 'Grid, two residual codebooks', recipe: { data: 'planes', n: 5000, index: 'IVF256(RCQ2x4),Flat', view: 'grid', params: { nprobe: 8 }, query: { kind: 'heldOut', index: 3 }, selected: 7 } },
  { name: 'third', title: 'Grid, three residual codebooks', recipe: { data: 'planes', n: 5000, index: 'IVF512(RCQ3x3),Flat', view: 'grid', params: { nprobe: 8 }, query: { kind: 'heldOut', index: 3 } } },
  { name: 'halves', title: 'Grid, halves of the plane as they are learnt', recipe: { data: 'blobs', n: 2000, index: 'IMI2x4,Flat', view: 'grid', params: { nprobe: 12 }, query: { kind: 'heldOut', index: 3 }, iteration: 1 } },
  { name: 'turn', title: 'Transforms, a plane on its way', recipe: { data: 'ellipse', n: 500, index: 'RR,Flat', view: 'transforms', params: {}, query: { kind: 'heldOut', index: 0 }, step: 7 } },
  { name: 'transforms', title: 'Transforms, a chain of three', recipe: { data: 'synth64', n: 2000, index: 'PCA32,L2norm,OPQ8,PQ8x4', view: 'transforms', params: {}, query: { kind: 'heldOut', index: 0 }, selected: 10 } },
  { name: 'glide', title: 'Transforms, half of the way to a rotation', recipe: { data: 'synth64', n: 2000, index: 'OPQ16,IVF16,PQ16x4', view: 'transforms', params: { nprobe: 4 }, query: { kind: 'heldOut', index: 3 }, step: 5 } },
  { name: 'rounds', title: 'Transforms, a rotation as it is learnt', recipe: { data: 'synth64', n: 2000, index: 'OPQ16,PQ16x4', view: 'transforms', params: {}, query: { kind: 'heldOut', index: 0 }, iteration: 2 } },
  { name: 'codebooks', title: 'Codes, codebooks on their own planes', recipe: { data: 'planes', n: 3000, index: 'PQ32x6', view: 'codes', params: {}, query: { kind: 'heldOut', index: 3 } } },
  { name: 'lookups', title: 'Codes, half of the look-ups added', recipe: { data: 'planes', n: 3000, index: 'OPQ16,IVF16,PQ16x6', view: 'codes', params: { nprobe: 4 }, query: { kind: 'heldOut', index: 3 }, step: 8 } },
  { name: 'learning', title: 'Codes, codebooks after two iterations', recipe: { data: 'planes', n: 3000, index: 'PQ32x6', view: 'codes', params: {}, query: { kind: 'heldOut', index: 3 }, iteration: 1 } },
  { name: 'rounding', title: 'Codes, tables rounded to 8 bits', recipe: { data: 'synth64', n: 3000, index: 'IVF16,PQ32x4fsr', view: 'codes', params: { nprobe: 4 }, query: { kind: 'heldOut', index: 3 } } },
  { name: 'levels', title: 'Codes, levels that add up', recipe: { data: 'synth64', n: 3000, index: 'IVF16,RQ6x5_Nqint8', view: 'codes', params: { nprobe: 4 }, query: { kind: 'heldOut', index: 3 } } },
  { name: 'steps', title: 'Codes, steps of a scalar quantizer', recipe: { data: 'synth64', n: 3000, index: 'SQ4', view: 'codes', params: {}, query: { kind: 'heldOut', index: 3 } } },
  { name: 'lines', title: 'Codes, bits as lines', recipe: { data: 'ellipse', n: 2000, index: 'LSH6rt', view: 'codes', params: {}, query: { kind: 'heldOut', index: 3 } } },
  { name: 'bits', title: 'Codes, bits of a rotation', recipe: { data: 'synth64', n: 3000, index: 'ITQ32,LSH', view: 'codes', params: {}, query: { kind: 'heldOut', index: 3 } } },
  { name: 'estimate', title: 'Codes, one bit a component', recipe: { data: 'synth64', n: 3000, index: 'IVF16,RaBitQ', view: 'codes', params: { nprobe: 4 }, query: { kind: 'heldOut', index: 3 } } },
  { name: 'points', title: 'Codes, points of a lattice', recipe: { data: 'synth64', n: 3000, index: 'ZnLattice8x10_6', view: 'codes', params: {}, query: { kind: 'heldOut', index: 3 } } },
  { name: 'layers', title: 'Layers, the beam of an HNSW', recipe: { data: 'planes', n: 5000, index: 'HNSW16', view: 'layers', params: { efSearch: 24 }, query: { kind: 'heldOut', index: 3 }, step: 14 } },
  { name: 'insertion', title: 'Layers, an HNSW as it grows', recipe: { data: 'moons', n: 1000, index: 'HNSW8', view: 'layers', params: {}, query: { kind: 'heldOut', index: 3 }, iteration: 24 } },
  { name: 'spread', title: 'Layers, the walk on an NSG', recipe: { data: 'planes', n: 1000, index: 'NSG16', view: 'layers', params: {}, query: { kind: 'heldOut', index: 3 } } },
  { name: 'ranks', title: 'Ranks, exact distances after codes', recipe: { data: 'synth64', n: 5000, index: 'IVF64,PQ8,RFlat', view: 'ranks', params: { nprobe: 16, k_factor_rf: 3 }, query: { kind: 'heldOut', index: 3 } } },
  { name: 'ranks-codes', title: 'Ranks, second codes', recipe: { data: 'synth64', n: 5000, index: 'IVF64,PQ8+8', view: 'ranks', params: { nprobe: 16, k_factor: 8 }, query: { kind: 'heldOut', index: 3 }, step: 30 } },
];
