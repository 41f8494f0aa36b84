import type { CodecSpec, Metric, Spec, TransformSpec } from './spec';
import type { Place } from './production';
import { codecOf, transformOf } from './grammar';
import { totalBits } from './terms/additive';
import { ceilDiv, listBytes } from './numbers';
import { fileBytes } from './file';
import type { Counted } from './layout';

/** What an index costs, from its tree alone. */
export type Cost = {
  /** Faiss's sa_code_size: bytes of one encoded vector, list number included; null where the class has no codec. */
  codeSize: number | null;
  /** Dimensions after the outermost chain of transforms. */
  dOut: number;
  bytesPerVector: number;
  /** The `.index` file Faiss writes after n vectors. Exact where it does not depend on the data. */
  totalBytes: number;
};

export function costOf(spec: Spec, d: number, n: number, metric: Metric, counted: Counted = {}): Cost {
  const totalBytes = fileBytes(spec, { d, n, metric, ...counted });
  return { codeSize: codeSizeOf(spec, d, metric), dOut: dOutOf(spec, d).at(-1) ?? d, bytesPerVector: n > 0 ? totalBytes / n : 0, totalBytes };
}

/** Output dimensions of each transform of the outermost chain; empty where there is none. */
export const dOutOf = (spec: Spec, d: number): number[] => (spec.kind === 'PreTransform' ? chainDims(spec.chain, d) : []);

export function chainDims(chain: TransformSpec[], d: number): number[] {
  return chain.map((transform) => (d = transformOf(transform).dOut(transform, d)));
}

export function codeSizeOf(spec: Spec, d: number, metric: Metric): number | null {
  switch (spec.kind) {
    case 'Flat': case 'Panorama': return wrap64(4 * d);
    case 'Codes': return codecOf(spec.codec).bytes(spec.codec, d, metric);
    case 'RCQ': case 'LSCQ': case 'HNSW': case 'NSG': return null;
    case 'IVF': return (spec.nlist === 0 ? 8 : listBytes(spec.nlist)) + codecOf(spec.codec).bytes(spec.codec, d, metric);
    case 'TwoLayer': return layerBytes(spec.coarse.kind === 'Flat' ? spec.coarse.nlist : 2 ** ((spec.coarse.M * spec.coarse.nbits) % 64)) + ceilDiv(spec.M * spec.nbits, 8);
    case 'PreTransform': return codeSizeOf(spec.index, chainDims(spec.chain, d).at(-1) ?? d, metric);
    case 'Refine': case 'RefinePanorama': return plus(codeSizeOf(spec.base, d, metric), codeSizeOf(spec.refine, d, metric));
    case 'IDMap': return codeSizeOf(spec.index, d, metric);
    case 'MinMax': return plus(codeSizeOf(spec.index, d, metric), spec.half ? 4 : 8);
  }
}

const plus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

/** Faiss counts bytes without a sign: a negative d wraps around. */
const wrap64 = (bytes: number): number => (bytes < 0 ? 2 ** 64 + bytes : bytes);

/** The two-layer codec numbers its centroids in whole bytes: the least n ≤ 6 with 2^(8n) ≥ nlist; beyond, Faiss forgets them. */
function layerBytes(nlist: number): number {
  for (let size = 0; size < 7; size++) if (2 ** (8 * size) >= nlist) return size;
  return 0;
}

/** nlist that an RCQ stands for. */
export const centroidsOf = (spec: Extract<Spec, { kind: 'RCQ' | 'LSCQ' }>): number => 2 ** totalBits(spec.books);

/** The metric Faiss really uses: some classes drop inner product silently. */
export function metricOf(spec: Spec, metric: Metric): Metric {
  switch (spec.kind) {
    case 'Codes': return taken(spec.codec, 'alone', metric);
    case 'IVF': return taken(spec.codec, 'fine', metric);
    case 'HNSW': case 'NSG': return taken(spec.storage, spec.kind, metric);
    case 'TwoLayer': return 'L2';
    case 'PreTransform': case 'IDMap': case 'MinMax': return metricOf(spec.index, metric);
    case 'Refine': case 'RefinePanorama': return metricOf(spec.base, metric);
    default: return metric;
  }
}

const taken = (codec: CodecSpec, place: Place, metric: Metric): Metric => (codecOf(codec).l2At?.includes(place) ? 'L2' : metric);
