import { count, countAfter, eat } from '../reader';
import type { CodecOf } from '../spec';
import type { CodecProduction, Parameter, StructureProduction } from '../production';
import { cannot, data, refused, say, type Finding } from '../problems';
import { centroidBits, parts, someParts } from './codes';
import { layerFile } from '../layout';
import { ceilDiv, divisors, listBytes, powers, upTo } from '../numbers';
import { FAISS } from '../papers';

/** Graphs that hold the vectors or their codes. */

export const links = () => [2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128];

export const efSearch: Parameter = {
  name: 'efSearch', meaning: 'How many candidates the walk keeps in view; the more, the surer and slower.',
  default: 16, min: 1, max: 4096, values: powers(4, 512), rank: 2,
};
const searchL: Parameter = { ...efSearch, name: 'search_L', attribute: 'nsg.search_L' };

// HNSW → "HNSW" [ M ] [ ("," | "_") storage ]       HNSW32 · HNSW32,SQ8
export const HNSW: StructureProduction = {
  name: 'HNSW', role: 'graph', syntax: '"HNSW" [M] [("," | "_") storage]', examples: ['HNSW32', 'HNSW32,SQ8'],
  meaning: 'A layered graph: a greedy walk from the sparse top to the dense bottom, M links per vector and layer.',
  limits: 'M is at least 2. PQ storage is always L2.',
  parts: {
    M: 'links per vector on an upper layer, twice as many on the lowest; 32 when left out',
    storage: 'a code: Flat, SQ…, PQ…, FlatPanorama or …+PQ; Flat when left out',
  },
  words: { HNSW: 'HNSW32' },
  offers: () => ['HNSW32'],
  choices: { M: links },
  parameters: [efSearch],
  builds: 'IndexHNSWFlat, IndexHNSWSQ, IndexHNSWPQ, IndexHNSW2Level',
  size: '8·M + 12, and 4·M for each upper layer a vector stands on',
  training: 'None for the graph, which is linked as vectors are added with 40 candidates (efConstruction); the storage is trained.',
  traps: ['HNSW1', 'HNSW16,SQtq4'],
  paper: 'Malkov & Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs, PAMI 2020',
};

// NSG → "NSG" [ R ] [ ("," | "_") storage ]         NSG32 · NSG32,SQ8
export const NSG: StructureProduction = {
  name: 'NSG', role: 'graph', syntax: '"NSG" [R] [("," | "_") storage]', examples: ['NSG32', 'NSG32,SQ8'],
  meaning: 'One layer of at most R links per vector, pruned from a nearest-neighbour graph; built once from all vectors.',
  limits: 'R is at least 2; more than 100 vectors, all added at once. PQ storage is always L2.',
  parts: { R: 'links per vector; 32 when left out', storage: 'a code: Flat, SQ… or PQ…; Flat when left out' },
  words: { NSG: 'NSG32' },
  offers: () => ['NSG32'],
  choices: { R: links },
  parameters: [searchL],
  builds: 'IndexNSGFlat, IndexNSGSQ, IndexNSGPQ',
  size: '4·R',
  training: 'None for the graph, which is built once over all vectors, from 64 neighbours each found by NN-descent.',
  traps: ['NSG1'],
  paper: 'Fu, Xiang, Wang & Cai, Fast approximate nearest neighbor search with the navigating spreading-out graph, VLDB 2019',
};

/** Vectors below which NN-descent cannot start a graph. */
export const NSG_MIN = 101;

export const tooFewLinks = (term: string, links: number, instead: string): Finding[] =>
  links >= 2 ? [] : [cannot('add', `${term} leaves no room for links; 2 are the least`, instead)];

// TwoLevel → nlist "+PQ" M | "2x" nbits "+PQ" M     HNSW32,256+PQ16 · HNSW32,2x4+PQ16
export const TwoLevel: CodecProduction<CodecOf<'TwoLevel'>> = {
  name: '+PQ', role: 'code', syntax: 'nlist "+PQ" M | "2x" nbits "+PQ" M', examples: ['HNSW32,256+PQ16', 'HNSW32,2x4+PQ16'],
  places: ['HNSW'],
  meaning: 'Keeps the number of a centroid (or of two half centroids) and a product code of what is left.',
  limits: 'M divides d; always L2; under HNSW only.',
  parts: { nlist: 'centroids of the first layer', nbits: 'bits per half of the first layer', M: 'parts of the product code' },
  words: {},
  offers: (d) => [`256+PQ${someParts(d)}`],
  choices: { nlist: () => powers(1, 2 ** 16), nbits: () => upTo(12), M: divisors },
  builds: 'IndexHNSW2Level',
  size: '⌈log2(nlist)/8⌉ + M',
  training: 'k-means for the first layer, then 256 centroids for each part of what is left.',
  traps: ['HNSW32,256+PQ'],
  paper: FAISS,
  read(c) {
    const nbits = countAfter(c, '2x');
    const nlist = nbits === undefined ? count(c) : 0;
    if (nbits === null || nlist === null || !eat(c, '+PQ')) return null;
    const coarse = nbits === undefined ? { kind: 'Flat' as const, nlist } : { kind: 'IMI' as const, nbits };
    const M = count(c);
    return M === null ? { kind: 'TwoLevel', coarse } : { kind: 'TwoLevel', coarse, M };
  },
  write: ({ coarse, M }) => `${coarse.kind === 'Flat' ? coarse.nlist : `2x${coarse.nbits}`}+PQ${M ?? ''}`,
  bytes: ({ coarse, M }) => listBytes(coarse.kind === 'Flat' ? coarse.nlist : 4 ** coarse.nbits) + ceilDiv((M ?? 0) * 8, 8),
  check({ coarse, M }, { d, metric }) {
    const head = coarse.kind === 'Flat' ? String(coarse.nlist) : `2x${coarse.nbits}`;
    if (M === undefined) return [refused(say.missingNumber(`${head}+PQ`), `${head}+PQ16`)];
    const findings: Finding[] = parts('PQ', M, '', d).map((f) => ({ ...f, replace: `${head}+${f.replace ?? ''}` }));
    if (coarse.kind === 'IMI' && d % 2 !== 0) findings.push(refused(say.oddHalves(d, 2)));
    if (coarse.kind === 'IMI') findings.push(...centroidBits(head, coarse.nbits, d));
    if (coarse.kind === 'IMI' && coarse.nbits === 0) findings.push(cannot('save', 'codes of 0 bits are not read back'));
    if (coarse.kind === 'Flat' && coarse.nlist === 0) findings.push(cannot('use', 'there is no centroid'));
    if (metric === 'IP') findings.push(data(say.metricIgnored('HNSW,…+PQ')));
    return findings;
  },
  trainMin: ({ coarse }) => Math.max(256, coarse.kind === 'Flat' ? coarse.nlist : 2 ** coarse.nbits),
  fileBytes: ({ coarse, M }, _, size) => layerFile(coarse.kind === 'Flat' ? coarse : { M: 2, nbits: coarse.nbits }, { M: M ?? 0, nbits: 8 }, size),
  l2At: ['HNSW'],
  scoresAt: [],
  residual: () => false,
  centroids: () => 256,
};
