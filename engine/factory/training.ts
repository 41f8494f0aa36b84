import type { CodecSpec, Metric, Spec } from './spec';
import type { Fit } from './check';
import { codecOf, transformOf } from './grammar';
import { chainDims } from './cost';
import { NSG_MIN } from './terms/graphs';
import { writeCodec, writeFactory } from './write';
import { writeCoarse, writeNlist } from './terms/coarse';
import { advice, data, say, type Finding } from './problems';

/** Vectors below which Faiss cannot train (or, for NSG, build) the index. */
export function trainMin(spec: Spec, d: number, metric: Metric): number {
  switch (spec.kind) {
    case 'Flat': case 'Panorama': return 0;
    case 'Codes': return codecOf(spec.codec).trainMin(spec.codec, d);
    case 'RCQ': case 'LSCQ': return Math.max(...spec.books.map((b) => 2 ** b.nbits));
    case 'IVF': return Math.max(coarseMin(spec), codecOf(spec.codec).trainMin(spec.codec, d));
    case 'HNSW': return codecOf(spec.storage).trainMin(spec.storage, d);
    case 'NSG': return Math.max(NSG_MIN, codecOf(spec.storage).trainMin(spec.storage, d));
    case 'TwoLayer': return Math.max(2 ** spec.nbits, spec.coarse.kind === 'Flat' ? spec.coarse.nlist : 2 ** spec.coarse.nbits);
    case 'PreTransform': {
      const dims = [d, ...chainDims(spec.chain, d)];
      const chain = spec.chain.map((t, i) => transformOf(t).trainMin(t, dims[i] ?? d));
      return Math.max(...chain, trainMin(spec.index, dims.at(-1) ?? d, metric));
    }
    case 'Refine': case 'RefinePanorama': return Math.max(trainMin(spec.base, d, metric), trainMin(spec.refine, d, metric));
    case 'IDMap': case 'MinMax': return trainMin(spec.index, d, metric);
  }
}

function coarseMin({ nlist, coarse }: Extract<Spec, { kind: 'IVF' }>): number {
  if (coarse.kind === 'IMI') return 2 ** coarse.nbits;
  if (coarse.kind === 'Index' && coarse.index.kind === 'RCQ') return Math.max(...coarse.index.books.map((b) => 2 ** b.nbits));
  return nlist;
}

/** k-means refuses fewer points than centroids and is content from this many points per centroid. */
const ADVISED_PER_CENTROID = 39;

/** Too few vectors, for each part that is trained on the data. */
export function fewVectors(spec: Spec, { d, metric, n }: Fit, path = ''): Finding[] {
  if (n === undefined || d <= 0) return [];
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const fit = { d, metric, n };
  switch (spec.kind) {
    case 'Codes': return fewForCodec(spec.codec, d, n, at('codec'));
    case 'HNSW': return fewForCodec(spec.storage, d, n, at('storage'));
    case 'NSG': return [...few(`NSG${spec.R}`, NSG_MIN, n, path), ...fewForCodec(spec.storage, d, n, at('storage'))];
    case 'IVF': {
      const centroids = coarseMin(spec);
      const term = spec.coarse.kind === 'IMI' ? `IMI2x${spec.coarse.nbits}` : `IVF${writeNlist(spec.nlist)}`;
      const fewer = fewerCells(spec, n);
      return [...few(term, centroids, n, at('coarse'), fewer), ...fewPer(term, centroids, n, at('coarse'), fewer), ...fewForCodec(spec.codec, d, n, at('codec'))];
    }
    case 'PreTransform': {
      const dims = [d, ...chainDims(spec.chain, d)];
      const chain = spec.chain.flatMap((t, i) => few(transformOf(t).write(t), transformOf(t).trainMin(t, dims[i] ?? d), n, at(`chain.${i}`)));
      return [...chain, ...fewVectors(spec.index, { ...fit, d: dims.at(-1) ?? d }, at('index'))];
    }
    case 'Refine': case 'RefinePanorama': return [...fewVectors(spec.base, fit, at('base')), ...fewVectors(spec.refine, fit, at('refine'))];
    case 'IDMap': case 'MinMax': return fewVectors(spec.index, fit, at('index'));
    default: return few('This index', trainMin(spec, d, metric), n, path);
  }
}

/** As many cells as n vectors train well, written alike; undefined where another part has a say in their number. */
function fewerCells({ coarse }: Extract<Spec, { kind: 'IVF' }>, n: number): string | undefined {
  const bits = trainedBits(n);
  if (coarse.kind === 'IMI') return `IMI2x${bits}`;
  return coarse.kind === 'Index' || (coarse.kind === 'NSG' && 2 ** bits < NSG_MIN) ? undefined : writeCoarse(2 ** bits, coarse, writeFactory);
}

/** Bits of the number of centroids that n vectors train well. */
const trainedBits = (n: number): number => Math.max(1, Math.floor(Math.log2(n / ADVISED_PER_CENTROID)));

const orElse = (finding: Finding, path: string, replace: string | undefined): Finding => ({ ...finding, path, ...(replace === undefined ? {} : { replace }) });

const few = (term: string, needs: number, n: number, path: string, fewer?: string): Finding[] =>
  n < needs ? [orElse(data(say.fewVectors(term, needs, n)), path, fewer)] : [];

const fewPer = (term: string, centroids: number, n: number, path: string, fewer?: string): Finding[] =>
  n >= centroids && n < centroids * ADVISED_PER_CENTROID && centroids > 1
    ? [orElse(advice(say.fewPerCentroid(term, centroids * ADVISED_PER_CENTROID, n)), path, fewer)] : [];

function fewForCodec(codec: CodecSpec, d: number, n: number, path: string): Finding[] {
  const production = codecOf(codec), term = writeCodec(codec);
  const centroids = production.centroids?.(codec) ?? 0, books = 4 * d * centroids;
  const fewer = codec.kind === 'PQ' && codec.nbits > trainedBits(n) ? writeCodec({ ...codec, nbits: trainedBits(n) }) : undefined;
  const larger = books > 4 * d * n ? [orElse(data(say.booksLargerThanData(term, books, 4 * d * n)), path, fewer)] : [];
  return [...few(term, production.trainMin(codec, d), n, path, fewer), ...fewPer(term, centroids, n, path, fewer), ...larger];
}
