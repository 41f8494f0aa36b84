import type { Metric, Spec } from './spec';
import type { Fit } from './check';
import { codecOf, transformOf } from './grammar';
import { chainDims } from './cost';
import { NSG_MIN } from './terms/graphs';
import { writeCodec } from './write';
import { writeNlist } from './terms/coarse';
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
      return [...few(term, centroids, n, at('coarse')), ...fewPer(term, centroids, n, at('coarse')), ...fewForCodec(spec.codec, d, n, at('codec'))];
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

const few = (term: string, needs: number, n: number, path: string): Finding[] =>
  n < needs ? [{ ...data(say.fewVectors(term, needs, n)), path }] : [];

const fewPer = (term: string, centroids: number, n: number, path: string): Finding[] =>
  n >= centroids && n < centroids * ADVISED_PER_CENTROID && centroids > 1
    ? [{ ...advice(say.fewPerCentroid(term, centroids * ADVISED_PER_CENTROID, n)), path }] : [];

function fewForCodec(codec: Extract<Spec, { kind: 'Codes' }>['codec'], d: number, n: number, path: string): Finding[] {
  const production = codecOf(codec);
  const term = writeCodec(codec);
  const centroids = production.centroids?.(codec) ?? 0;
  const books = 4 * d * centroids;
  const larger = books > 4 * d * n ? [{ ...data(say.booksLargerThanData(term, books, 4 * d * n)), path }] : [];
  return [...few(term, production.trainMin(codec, d), n, path), ...fewPer(term, centroids, n, path), ...larger];
}
