/** Work that threads can be given, by name. A task gets its thread, plain arguments (numbers are pointers and sizes) and
 *  the number of its block; blocks write to places of their own. */
import { accumulateGram, assignBlock, residualBlock, transformBlock } from './dense';
import { assignPartsBlock, gatherBlock, sumPartsBlock } from './kmeans';
import { encodeBlock } from './quantizers/codec';
import { truthBlock } from './measure/truth';
import { searchBlock } from './search';
import { precomputeBlock } from './structures/ivf';
import { decodeBlock } from './transforms/opq';
import { projectBlock, sliceBlock } from './plane';
import { assignByGraphBlock } from './structures/hnsw';
import { graphInsertBlock, graphLinkBlock } from './structures/hnsw-build';

export const tasks = {
  assign: assignBlock,
  assignParts: assignPartsBlock,
  sumParts: sumPartsBlock,
  gather: gatherBlock,
  gram: accumulateGram,
  residual: residualBlock,
  transform: transformBlock,
  encode: encodeBlock,
  decodeNearest: decodeBlock,
  precompute: precomputeBlock,
  truth: truthBlock,
  search: searchBlock,
  graphInsert: graphInsertBlock,
  graphLink: graphLinkBlock,
  assignByGraph: assignByGraphBlock,
  project: projectBlock,
  slice: sliceBlock,
};
export type TaskName = keyof typeof tasks;
export type TaskArgs = { [T in TaskName]: Parameters<(typeof tasks)[T]>[1] };
