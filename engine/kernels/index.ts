import { relaxedSimd } from 'wasm-feature-detect';
import type { EngineMemory } from '../memory';

/** Pointers are byte addresses in the engine's memory; sizes are counts. What each kernel computes stands above it in
 *  assembly/, and as a few lines of plain TypeScript in twins.ts. Distances are "smaller is nearer": inner products negated. */
export type Kernels = {
  // dense: many against many, rows packed
  pack8(x: number, stride: number, n: number, d: number, out: number): void;
  pack4(x: number, stride: number, n: number, d: number, out: number): void;
  normsSqr(x: number, stride: number, n: number, d: number, out: number): void;
  products(x: number, n: number, y: number, m: number, d: number, alpha: number, add: number, out: number, ldo: number): void;
  nearest(x: number, n: number, y: number, m: number, d: number, alpha: number, add: number, best: number, value: number): void;
  sumValues(values: number, n: number): number;
  sumByList(x: number, stride: number, n: number, d: number, list: number, from: number, to: number, sums: number, counts: number): void;
  gram(x: number, n: number, dx: number, y: number, dy: number, from: number, to: number, upper: number, out: number): void;
  subtractRows(x: number, n: number, d: number, y: number, list: number, out: number): void;
  // direct: one against many
  l2ToMany(x: number, y: number, n: number, d: number, out: number): void;
  ipToMany(x: number, y: number, n: number, d: number, out: number): void;
  toIds(x: number, y: number, ids: number, n: number, d: number, ip: number, out: number): void;
  // linear: a map of one vector, vectors cut into parts
  affine(x: number, A: number, b: number, m: number, d: number, out: number): void;
  copyRows(y: number, list: number, n: number, d: number, out: number, stride: number): void;
  gatherParts(x: number, stride: number, ids: number, from: number, to: number, n: number, d: number, parts: number, out: number): void;
  // rows: less their mean, to unit length, through rounds of signs and Walsh–Hadamard matrices
  sumColumns(x: number, n: number, d: number, sums: number): void;
  lessColumns(x: number, n: number, d: number, mean: number, out: number): void;
  unitRows(x: number, mean: number, n: number, d: number, out: number): void;
  hadamardRows(x: number, n: number, d: number, signs: number, p: number, out: number): void;
  // eigen: in double precision
  rankTwo(q: number, ld: number, v: number, w: number, i: number, tau: number): void;
  reflectRows(q: number, ld: number, v: number, i: number, tau: number): void;
  turnRows(q: number, n: number, c: number, s: number): void;
  // hamming
  signsOf(x: number, n: number): void;
  signBits(x: number, stride: number, n: number, nbits: number, thresholds: number, codes: number, codeSize: number): void;
  halfPeriods(x: number, n: number, nbits: number, thresholds: number, list: number, frequency: number, codes: number, codeSize: number): void;
  hammingToMany(code: number, codes: number, n: number, codeSize: number, base: number, out: number): void;
  hammingToIds(code: number, codes: number, ids: number, n: number, codeSize: number, out: number): void;
  bitSigns(codes: number, n: number, codeSize: number, out: number): void;
  // sequence
  multiSequence(table: number, ksub: number, nbits: number, k: number, dis: number, lists: number, room: number): void;
  // topk
  heapClear(dis: number, ids: number, k: number): void;
  heapPush(values: number, n: number, idOf: number, first: number, dis: number, ids: number, k: number): void;
  heapPushFirst(values: number, n: number, idOf: number, first: number, dis: number, ids: number, k: number): void;
  heapSort(dis: number, ids: number, k: number): number;
  // group: `group` is the address of a record, FIELDS in structures/flat-group.ts
  groupOpen(group: number): void;
  groupRows(group: number, from: number, n: number): void;
  groupStripe(group: number, from: number, n: number, rows: number): void;
  groupClose(group: number): void;
  // pq
  storeCodes(best: number, n: number, m: number, nbits: number, codes: number, codeSize: number): void;
  scan8(table: number, M: number, codes: number, n: number, base: number, out: number): void;
  pairTables(table: number, M: number, out: number): void;
  scanBits(table: number, M: number, nbits: number, codes: number, codeSize: number, n: number, base: number, out: number): void;
  scanTwo(query: number, first: number, second: number, half: number, M: number, nbits: number, codes: number, codeSize: number, n: number, base: number, out: number): void;
  dotTables(x: number, books: number, M: number, ksub: number, dsub: number, alpha: number, table: number): void;
  l2Tables(x: number, books: number, M: number, ksub: number, dsub: number, table: number): void;
  addRows(a: number, b: number, n: number, out: number): void;
  decodeCodes(codes: number, n: number, M: number, nbits: number, dsub: number, codeSize: number, centroids: number, out: number): void;
  // polysemous
  anneal(weights: number, targets: number, n: number, perm: number, draws: number, state: number, decay: number, rounds: number): void;
  leastEntries(table: number, M: number, code: number): void;
  scanNear(table: number, M: number, codes: number, n: number, code: number, ht: number, base: number, out: number): number;
  // sq
  sqEncode(nbits: number, x: number, n: number, d: number, min: number, range: number, codes: number, size: number): void;
  sqCast(x: number, count: number, add: number, codes: number): void;
  sqHalves(x: number, count: number, codes: number): void;
  sqUppers(x: number, count: number, codes: number): void;
  sqDecode(form: number, codes: number, size: number, n: number, d: number, offset: number, step: number, out: number): void;
  sqAimL2(x: number, offset: number, d: number, at: number): void;
  sqAimDot(x: number, offset: number, step: number, d: number, at: number): number;
  sqScanL2(form: number, x: number, step: number, codes: number, size: number, n: number, d: number, base: number, out: number): void;
  sqScanDot(form: number, w: number, codes: number, size: number, n: number, d: number, base: number, out: number): void;
  // levels, turbo
  levelsEncode(x: number, n: number, d: number, nbits: number, bounds: number, codes: number, size: number): void;
  levelsDecode(codes: number, n: number, d: number, nbits: number, levels: number, size: number, out: number): void;
  signedHadamard(x: number, d: number, signs: number, padded: number, out: number): void;
  turboEncode(x: number, n: number, d: number, nbits: number, levels: number, bounds: number, signs: number, padded: number, codes: number, size: number, room: number): void;
  turboDecode(codes: number, n: number, d: number, nbits: number, levels: number, signs: number, padded: number, share: number, size: number, room: number, out: number): void;
  turboScan(q: number, turned: number, codes: number, n: number, d: number, nbits: number, levels: number, size: number, ip: number, base: number, out: number): void;
  // eden
  edenEncode(r: number, n: number, d: number, nbits: number, biased: number, levels: number, bounds: number, codes: number, size: number, room: number): void;
  edenDecode(codes: number, n: number, d: number, nbits: number, levels: number, size: number, out: number): void;
  edenScan(q: number, codes: number, size: number, n: number, d: number, nbits: number, levels: number, ip: number, base: number, room: number, out: number): void;
  // lattice
  latticeEncode(x: number, n: number, M: number, dsub: number, r2: number, nbits: number, pointBits: number, ranges: number, atoms: number, natoms: number, counts: number, codes: number, size: number, room: number): void;
  latticePoints(first: bigint, n: number, dsub: number, r2: number, counts: number, scale: number, points: number): void;
  latticeDecode(codes: number, n: number, M: number, dsub: number, r2: number, nbits: number, pointBits: number, ranges: number, counts: number, points: number, size: number, out: number): void;
  // panorama
  panoramaTails(x: number, d: number, width: number, tails: number): void;
  panoramaOffer(q: number, tails: number, codes: number, size: number, n: number, d: number, width: number, ip: number, pick: number, idOf: number, first: number, dis: number, ids: number, k: number, tally: number): void;
  panoramaScan(q: number, tails: number, codes: number, size: number, n: number, d: number, width: number, ip: number, tally: number, out: number): void;
  // rabitq
  rabitqEncode(r: number, n: number, d: number, ex: number, ip: number, centres: number, list: number, codes: number, size: number, room: number): void;
  rabitqRound(q: number, d: number, nbits: number, rounded: number, terms: number): void;
  rabitqPlanes(rounded: number, d: number, nbits: number, planes: number): void;
  rabitqTables(rounded: number, d: number, terms: number, tables: number): void;
  rabitqEstimate(planes: number, terms: number, codes: number, size: number, n: number, d: number, half: number, base: number, out: number): void;
  rabitqFromSums(sums: number, n: number, step: number, add: number, factors: number, stride: number, half: number, base: number, out: number): void;
  rabitqFull(q: number, signs: number, toSigns: number, factors: number, stride: number, n: number, d: number, ex: number, ip: number, base: number, out: number): void;
  rabitqRefine(q: number, estimates: number, length: number, signs: number, toSigns: number, factors: number, stride: number, n: number, d: number, ex: number, ip: number, base: number, idOf: number, first: number, dis: number, ids: number, k: number): number;
  // fastscan
  packBlocks(codes: number, n: number, codeSize: number, M2: number, blocks: number): void;
  unpackBlocks(blocks: number, first: number, n: number, codeSize: number, M2: number, codes: number): void;
  roundTables(tables: number, M: number, out: number, scale: number): void;
  blockSums(tables: number, M2: number, blocks: number, n: number, sums: number): void;
  sumsToDistances(sums: number, n: number, step: number, base: number, out: number): void;
  blocksToHeap(tables: number, M2: number, blocks: number, n: number, step: number, base: number, idOf: number, first: number, sums: number, dis: number, ids: number, k: number): void;
  // additive: `layout` is (M, 4) i32, see assembly/additive.ts
  packBits(codes: number, stride: number, n: number, bit: number, nbits: number, packed: number, codeSize: number): void;
  decodeSums(codes: number, n: number, codeSize: number, layout: number, M: number, codebooks: number, d: number, dsub: number, rows: number, out: number): void;
  scanSums(table: number, layout: number, fields: number, codes: number, n: number, codeSize: number, floatBit: number, base: number, out: number): void;
  beamResiduals(x: number, stride: number, d: number, ids: number, from: number, n: number, beam: number, beams: number, codes: number, M: number, books: number, first: number, codebooks: number, out: number): void;
  beamStep(terms: number, K: number, n: number, beam: number, keep: number, beams: number, dist: number, codes: number, M: number, m: number, first: number, cross: number, scratch: number): void;
  // lsq
  localSearch(unary: number, n: number, M: number, K: number, cross: number, perturbations: number, total: number, nperts: number, rounds: number, sweeps: number, codes: number, scratch: number): void;
  normalEquations(codes: number, n: number, M: number, m: number, K: number, x: number, stride: number, d: number, square: number, right: number, ldr: number): void;
  subtractProducts(a: number, rows: number, b: number, cols: number, k: number, c: number, ld: number): void;
  choleskyBlock(a: number, n: number, ld: number): void;
  solveRows(L: number, n: number, a: number, rows: number, ld: number): void;
  solveFour(L: number, n: number, y: number, stride: number): void;
  // graph: `graph` is the address of a record, openWalker in structures/walker.ts
  graphInsert(graph: number, order: number, n: number, ef: number): void;
  graphLink(graph: number, order: number, n: number, from: number, to: number): void;
  graphSearch(graph: number, x: number, k: number, efSearch: number, dis: number, ids: number): void;
  nsgLink(graph: number, from: number, to: number, L: number, R: number, out: number): void;
  nsgLinkBack(graph: number, chosen: number, from: number, to: number): void;
  nsgSearch(graph: number, x: number, k: number, L: number, dis: number, ids: number): void;
  // descent: `pools` is the address of a record, withPools in structures/descent.ts
  descentStart(pools: number, ids: number, from: number, to: number): void;
  descentJoin(pools: number, from: number, to: number): void;
  descentSelect(pools: number, from: number, to: number): void;
  descentReverse(pools: number, from: number, to: number, seed: number): void;
  descentSettle(pools: number, from: number, to: number): void;
  descentGive(pools: number, K: number, out: number): void;
  // plane
  projectOnPlane(x: number, n: number, d: number, origin: number, u: number, v: number, out: number): void;
  slicePlane(sites: number, nsites: number, x0: number, y0: number, dx: number, dy: number, width: number, row0: number, row1: number, cells: number): void;
};

/** Compiled once, instantiated by every thread. `build` is plain SIMD (what shapes an index has the same bits everywhere);
 *  `search` may be relaxed. */
export type KernelModules = { build: WebAssembly.Module; search: WebAssembly.Module; simd: 'relaxed' | 'plain' };

export async function compileKernels(shared: boolean): Promise<KernelModules> {
  if (!shared) {
    const plain = await compile(import('./gen/base-unshared'));
    return { build: plain, search: plain, simd: 'plain' };
  }
  const build = await compile(import('./gen/base'));
  if (!(await relaxedSimd())) return { build, search: build, simd: 'plain' };
  return { build, search: await compile(import('./gen/relaxed')), simd: 'relaxed' };
}

async function compile(source: Promise<{ default: string }>): Promise<WebAssembly.Module> {
  const text = atob((await source).default);
  return WebAssembly.compile(Uint8Array.from(text, (c) => c.charCodeAt(0)));
}

export async function instantiateKernels(module: WebAssembly.Module, memory: EngineMemory['memory']): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports as unknown as Kernels;
}
