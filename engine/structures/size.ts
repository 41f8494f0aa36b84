import type { Counted } from '../factory/layout';
import { anatomyOf } from '../measure/recall';
import type { Codec, Index } from '../types';
import { hnswLinkSlots } from './hnsw';
import { nsgLinksUsed } from './nsg';

/** What the size of an index depends on beside n, d and the string. */
export const countedOf = (index: Index): Counted => ({ links: graphLinks(index), filled: filledLists(index), blocks: filledBlocks(index), duplicates: duplicatesOf(index) });

/** Slots above level 0 of an HNSW, links of an NSG. */
function graphLinks(index: Index): number | undefined {
  switch (index.kind) {
    case 'HNSW': return hnswLinkSlots(index) - 2 * index.M * index.n;
    case 'NSG': return nsgLinksUsed(index);
    case 'IVF': return index.coarse.kind === 'RCQ' || index.coarse.kind === 'IMI' ? undefined : graphLinks(index.coarse);
    case 'PreTransform': case 'IDMap': return graphLinks(index.index);
    case 'Refine': return graphLinks(index.base) ?? (index.refine.kind === 'RefineCodes' ? undefined : graphLinks(index.refine));
    default: return undefined;
  }
}

function filledLists(index: Index): number | undefined {
  const { ivf } = anatomyOf(index);
  return ivf?.offsets.reduce((sum, from, list) => sum + (from < (ivf.offsets[list + 1] ?? from) ? 1 : 0), 0);
}

/** Vectors of a block in a file, which are not those of a block in memory. */
function blockSize(codec: Codec): number | undefined {
  switch (codec.kind) {
    case 'PQfs': case 'AQfs': case 'RaBitQfs': return codec.bbs;
    case 'FlatPanorama': return codec.batch;
    default: return undefined;
  }
}

function filledBlocks(index: Index): number | undefined {
  const { ivf } = anatomyOf(index), size = ivf && blockSize(ivf.codec);
  return ivf && size ? ivf.offsets.reduce((sum, from, list) => sum + Math.ceil(((ivf.offsets[list + 1] ?? from) - from) / size), 0) : undefined;
}

function duplicatesOf(index: Index): number | undefined {
  const { ivf } = anatomyOf(index);
  return ivf?.codec.kind === 'FlatDedup' ? ivf.n - ivf.codec.vectors.length / ivf.d : undefined;
}
