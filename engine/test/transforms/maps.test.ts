import { describe, expect, it } from 'vitest';
import { buildIndex } from '../../build';
import { readFactory } from '../../factory/index';
import { placeIn } from '../../dense';
import { openArena, release, takeF32 } from '../../memory';
import { chainOf, dot } from '../../plane';
import { mulberry32, splitMix64 } from '../../random';
import { invertOne, mapAllRows, prepare, transformOne } from '../../transforms/apply';
import type { Transform } from '../../types';
import { testEngine } from '../engine';

const engine = await testEngine(2);
const random = mulberry32(5);
const N = 700, D = 24;

/** Vectors about a mean of their own, so that centring means something. */
const learn = Float32Array.from({ length: N * D }, (_, i) => (random() / 2 ** 32 - 0.5) * (1 + (i % D)) + (i % D) / 4);

async function train(factory: string, use: (chain: Transform[], x: Float32Array) => Promise<void> | void): Promise<void> {
  const { spec } = readFactory(`${factory},Flat`), arena = openArena(engine.memory), x = takeF32(arena, N * D);
  if (!spec) throw new Error(`${factory} does not read`);
  x.set(learn);
  const rows = { x: x.byteOffset, n: N, d: D, kept: false };
  try {
    const built = await buildIndex(engine, spec, rows, rows, { metric: 'L2', seed: 0 });
    await use(chainOf(built.index), x);
    release(built.arena);
  } finally {
    release(arena);
  }
}

function forward(chain: Transform[], x: Float32Array): Float32Array {
  const arena = openArena(engine.memory);
  const out = chain.reduce((from, transform) => {
    const to = takeF32(arena, transform.dOut);
    transformOne(engine.own, transform, from.byteOffset, to.byteOffset);
    return to;
  }, ((own) => { own.set(x); return own; })(takeF32(arena, x.length))).slice();
  release(arena);
  return out;
}

const backward = (chain: Transform[], y: Float32Array, near?: Float32Array): Float32Array =>
  chain.toReversed().reduce((to, transform) => invertOne(transform, to, new Float32Array(transform.dIn), near), y);

const row = (x: Float32Array, i: number) => x.subarray(i * D, (i + 1) * D);
const length = (x: Float32Array) => Math.hypot(...x);
const gap = (a: Float32Array, b: Float32Array) => length(a.map((v, j) => v - (b[j] ?? NaN))) / length(b);
const between = (a: Float32Array, b: Float32Array) => length(a.map((v, j) => v - (b[j] ?? NaN)));

const all = ['RR', 'RR40', 'RR10', 'HR', 'HR7', 'ITQ', 'ITQ8', 'L2norm', 'Pad32', 'Pad8', 'L2norm,PCAR16,L2norm'];

describe('a map', () => {
  for (const factory of all) {
    it(`${factory}: all rows at once, on threads, are what each query becomes`, () => train(factory, async (chain, x) => {
      const arena = openArena(engine.memory);
      let from = x.byteOffset;
      for (const transform of chain) {
        const out = takeF32(arena, N * transform.dOut);
        await mapAllRows(engine, { x: from, n: N, prepared: prepare(engine.own, placeIn(arena), transform), out: out.byteOffset });
        from = out.byteOffset;
      }
      const dOut = chain.at(-1)?.dOut ?? 0, rows = new Float32Array(engine.memory.memory.buffer, from, N * dOut);
      for (let i = 0; i < N; i += 37) expect(gap(rows.subarray(i * dOut, (i + 1) * dOut), forward(chain, row(x, i)))).toBeLessThan(1e-5);
      release(arena);
    }));
  }

  for (const factory of ['RR', 'RR40', 'HR', 'Pad32', 'Pad8']) {
    it(`${factory} keeps distances and is undone`, () => train(factory, (chain, x) => {
      for (let i = 1; i < 40; i++) {
        const a = forward(chain, row(x, i)), b = forward(chain, row(x, i - 1));
        expect(between(a, b)).toBeCloseTo(between(row(x, i), row(x, i - 1)), 4);
        expect(gap(backward(chain, a), row(x, i))).toBeLessThan(1e-5);
      }
    }));
  }

  for (const factory of ['L2norm', 'ITQ']) {
    it(`${factory} gives unit vectors, and the way back gives the vector where its length is known`, () => train(factory, (chain, x) => {
      for (let i = 0; i < 40; i++) {
        const y = forward(chain, row(x, i));
        expect(length(y)).toBeCloseTo(1, 5);
        expect(gap(backward(chain, y, row(x, i)), row(x, i))).toBeLessThan(1e-4);
        expect(gap(forward(chain, backward(chain, y)), y)).toBeLessThan(1e-4);
      }
    }));
  }

  for (const factory of ['ITQ', 'ITQ8']) {
    it(`${factory} rotates: its rows are orthonormal`, () => train(factory, ([own]) => {
      if (own?.kind !== 'ITQ') throw new Error('ITQ trains ITQ');
      for (let i = 0; i < own.dOut; i++) for (let j = 0; j <= i; j++) expect(dot(row(own.A, i), row(own.A, j))).toBeCloseTo(i === j ? 1 : 0, 5);
    }));
  }

  it('a vector of zeros stays one under L2norm', () => train('L2norm', (chain) => expect(forward(chain, new Float32Array(D)).every((v) => v === 0)).toBe(true)));

  it('refuses with a sentence, and gives back what it took', async () => {
    const holes = JSON.stringify(engine.memory.holes);
    await expect(train('ITQ99', () => {})).rejects.toThrow('ITQ24 keeps all of them');
    expect(JSON.stringify(engine.memory.holes)).toBe(holes);
  });
});

it('SplitMix64 draws what its authors publish for seed 1234567', () => {
  const next = splitMix64(1234567);
  expect([next(), next(), next()]).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n]);
});
