import type { CodecSpec, Spec, TransformSpec } from './spec';
import type { CodecProduction, Entry, Place, StructureProduction, TransformProduction } from './production';
import { Flat, FlatDedup, FlatPanorama, PQ, PQfs, PQR, SQ } from './terms/codes';
import { AQfs, LSQ, PLSQ, PRQ, RQ } from './terms/additive';
import { EDEN, LSH, RaBitQ, RaBitQfs, SH, ZnLattice } from './terms/bits';
import { HNSW, NSG, TwoLevel } from './terms/graphs';
import { COARSE, IMI, IVF, IVF_HNSW, IVF_Index, IVF_NSG } from './terms/coarse';
import { CoarseCodes, FlatIndex, IDMap, MinMax, Panorama, Refine, RefinePanorama, RFlat, TwoLayer } from './terms/around';
import { TRANSFORMS } from './terms/transforms';

/** The one table of the language. Reading, writing, byte counts, limits, completion, highlighting and the reference all
 *  come from its rows; a new term is one production in terms/ and one name here. */

export const CODECS: { [K in CodecSpec['kind']]: CodecProduction } = {
  Flat, FlatDedup, FlatPanorama, PQ, PQR, PQfs, SQ, RQ, LSQ, PRQ, PLSQ, AQfs, RaBitQ, RaBitQfs, EDEN, SH, LSH, ZnLattice, TwoLevel,
};

export const transformOf = (transform: TransformSpec): TransformProduction => TRANSFORMS[transform.kind];
export const codecOf = (codec: CodecSpec): CodecProduction => CODECS[codec.kind];

const byPlace = (place: Place) => Object.values(CODECS).filter((p) => p.places.includes(place));
export const CODECS_AT: { [P in Place]: readonly CodecProduction[] } = {
  alone: byPlace('alone'), fine: byPlace('fine'), HNSW: byPlace('HNSW'), NSG: byPlace('NSG'),
};

/** Every term, in the order of the reference: transforms, cells, codes, graphs, refinement, wrappers. */
export const ENTRIES: readonly Entry[] = [
  ...Object.values(TRANSFORMS),
  IVF, IVF_HNSW, IVF_NSG, IVF_Index, IMI, CoarseCodes,
  FlatIndex, Panorama, ...Object.values(CODECS).filter((p) => p !== CODECS.Flat), TwoLayer,
  HNSW, NSG, RFlat, Refine, RefinePanorama, IDMap, MinMax,
];

/** What an index is called as a whole: its own term, where it is not a chain of transforms or codes in cells. */
export function structureOf(spec: Spec): StructureProduction | null {
  switch (spec.kind) {
    case 'Flat': return FlatIndex;
    case 'Panorama': return Panorama;
    case 'RCQ': case 'LSCQ': return CoarseCodes;
    case 'HNSW': return HNSW;
    case 'NSG': return NSG;
    case 'TwoLayer': return TwoLayer;
    case 'Refine': return spec.exact ? RFlat : Refine;
    case 'RefinePanorama': return RefinePanorama;
    case 'IDMap': return IDMap;
    case 'MinMax': return MinMax;
    default: return null;
  }
}

/** Every production, with the two that Flat names: what is offered, and what is held against misspellings. */
export const PRODUCTIONS: readonly Entry[] = [CODECS.Flat, ...ENTRIES];

export { COARSE, TRANSFORMS };
