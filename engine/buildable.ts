import { whyNoCodes } from './factory/duty';
import type { CoarseSpec, Spec } from './factory/spec';
import { writeFactory } from './factory/write';

/** What of the language is read and explained but not built. Known from the tree alone, so that a page can say it before anything is
 *  trained; `build.ts` starts from it. */

/** The part that cannot be built, as written; null where all of it can. */
export const unbuilt = (spec: Spec): string | null => gapIn(spec)?.part ?? null;

/** Why it is not built, in a sentence; null where all of it is. */
export const whyUnbuilt = (spec: Spec): string | null => gapIn(spec)?.why ?? null;

type Gap = { part: string; why: string };

function gapIn(spec: Spec): Gap | null {
  const part = writeFactory(spec);
  switch (spec.kind) {
    case 'LSCQ': return { part, why: `${part} cannot be built: Faiss trains it, and it takes no vectors, so no centroids either. RCQ finds cells, as in IVF256(RCQ2x4),Flat.` };
    case 'RCQ': return { part, why: `${part} holds no vectors and cannot be built by itself. It finds the cells of an inverted file, as in IVF256(RCQ2x4),Flat.` };
    case 'MinMax': {
      const why = whyNoCodes(spec.index);
      return why === null ? gapIn(spec.index) : { part, why: `${part} cannot be built: MinMax only encodes and decodes, and ${why}. MinMax,SQ8 and MinMax,IVF256,PQ16 are of the kind that works.` };
    }
    case 'IVF': return gapInCells(spec.coarse);
    case 'PreTransform': case 'IDMap': return gapIn(spec.index);
    case 'Refine': case 'RefinePanorama': return gapIn(spec.base) ?? gapIn(spec.refine);
    default: return null;
  }
}

/** RCQ finds cells and is no index by itself. */
const gapInCells = (coarse: CoarseSpec): Gap | null => coarse.kind === 'Index' && coarse.index.kind !== 'RCQ' ? gapIn(coarse.index) : null;
