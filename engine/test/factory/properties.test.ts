import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf, checkBinaryFactory, checkFactory, completionsAt, costOf, explain, knobsOf, readFactory, writeFactory } from '../../factory';
import { spec } from './specs';

/** One edit of a machine that does not know the language. */
const edit = fc.record({ at: fc.nat(60), drop: fc.nat(3), put: fc.constantFrom('', ',', '(', ')', '_', 'x', '0', '99999999999', 'PQ', 'IVF16', ' ', 'r', '🙂', 'Refine(', ',RFlat', '\n') });
const mutated = fc.tuple(spec, fc.array(edit, { maxLength: 4 })).map(([tree, edits]) =>
  edits.reduce((s, { at, drop, put }) => s.slice(0, at) + put + s.slice(at + drop), writeFactory(tree)));
const dimension = fc.constantFrom(1, 2, 7, 64, 128, 1000);
const metric = fc.constantFrom('L2' as const, 'IP' as const);

describe('the language, whatever is typed', () => {
  it('reads what it prints', () => {
    fc.assert(fc.property(spec, (tree) => { expect(readFactory(writeFactory(tree)).spec).toEqual(tree); }), { numRuns: 2000 });
  });

  it('answers any string with a tree or a problem inside of it, and tokens in order', () => {
    fc.assert(fc.property(fc.oneof(mutated, fc.string(), fc.string({ unit: fc.constantFrom(...'IVFPQ16,x()_HNSWRflatOeine ') })), (s) => {
      const { spec: tree, problems, tokens } = readFactory(s);
      expect(tree === null).toBe(problems.length > 0);
      for (const p of problems) {
        expect(p.from).toBeGreaterThanOrEqual(0);
        expect(p.from).toBeLessThanOrEqual(p.to);
        expect(p.to).toBeLessThanOrEqual(s.length);
        expect(p.message).not.toBe('');
        if (p.fix !== undefined) expect(readFactory(p.fix).problems).toEqual([]);
      }
      for (const t of tokens) expect(s.slice(t.from, t.to)).toBe(t.text);
      for (let i = 1; i < tokens.length; i++) expect(tokens[i]?.from).toBeGreaterThanOrEqual(tokens[i - 1]?.to ?? 0);
    }), { numRuns: 600 });
  });

  it('checks, costs and explains any tree without giving up', () => {
    fc.assert(fc.property(spec, dimension, metric, (tree, d, m) => {
      const problems = checkFactory(tree, { d, metric: m, n: 10000, memoryBytes: 1e9 });
      expect(explain(writeFactory(tree), d, m).length).toBeGreaterThan(1);
      expect(knobsOf(tree, d).filter((k) => k.main).length).toBeLessThanOrEqual(1);
      if (problems.some((p) => p.kind === 'refused' || p.kind === 'unusable')) return;
      expect(costOf(tree, d, 10000, m).totalBytes).toBeGreaterThan(0);
      const blocks = blocksOf(tree, d, m);
      expect(blocks[0]?.bytesIn).toBe(4 * d);
      for (const block of blocks) expect(block.bytesOut).toBeGreaterThanOrEqual(0);
    }), { numRuns: 800 });
  });

  it('offers only completions that are not refused', () => {
    fc.assert(fc.property(spec, fc.nat(40), dimension, metric, (tree, position, d, m) => {
      const s = writeFactory(tree).slice(0, position);
      for (const { text, from } of completionsAt(s, s.length, { d, metric: m })) {
        const whole = s.slice(0, from) + text;
        const closed = whole + ')'.repeat(Math.max(0, (whole.match(/\(/g)?.length ?? 0) - (whole.match(/\)/g)?.length ?? 0)));
        const endings = ['', ',Flat', ',PQ1', ',SQ8', 'Flat'].flatMap((ending) => [closed + ending, whole + ending + closed.slice(whole.length), `${whole}${ending}${closed.slice(whole.length)},Flat`]);
        expect(endings.some((t) => !checkFactory(t, { d, metric: m }).some((p) => p.kind === 'refused')), whole).toBe(true);
      }
    }), { numRuns: 60 });
  });

  it('answers binary strings too', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'BIVFHNSWash0123456789x_,DMp -') }), (s) => {
      for (const p of checkBinaryFactory(s, 64)) expect(p.message).not.toBe('');
    }), { numRuns: 1000 });
  });

  it('refuses what is too long or too deep at once', () => {
    const monsters = ['F'.repeat(100000), '('.repeat(5000), `${'IVF16('.repeat(3000)}Flat${'),Flat'.repeat(3000)}`, `Flat${',RFlat'.repeat(5000)}`, `${'IDMap,'.repeat(5000)}Flat`, `Flat${',Refine(Flat)'.repeat(2000)}`];
    for (const s of monsters) expect(readFactory(s).spec).toBeNull();
  });

  it('reads, checks and prints three thousand maps inside one another, as Faiss does', () => {
    const s = `${'IDMap,'.repeat(3000)}Flat`, { spec: tree } = readFactory(s);
    expect(tree && writeFactory(tree)).toHaveLength(s.length);
    expect(checkFactory(s, { d: 64, metric: 'L2', n: 1000, memoryBytes: 1e9 })[0]?.kind).toBe('unusable');
  });
});
