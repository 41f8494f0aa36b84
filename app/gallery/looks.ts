import type { LookRecipe } from './engine';

/** One entry or more a view that is not drawn on a plane. Generated sets only, and small: each is built on opening. */
export const looks: { name: string; title: string; recipe: LookRecipe }[] = [
  { name: 'grid', title: 'Grid, a multi-index of 64 dimensions', recipe: { data: 'planes', n: 5000, index: 'IMI2x6,Flat', view: 'grid', params: { nprobe: 24 }, query: { kind: 'heldOut', index: 3 } } },
  { name: 'lattice', title: 'Grid, a multi-index of the plane', recipe: { data: 'blobs', n: 2000, index: 'IMI2x4,Flat', view: 'grid', params: { nprobe: 12 }, query: { kind: 'heldOut', index: 3 }, step: 9 } },
  { name: 'beam', title: 'Grid, two residual codebooks', recipe: { data: 'planes', n: 5000, index: 'IVF256(RCQ2x4),Flat', view: 'grid', params: { nprobe: 8 }, query: { kind: 'heldOut', index: 3 }, selected: 7 } },
  { name: 'turn', title: 'Transforms, a plane on its way', recipe: { data: 'ellipse', n: 500, index: 'RR,Flat', view: 'transforms', params: {}, query: { kind: 'heldOut', index: 0 }, step: 7 } },
  { name: 'transforms', title: 'Transforms, a chain of three', recipe: { data: 'synth64', n: 2000, index: 'PCA32,L2norm,OPQ8,PQ8x4', view: 'transforms', params: {}, query: { kind: 'heldOut', index: 0 }, selected: 10 } },
  { name: 'rounds', title: 'Transforms, a rotation as it is learnt', recipe: { data: 'synth64', n: 2000, index: 'OPQ16,PQ16x4', view: 'transforms', params: {}, query: { kind: 'heldOut', index: 0 }, iteration: 2 } },
];
