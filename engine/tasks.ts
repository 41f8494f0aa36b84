/** Work that threads can be given, by name. A task gets its thread, plain arguments (numbers are pointers and sizes) and
 *  the number of its block; blocks write to places of their own. */
import { assignBinaryBlock, searchBinaryBlock } from './binary/search';
import { accumulateGram, assignBlock, residualBlock, transformBlock } from './dense';
import { assignPartsBlock, gatherBlock, sumPartsBlock } from './kmeans';
import { choleskyRowsBlock, choleskySolveBlock, choleskyUpdateBlock, normalBlock } from './least-squares';
import { encodeBlock, packBlock } from './quantizers/codec';
import { crossBlock, localSearchBlock } from './quantizers/lsq';
import { annealBlock } from './quantizers/polysemous';
import { beamResidualBlock, extendBlock } from './quantizers/rq';
import { listTableBlock } from './quantizers/tables';
import { causesBlock } from './measure/causes';
import { curveBlock } from './measure/curves';
import { truthBlock } from './measure/truth';
import { searchBlock } from './search';
import { searchGroupBlock } from './search-together';
import { precomputeBlock } from './structures/precompute';
import { subtractDecodedBlock } from './structures/refine-codes';
import { mapBlock } from './transforms/apply';
import { cornersBlock } from './transforms/itq';
import { decodeBlock } from './transforms/opq';
import { projectBlock, sliceBlock } from './plane';
import { assignByGraphBlock } from './structures/assign';
import { assignByIndexBlock } from './structures/coarse';
import { descentJoinBlock, descentReverseBlock, descentSelectBlock, descentSettleBlock, descentStartBlock } from './structures/descent';
import { assignByRcqBlock } from './structures/rcq';
import { graphInsertBlock, graphLinkBlock } from './structures/hnsw-build';
import { nsgLinkBackBlock, nsgLinkBlock } from './structures/nsg-build';

export const tasks = {
  assign: assignBlock,
  assignParts: assignPartsBlock,
  sumParts: sumPartsBlock,
  gather: gatherBlock,
  gram: accumulateGram,
  residual: residualBlock,
  transform: transformBlock,
  mapRows: mapBlock,
  corners: cornersBlock,
  encode: encodeBlock,
  pack: packBlock,
  decodeNearest: decodeBlock,
  beamResiduals: beamResidualBlock,
  extend: extendBlock,
  crossProducts: crossBlock,
  localSearch: localSearchBlock,
  normalEquations: normalBlock,
  choleskyUpdate: choleskyUpdateBlock,
  choleskyRows: choleskyRowsBlock,
  choleskySolve: choleskySolveBlock,
  precompute: precomputeBlock,
  subtractDecoded: subtractDecodedBlock,
  listTables: listTableBlock,
  truth: truthBlock,
  causes: causesBlock,
  curve: curveBlock,
  search: searchBlock,
  searchTogether: searchGroupBlock,
  graphInsert: graphInsertBlock,
  graphLink: graphLinkBlock,
  assignByGraph: assignByGraphBlock,
  assignByIndex: assignByIndexBlock,
  descentStart: descentStartBlock,
  descentJoin: descentJoinBlock,
  descentSelect: descentSelectBlock,
  descentReverse: descentReverseBlock,
  descentSettle: descentSettleBlock,
  nsgLink: nsgLinkBlock,
  nsgLinkBack: nsgLinkBackBlock,
  assignByRcq: assignByRcqBlock,
  anneal: annealBlock,
  searchBinary: searchBinaryBlock,
  assignBinary: assignBinaryBlock,
  project: projectBlock,
  slice: sliceBlock,
};
export type TaskName = keyof typeof tasks;
export type TaskArgs = { [T in TaskName]: Parameters<(typeof tasks)[T]>[1] };
