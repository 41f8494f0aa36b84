import type { CodecSpec, Metric, Spec } from './spec';
import type { Place } from './production';
import { codecOf, transformOf } from './grammar';
import { additiveBytes } from './terms/additive';
import { floats, FOURCC, HEADER, layerFile, panoramaBytes, pqBytes, VEC, type Counted, type Sized } from './layout';

/** Size of the file that Faiss's write_index makes, field by field: little-endian, no alignment, no checksum.
 *  Exact where it does not depend on the data; where absent, graphs take the expected number of links and cells are taken as filled. */

type Size = Counted & { d: number; n: number; metric: Metric };

export function fileBytes(spec: Spec, size: Size): number {
  const { d, n, metric } = size;
  switch (spec.kind) {
    case 'Flat': return HEADER + floats(d * n);
    case 'Panorama': return FOURCC + 4 + 8 + 8 + 8 + 1 + panoramaBytes(spec.levels, spec.batch, d, n);
    case 'Codes': return HEADER + codecOf(spec.codec).fileBytes(spec.codec, 'alone', cut(size, 0));
    case 'RCQ': case 'LSCQ': return HEADER + additiveBytes({ kind: spec.kind === 'RCQ' ? 'RQ' : 'LSQ', books: spec.books, norm: null }, d) + 4;
    case 'IVF': return ivfBytes(spec, size);
    case 'HNSW': return hnswBytes(spec.M, n, size.links) + HEADER + storageBytes(spec.storage, spec.kind, size);
    case 'NSG': return HEADER + 4 + 1 + 4 * 4 + (6 * 4 + 1) + 4 * (n + (size.links ?? n * NSG_USED * spec.R)) + storageBytes(spec.storage, spec.kind, size);
    case 'TwoLayer': return HEADER + layerFile(spec.coarse, spec, cut(size, 0));
    case 'PreTransform': return chainFile(spec, size);
    case 'Refine': case 'RefinePanorama': return HEADER + fileBytes(spec.base, size) + fileBytes(spec.refine, size) + 4;
    case 'IDMap': return HEADER + fileBytes(spec.index, size) + VEC + 8 * n;
    case 'MinMax': return HEADER + fileBytes(spec.index, { d, n: 0, metric });
  }
}

function chainFile({ chain, index }: Extract<Spec, { kind: 'PreTransform' }>, size: Size): number {
  let d = size.d;
  let bytes = HEADER + 4;
  for (const transform of chain) {
    bytes += transformOf(transform).fileBytes(transform, d);
    d = transformOf(transform).dOut(transform, d);
  }
  return bytes + fileBytes(index, { ...size, d });
}

/** Share of the R links of an NSG that are used, on isotropic data; only those are written. */
const NSG_USED = 2 / 3;

const storageBytes = (storage: CodecSpec, place: Place, size: Size): number => HEADER + codecOf(storage).fileBytes(storage, place, cut(size, 0));

/** Codes in nlist lists, or in none. */
const cut = ({ d, n, filled, blocks, duplicates }: Size, nlist: number): Sized => ({ d, n, nlist, filled, blocks, duplicates });

/** Level 0 has 2M slots; a vector reaches each further level with probability 1/M. */
function hnswBytes(M: number, n: number, links?: number): number {
  const levels = levelCount(M);
  const upper = links ?? (n * M) / (M - 1);
  return VEC + 8 * levels + VEC + 4 * (levels + 1) + VEC + 4 * n + VEC + 8 * (n + 1) + VEC + 4 * (n * 2 * M + upper) + 5 * 4;
}

/** Levels whose probability exp(−l·ln M)·(1 − 1/M) is at least 1e−9. */
function levelCount(M: number): number {
  let levels = 0;
  const scale = 1 / Math.log(M);
  while (Math.exp(-levels / scale) * (1 - Math.exp(-1 / scale)) >= 1e-9) levels++;
  return levels;
}

function ivfBytes({ nlist, coarse, codec }: Extract<Spec, { kind: 'IVF' }>, size: Size): number {
  return HEADER + 8 + 8 + coarseBytes(nlist, coarse, size) + 1 + VEC + codecOf(codec).fileBytes(codec, 'fine', cut(size, nlist));
}

function coarseBytes(nlist: number, coarse: Extract<Spec, { kind: 'IVF' }>['coarse'], { d, metric, links }: Size): number {
  const size: Size = links === undefined ? { d, n: nlist, metric } : { d, n: nlist, metric, links };
  switch (coarse.kind) {
    case 'Flat': return fileBytes({ kind: 'Flat' }, size);
    case 'HNSW': return fileBytes({ kind: 'HNSW', M: coarse.M, storage: { kind: 'Flat' } }, size);
    case 'NSG': return fileBytes({ kind: 'NSG', R: coarse.R, storage: { kind: 'Flat' } }, size);
    case 'IMI': return HEADER + pqBytes(d, coarse.nbits);
    case 'Index': return fileBytes(coarse.index, size);
  }
}
