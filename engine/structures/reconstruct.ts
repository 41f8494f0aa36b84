/** What an index holds, given back as vectors: exactly, or as near as its codes allow. */
import { DECODE_SCRATCH, decodeRows } from '../quantizers/codec';
import type { Thread } from '../thread';
import { scratchF32 } from '../thread';
import { invertOne } from '../transforms/apply';
import type { Index, Transform } from '../types';

/** The vectors in order of id, to out (n, d). An IVF has no way back from an id, as in Faiss. */
export function reconstructAll(thread: Thread, index: Index, out: Float32Array): void {
  switch (index.kind) {
    case 'Flat': out.set(index.vectors); break;
    case 'Codes': decodeRows(thread, index.codec, index.codes.byteOffset, index.n, out.byteOffset); break;
    case 'HNSW': case 'NSG': reconstructAll(thread, index.storage, out); break;
    case 'Refine':
      if (index.refine.kind === 'RefineCodes') throw new Error('reconstructAll: an IVF gives no vectors back');
      reconstructAll(thread, index.refine, out);
      break;
    case 'IDMap': reconstructAll(thread, index.index, out); break;
    case 'PreTransform': return backThrough(thread, index.chain, index.index, out);
    default: throw new Error(`reconstructAll: ${index.kind} gives no vectors back`);
  }
}

function backThrough(thread: Thread, chain: Transform[], inner: Index, out: Float32Array): void {
  const { top } = thread, rows = scratchF32(thread, inner.n * inner.d), d = out.length / inner.n;
  reconstructAll(thread, inner, rows);
  for (let i = 0; i < inner.n; i++) {
    const row = chain.toReversed().reduce<Float32Array>((y, transform) => invertOne(transform, y, new Float32Array(transform.dIn)), rows.slice(i * inner.d, (i + 1) * inner.d));
    out.set(row, i * d);
  }
  thread.top = top;
}

/** Bound of the scratch that reconstructAll takes. */
export function reconstructScratch(index: Index): number {
  switch (index.kind) {
    case 'HNSW': case 'NSG': return reconstructScratch(index.storage);
    case 'Refine': return index.refine.kind === 'RefineCodes' ? 0 : reconstructScratch(index.refine);
    case 'IDMap': return reconstructScratch(index.index);
    case 'PreTransform': return index.index.n * index.index.d * 4 + 64 + reconstructScratch(index.index);
    default: return DECODE_SCRATCH;
  }
}
