import { expect } from 'vitest';
import { runOf } from '../../binary/hash';
import type { BinaryHash, BinaryIndex, BinaryIvf } from '../../binary/types';

/** What must hold of any binary index. */
export function validBinary(index: BinaryIndex): void {
  const { n, d, codeSize } = index;
  expect(codeSize * 8).toBe(d);
  switch (index.kind) {
    case 'BFlat': expect(index.codes.length).toBe(n * codeSize); break;
    case 'BIVF': validLists(index); break;
    case 'BHNSW': expect(index.rows.length).toBe(n * 4 * index.words); validLinks(index); break;
    case 'BHash': for (const [t] of index.tables.entries()) validTable(index, t); break;
    case 'BIDMap': validBinary(index.index); break;
  }
}

function partition(offsets: Uint32Array, ids: Int32Array, n: number): void {
  expect(offsets[0]).toBe(0);
  expect(offsets.at(-1)).toBe(n);
  expect(new Set(ids).size).toBe(n);
  for (let l = 0; l + 1 < offsets.length; l++) {
    const list = [...ids.subarray(offsets[l], offsets[l + 1])];
    expect(list).toEqual([...list].sort((a, b) => a - b));
  }
}

function validLists({ offsets, ids, codes, n, codeSize, nlist, coarse }: BinaryIvf): void {
  expect(offsets.length).toBe(nlist + 1);
  expect(coarse.n).toBe(nlist);
  expect(codes.length).toBe(n * codeSize);
  partition(offsets, ids, n);
  validBinary(coarse);
}

function validLinks({ n, M, levels, offsets, links, entry, maxLevel }: Extract<BinaryIndex, { kind: 'BHNSW' }>): void {
  expect(links.length).toBe(offsets[n]);
  expect(levels[entry]).toBe(maxLevel + 1);
  for (let i = 0; i < n; i++) {
    const slots = links.subarray(offsets[i], offsets[i + 1]);
    expect(slots.length).toBe(((levels[i] ?? 0) + 1) * M);
    expect([...slots].every((to) => to >= -1 && to < n && to !== i)).toBe(true);
  }
}

/** All codes of a bucket have its key, no two buckets have the same, and every key is found. */
function validTable({ tables, nbits, multi, codes, codeSize, n }: BinaryHash, t: number): void {
  const { keys, offsets, ids, from } = tables[t] ?? { keys: new Uint32Array(0), offsets: new Uint32Array(0), ids: new Int32Array(0), from: 0 };
  partition(offsets, ids, n);
  const seen = new Set<string>();
  for (let b = 0; b + 1 < offsets.length; b++) {
    const key = `${keys[2 * b]} ${keys[2 * b + 1]}`;
    expect(seen.has(key)).toBe(false);
    seen.add(key);
    for (let i = offsets[b] ?? 0; i < (offsets[b + 1] ?? 0); i++) {
      const at = (multi ? ids[i] ?? 0 : i) * codeSize, { low, high } = runOf(codes.subarray(at, at + codeSize), from, nbits);
      expect(`${low} ${high}`).toBe(key);
    }
  }
}
