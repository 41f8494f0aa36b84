import type { CoarseSpec, Spec } from './factory/spec';
import { writeFactory } from './factory/write';

/** What of the language is read and explained but not built. Known from the tree alone, so that a page can say it before anything is
 *  trained; `build.ts` starts from it. */

/** The part that cannot be built, as written; null where all of it can. */
export function unbuilt(spec: Spec): string | null {
  switch (spec.kind) {
    case 'RCQ': case 'LSCQ': return writeFactory(spec);
    case 'MinMax': return isCode(spec.index) ? unbuilt(spec.index) : writeFactory(spec);
    case 'IVF': return unbuiltCells(spec.coarse);
    case 'PreTransform': case 'IDMap': return unbuilt(spec.index);
    case 'Refine': case 'RefinePanorama': return unbuilt(spec.base) ?? unbuilt(spec.refine);
    default: return null;
  }
}

/** RCQ finds cells and is no index by itself. */
const unbuiltCells = (coarse: CoarseSpec): string | null => coarse.kind === 'Index' && coarse.index.kind !== 'RCQ' ? unbuilt(coarse.index) : null;

/** A code of the vector itself, which MinMax may stand before. */
const isCode = ({ kind }: Spec) => kind === 'Flat' || kind === 'Codes' || kind === 'MinMax' || kind === 'TwoLayer';

/** Why a part is not built, in a sentence. */
export function whyUnbuilt(part: string): string {
  if (part.startsWith('LSCQ')) return `${part} cannot be built: Faiss trains it, and it takes no vectors, so no centroids either. RCQ finds cells, as in IVF256(RCQ2x4),Flat.`;
  if (part.startsWith('RCQ')) return `${part} holds no vectors and cannot be built by itself. It finds the cells of an inverted file, as in IVF256(RCQ2x4),Flat.`;
  return `The explorer reads ${part} but cannot build it: MinMax is built before a code such as SQ8 or PQ16, not before another index.`;
}
