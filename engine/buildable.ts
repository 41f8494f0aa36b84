import type { CodecSpec, CoarseSpec, Spec } from './factory/spec';
import { writeFactory } from './factory/write';

/** Is there code for it? The language has words for more than the engine builds. Known from the tree alone, so that a page
 *  can say it before anything is trained; `build.ts` refuses the same. */

const CODECS: { [K in CodecSpec['kind']]: boolean } = {
  Flat: true, FlatDedup: true, FlatPanorama: true, PQ: true, PQR: true, PQfs: true, SQ: true, RQ: true, LSQ: true, PRQ: true, PLSQ: true,
  AQfs: true, RaBitQ: true, RaBitQfs: true, EDEN: true, SH: true, LSH: true, ZnLattice: true, TwoLevel: true,
};

/** The part that the engine cannot build, as written; null where it builds all of it. */
export function unbuilt(spec: Spec): string | null {
  switch (spec.kind) {
    case 'Flat': case 'Panorama': return null;
    case 'Codes': return CODECS[spec.codec.kind] ? null : writeFactory(spec);
    case 'TwoLayer': return null;
    case 'MinMax': return ['Flat', 'Codes', 'MinMax', 'TwoLayer'].includes(spec.index.kind) ? unbuilt(spec.index) : writeFactory(spec);
    case 'IVF': return unbuiltCells(spec.coarse) ?? (CODECS[spec.codec.kind] ? null : writeFactory(spec));
    case 'HNSW': case 'NSG': return CODECS[spec.storage.kind] ? null : writeFactory(spec);
    case 'PreTransform': case 'IDMap': return unbuilt(spec.index);
    case 'Refine': case 'RefinePanorama': return unbuilt(spec.base) ?? unbuilt(spec.refine);
    default: return writeFactory(spec);
  }
}

/** RCQ finds cells and is no index by itself. */
const unbuiltCells = (coarse: CoarseSpec): string | null => coarse.kind === 'Index' && coarse.index.kind !== 'RCQ' ? unbuilt(coarse.index) : null;
