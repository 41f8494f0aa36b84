import { expect } from 'vitest';
import { blockOf } from '../quantizers/codec';
import type { Codec, HnswIndex, Index, IvfIndex, NsgIndex } from '../types';
import { validHnsw, validNsg } from './valid';

/** What must hold for any index, whatever it was built from. */
export function validIndex(index: Index): void {
  switch (index.kind) {
    case 'Flat': expect(index.vectors.length).toBe(index.n * index.d); break;
    case 'Codes': validCodes(index.codec, index.codes, Math.ceil(index.n / blockOf(index.codec).codes)); break;
    case 'IVF': validIvf(index); break;
    case 'HNSW': validHnsw(index); validStorage(index); break;
    case 'NSG': validNsg(index); validStorage(index); break;
    case 'PreTransform': case 'IDMap': validIndex(index.index); break;
    case 'Refine': validIndex(index.base); if (index.refine.kind !== 'RefineCodes') validIndex(index.refine); break;
  }
}

/** A graph's nodes are n vectors, or n codes. */
function validStorage({ storage, n, d }: HnswIndex | NsgIndex): void {
  expect([storage.n, storage.d]).toEqual([n, d]);
  validIndex(storage);
}

/** Lists partition the ids; inside a list ids ascend. */
function validIvf({ offsets, blocks, ids, codes, codec, n, nlist, coarse }: IvfIndex): void {
  expect(offsets.length).toBe(nlist + 1);
  expect(offsets[0]).toBe(0);
  expect(offsets[nlist]).toBe(n);
  expect(new Set(ids).size).toBe(n);
  for (let l = 0; l < nlist; l++) {
    const list = [...ids.subarray(offsets[l], offsets[l + 1])];
    expect(list).toEqual([...list].sort((a, b) => a - b));
  }
  expect([...ids].every((id) => id >= 0 && id < n)).toBe(true);
  expect([...blocks].slice(1).map((b, l) => b - (blocks[l] ?? 0))).toEqual([...offsets].slice(1).map((o, l) => Math.ceil((o - (offsets[l] ?? 0)) / blockOf(codec).codes)));
  validCodes(codec, codes, blocks[nlist] ?? 0);
  if (coarse.kind === 'HNSW') validHnsw(coarse);
  if (coarse.kind === 'NSG') validNsg(coarse);
  if (coarse.kind === 'RCQ') {
    expect(nlist).toBe(2 ** coarse.nbits.reduce((sum, b) => sum + b, 0));
    expect(coarse.centroids.every(Number.isFinite)).toBe(true);
  }
}

function validCodes(codec: Codec, codes: Uint8Array, blocks: number): void {
  expect(codes.length).toBe(blocks * blockOf(codec).bytes);
  if (codec.kind === 'PQ') {
    expect(codec.ksub).toBe(2 ** codec.nbits);
    expect(codec.centroids.length).toBe(codec.M * codec.ksub * codec.dsub);
    expect(codec.centroids.every(Number.isFinite)).toBe(true);
  }
  if (codec.kind === 'AQ') {
    const { splits, nbits, first, layout, d, codebooks, norms } = codec;
    expect([...first]).toEqual(nbits.reduce((rows, b) => [...rows, (rows.at(-1) ?? 0) + 2 ** b], [0]));
    expect(layout.length).toBe((splits * nbits.length + 1) * 4);
    expect(codebooks.length).toBe((first.at(-1) ?? 0) * d);
    expect([...codebooks, ...norms.values].every(Number.isFinite)).toBe(true);
  }
  if (codec.kind === 'SQ' && codec.trained.length === 2 * codec.d) expect([...codec.trained.subarray(codec.d)].every((range) => range >= 0)).toBe(true);
}
