import type { LookRecipe } from './engine';

/** One entry or more a view that is not drawn on a plane. Generated sets only, and small: each is built on opening. */
export const looks: { name: string; title: string; recipe: LookRecipe }[] = [
  { name: 'transforms', title: 'Transforms', recipe: { data: 'ellipse', n: 500, index: 'PCA2,Flat', view: 'transforms', params: {}, query: { kind: 'heldOut', index: 0 } } },
];
