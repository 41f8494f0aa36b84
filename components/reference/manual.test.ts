import { describe, expect, it } from 'vitest';
import { BINARY_ENTRIES, ENTRIES, manuals, MANUAL_D, readFactory, type Manual, type Spec } from '@/engine/factory';

const MANUALS = manuals();
const named = MANUALS.map((manual) => [manual.entry.name, manual] as const);

describe('the table says everything the reference prints', () => {
  it('has every term once', () => {
    const names = MANUALS.map(({ entry }) => entry.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual([...ENTRIES, ...BINARY_ENTRIES].map(({ name }) => name));
  });

  it.each(named)('%s lacks no field', (_, { entry, examples }) => {
    for (const field of ['syntax', 'meaning', 'limits', 'builds', 'size', 'training', 'paper'] as const) expect(entry[field], field).not.toBe('');
    for (const sentence of [entry.meaning, entry.limits, entry.training]) expect(sentence).toMatch(/^\S.*\.$/s);
    expect(examples).toHaveLength(2);
    expect(entry.paper).toMatch(/\d{4}$/);
  });

  it.each(named)('%s names the parts of its syntax, and no others', (_, { entry }) => {
    const bare = entry.syntax.replace(/"[^"]*"/g, ' ');
    const open = new Set(bare.match(/[\p{L}_][\p{L}\w]*|\d…\d/gu) ?? []);
    const quoted = new Set([...entry.syntax.matchAll(/"([^"]*)"/g)].map(([, word]) => word));
    const parts = Object.keys(entry.parts);
    expect(parts.filter((part) => !open.has(part) && !quoted.has(part))).toEqual([]);
    expect([...open].filter((part) => !parts.includes(part))).toEqual([]);
  });
});

/** Values of the names a size may use, from an example's tree. */
function valuesOf({ entry }: Manual, spec: Spec | null, text: string): Record<string, number> {
  const values: Record<string, number> = { d: MANUAL_D };
  const take = (node: object) => { for (const [key, value] of Object.entries(node)) if (typeof value === 'number' && !(key in values)) values[key] = value; };
  const node = spec && nodeOf(spec, entry.role);
  if (node) take(node);
  if (node && 'books' in node) { values.M = node.books[0]?.M ?? 0; values.nbits = node.books[0]?.nbits ?? 0; }
  if (node && 'norm' in node) values.norm = node.norm === null ? 0 : { none: 0, float: 32, qint8: 8, cqint8: 8, lsq2x4: 8, rq2x4: 8, qint4: 4, cqint4: 4 }[node.norm];
  if (node && 'coarse' in node) { take(node.coarse); if (node.coarse.kind === 'IMI') values.nlist = 2 ** ((('M' in node.coarse ? node.coarse.M : 2)) * node.coarse.nbits); }
  if (entry.name === 'SQ') values.nbits = Number(/SQ\D*(\d+)/.exec(text)?.[1]);
  if (text.startsWith('PCA64,')) values.d = 64;
  if (entry.name === 'Refine') values.inner = text.includes('fp16') ? 2 * MANUAL_D : MANUAL_D;
  if (entry.role === 'transform') values.d_out = Number(/_(\d+)$|^(?:PCA|RR|ITQ|Pad)[A-Z]*(\d+)$/.exec(text)?.slice(1).find(Boolean) ?? MANUAL_D);
  if (entry.name === 'LSH' || entry.name === 'SH') values.nbits ??= MANUAL_D;
  if (entry.name === 'ZnLattice') values.point = Math.ceil(Math.log2(spherePoints(MANUAL_D / (values.M ?? 1), values.r2 ?? 0)));
  return values;
}

/** Integer points of squared length r2 in dsub dimensions, coordinate by coordinate. */
function spherePoints(dsub: number, r2: number): number {
  let counts = [1, ...new Array<number>(r2).fill(0)];
  for (let j = 0; j < dsub; j++) {
    counts = counts.map((_, r) => Array.from({ length: 2 * r2 + 1 }, (_, i) => i - r2).reduce((sum, a) => sum + (counts[r - a * a] ?? 0), 0));
  }
  return counts[r2] ?? 0;
}

function nodeOf(spec: Spec, role: string) {
  const codes = role === 'code';
  if (spec.kind === 'Codes') return spec.codec;
  if (spec.kind === 'IVF' && codes) return spec.codec;
  if (spec.kind === 'HNSW' && codes) return spec.storage;
  return spec;
}

/** "⌈M·nbits/8⌉, words" at these values; of "A (case) or B (case)" the case that holds. */
function evaluate(size: string, values: Record<string, number>, text: string): number {
  const cases = size.split(/, /)[0]?.split(' or ') ?? [];
  const holds = (part: string) => {
    const [, when] = /\((nbits = 1|MinMax\w*)\)$/.exec(part) ?? [];
    return when === undefined || (when === 'nbits = 1' ? values.nbits === 1 : text.startsWith(`${when},`));
  };
  const formula = (cases.find(holds) ?? '').replace(/ \((nbits = 1|MinMax\w*)\)$/, '');
  const code = formula.replace(/⌈/g, 'Math.ceil(').replace(/⌉/g, ')').replace(/·/g, '*').replace(/−/g, '-').replace(/log2/g, 'Math.log2');
  return new Function(...Object.keys(values), `return ${code}`)(...Object.values(values)) as number;
}

describe('worked numbers', () => {
  it.each(named)('the size of %s is what its formula gives at d = 128', (_, manual) => {
    for (const { text, index, bytes } of manual.examples) {
      const { spec } = manual.binary ? { spec: null } : readFactory(index);
      expect(evaluate(manual.entry.size, valuesOf(manual, spec, text), text), text).toBe(bytes);
    }
  });

  it('tells each parameter where it belongs', () => {
    const knobs = (name: string) => MANUALS.find(({ entry }) => entry.name === name)?.knobs.map((knob) => knob.name);
    expect(knobs('IVF')).toEqual(['nprobe']);
    expect(knobs('IVF_HNSW')).toEqual(['nprobe', 'quantizer_efSearch']);
    expect(knobs('IMI')).toEqual(['nprobe', 'max_codes']);
    expect(knobs('HNSW')).toEqual(['efSearch']);
    expect(knobs('RFlat')).toEqual(['k_factor_rf']);
    expect(knobs('PQ')).toEqual(['ht']);
    expect(knobs('FlatDedup')).toEqual([]);
    expect(knobs('PCA')).toEqual([]);
  });

  it('tells which metric a term refuses or ignores', () => {
    const notes = (name: string) => MANUALS.find(({ entry }) => entry.name === name)?.metricNotes.map(({ metric }) => metric);
    expect(notes('IMI')).toEqual(['IP']);
    expect(notes('LSH')).toEqual(['IP']);
    expect(notes('AQfs')).toContain('IP');
    expect(notes('PQ')).toEqual([]);
  });
});
