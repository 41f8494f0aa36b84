// Every kernel takes pointers, sizes and where to write; none allocates, none knows what index it serves.
export { gram, normsSqr, pack4, pack8, products, subtractRows, sumByList } from './dense';
export { nearest, sumValues } from './nearest';
export { ipToMany, l2ToMany, toIds } from './direct';
export { heapClear, heapPush, heapSort } from './topk';
export { addRows, decodeCodes, dotTables, l2Tables, pairTables, scan8, scanBits, storeCodes } from './pq';
export { sq8Decode, sq8Encode, sq8ScanDot, sq8ScanL2 } from './sq';
export { projectOnPlane, slicePlane } from './plane';
export { graphInsert, graphLink, graphSearch } from './graph';
export { affine, copyRows, gatherParts } from './linear';
