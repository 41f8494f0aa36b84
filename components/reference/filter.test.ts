import { describe, expect, it } from 'vitest';
import { manuals } from '@/engine/factory';
import { anchorOf, groupOf, GROUPS, matches } from './filter';

const terms = manuals();
const found = (typed: string) => matches(terms, typed).map(({ entry }) => entry.name);

describe('the reference', () => {
  it('puts every term into one group, under an address of its own', () => {
    const keys: string[] = GROUPS.map(({ key }) => key);
    expect(terms.filter((term) => !keys.includes(groupOf(term)))).toEqual([]);
    const anchors = terms.map(({ entry }) => anchorOf(entry.name));
    expect(new Set(anchors).size).toBe(terms.length);
    for (const anchor of anchors) expect(anchor).toMatch(/^[\w-]+$/);
  });

  it('finds terms by name, whatever the case', () => {
    expect(found('PQ')).toEqual(expect.arrayContaining(['PQ', 'OPQ', 'PQ+', 'PQfs', '+PQ']));
    expect(found('PQ')).not.toContain('IVF');
    expect(found('ivf_hnsw')).toEqual(['IVF_HNSW']);
    expect(found('')).toHaveLength(terms.length);
  });

  it('finds the terms of a whole string', () => {
    expect(found('OPQ32,IVF256,PQ32,RFlat')).toEqual(['OPQ', 'IVF', 'PQ', 'RFlat']);
  });

  it('finds by a word or a parameter where no name has it', () => {
    expect(found('polysemous')).toEqual(['PQ']);
    expect(found('k_factor_rf')).toEqual(expect.arrayContaining(['RFlat', 'Refine']));
    expect(found('malkov')).toContain('HNSW');
    expect(found('no such thing')).toEqual([]);
  });
});
