// Every kernel takes pointers, sizes and where to write; none allocates, none knows what index it serves.
export { gram, normsSqr, pack4, pack8, products, subtractRows, sumByList } from './dense';
export { nearest, sumValues } from './nearest';
export { ipToMany, l2ToMany, toIds } from './direct';
export { heapClear, heapPush, heapSort } from './topk';
export { addRows, decodeCodes, dotTables, l2Tables, pairTables, scan8, scanBits, storeCodes } from './pq';
export { sqAimDot, sqAimL2, sqCast, sqDecode, sqEncode, sqHalves, sqScanDot, sqScanL2, sqUppers } from './sq';
export { levelsDecode, levelsEncode } from './levels';
export { signedHadamard, turboDecode, turboEncode, turboScan } from './turbo';
export { blockSums, blocksToHeap, packBlocks, roundTables, sumsToDistances, unpackBlocks } from './fastscan';
export { projectOnPlane, slicePlane } from './plane';
export { graphInsert, graphLink, graphSearch } from './graph';
export { affine, copyRows, gatherParts } from './linear';
export { hadamardRows, unitRows } from './rows';
export { hammingToMany, signBits, signsOf } from './hamming';
export { multiSequence } from './sequence';
export { beamResiduals, beamStep, decodeSums, packBits, scanSums } from './additive';
export { choleskyBlock, localSearch, normalEquations, solveFour, solveRows, subtractProducts } from './lsq';
