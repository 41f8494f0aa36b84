import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binaryCodeSize, checkBinaryFactory, checkFactory, codeSizeOf, dOutOf, readFactory, writeFactory, type Metric } from '../../factory';

/** What Faiss 1.15.0 says to 2 173 strings, read off a native build. A line is
 *  [string (or [text, repeat] parts), d, metric or "binary", constructed, sa_code_size, d_out, usable]: usable is 1 where
 *  it trained, added, searched and read back 1 500 vectors, 0 where it failed, null where that was not tried (or needs more).
 *  "?" stands where the index was too large to be asked. */
type Fact = [string | [string, number][], number, Metric | 'binary', 0 | 1, number | null | '?', number[] | null | '?', 0 | 1 | null];

const path = new URL('../fixtures/faiss-factory.jsonl', import.meta.url);
const facts = readFileSync(path, 'utf8').trim().split('\n').map((line): Fact => JSON.parse(line));
const text = (s: Fact[0]) => (typeof s === 'string' ? s : s.map(([part, times]) => part.repeat(times)).join(''));
const plain = facts.flatMap(([s, d, metric, ...rest]) => (metric === 'binary' ? [] : [[text(s), d, metric, ...rest] as const]));

/** Every string that disagrees, so that one run shows them all. */
const disagreeing = (agrees: (fact: (typeof plain)[number]) => boolean) => plain.filter((fact) => !agrees(fact)).map(([s, d, metric]) => `${s.slice(0, 60)} d=${d} ${metric}`);
const has = (s: string, d: number, metric: Metric, kind: 'refused' | 'unusable') => checkFactory(s, { d, metric }).some((p) => p.kind === kind);

describe('agreement with Faiss', () => {
  it('constructs what Faiss constructs and refuses what Faiss refuses', () => {
    expect(plain.length).toBeGreaterThan(2000);
    expect(disagreeing(([s, d, metric, ok]) => has(s, d, metric, 'refused') !== Boolean(ok))).toEqual([]);
  });

  it('gives Faiss’s code size', () => {
    expect(disagreeing(([s, d, metric, ok, codeSize]) => {
      const { spec } = readFactory(s);
      return !ok || !spec || codeSize === '?' || codeSizeOf(spec, d, metric) === codeSize;
    })).toEqual([]);
  });

  it('gives Faiss’s output dimensions', () => {
    expect(disagreeing(([s, d, , ok, , dOut]) => {
      const { spec } = readFactory(s);
      return !ok || !spec || dOut === '?' || JSON.stringify(dOutOf(spec, d)) === JSON.stringify(dOut ?? []);
    })).toEqual([]);
  });

  it('knows what can be trained, searched and saved', () => {
    expect(disagreeing(([s, d, metric, ok, , , usable]) => !ok || usable === null || has(s, d, metric, 'unusable') !== Boolean(usable))).toEqual([]);
  });

  it('prints back every string it reads', () => {
    expect(disagreeing(([s]) => {
      const { spec } = readFactory(s);
      return !spec || s.length > 3000 || JSON.stringify(readFactory(writeFactory(spec)).spec) === JSON.stringify(spec);
    })).toEqual([]);
  });

  it('reads the binary language', () => {
    const binary = facts.filter(([, , metric]) => metric === 'binary');
    expect(binary.length).toBeGreaterThan(60);
    const wrong = binary.filter(([s, d, , ok, codeSize]) => {
      const refused = checkBinaryFactory(text(s), d).some((p) => p.kind === 'refused');
      return refused === Boolean(ok) || (ok === 1 && codeSize !== binaryCodeSize(d));
    });
    expect(wrong).toEqual([]);
  });
});
