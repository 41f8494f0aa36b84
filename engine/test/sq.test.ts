import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFloat16 } from '../data/float16';
import { SQ_TYPES } from '../factory/spec';
import type { Metric, SqType } from '../factory/spec';
import * as twin from '../kernels/code-twins';
import { ip, l2 } from '../kernels/twins';
import { openArena, release, takeF32, takeU8 } from '../memory';
import type { Arena } from '../memory';
import { aim, decodeRows, distances, openProbe } from '../quantizers/codec';
import { lloydMax } from '../quantizers/lloyd-max';
import type { SQ } from '../quantizers/sq';
import { sqOps, trainSq } from '../quantizers/sq';
import { mulberry32 } from '../random';
import { testEngine } from './engine';
import { buildOn, measureOn, openGenerated } from './sets';

const engine = await testEngine(0, 256 * 2 ** 20), thread = engine.own;
const random = mulberry32(11);
const whole = (qtype: SqType) => qtype.startsWith('SQ8_direct');
/** Components about N(0, 1), or bytes where the codes are bytes. */
const fill = (x: Float32Array, qtype: SqType) => x.forEach((_, i) => {
  x[i] = whole(qtype) ? random() % 120 : (random() + random() + random() + random()) / 2 ** 32 - 2 + (random() % 7) / 10;
});

function inArena(use: (arena: Arena) => void): void {
  const arena = openArena(engine.memory), { top } = thread;
  try { use(arena); } finally { release(arena); thread.top = top; }
}
const close = (got: number, want: number, scale: number) => expect(Math.abs(got - want)).toBeLessThanOrEqual(2e-5 * (scale + 1));

/** n coded vectors of one type, and what they decode to. */
function coded(arena: Arena, qtype: SqType, n: number, d: number): { sq: SQ; x: Float32Array; codes: Uint8Array; back: Float32Array } {
  const x = takeF32(arena, n * d), back = takeF32(arena, n * d);
  fill(x, qtype);
  const sq = trainSq(arena, qtype, x, n, d), codes = takeU8(arena, n * sq.codeSize).fill(255);
  sqOps.encode(thread, sq, [], x.byteOffset, n, codes.byteOffset);
  decodeRows(thread, sq, codes.byteOffset, n, back.byteOffset);
  return { sq, x, codes, back };
}

describe('scalar codes', () => {
  const sizes = fc.record({ n: fc.integer({ min: 1, max: 70 }), d: fc.integer({ min: 1, max: 67 }), qtype: fc.constantFrom(...SQ_TYPES) });

  it('distances are those to the decoded vector, for every type, n and d', () => {
    fc.assert(fc.property(sizes, ({ n, d, qtype }) => inArena((arena) => {
      const { sq, codes, back } = coded(arena, qtype, n, d), q = takeF32(arena, d), out = takeF32(arena, n + 4);
      fill(q, qtype);
      const turbo = /^SQtq\d/.test(qtype), view = new DataView(codes.buffer, codes.byteOffset);
      for (const metric of ['L2', 'IP'] as Metric[]) {
        const probe = openProbe(thread, sq, metric, q.byteOffset);
        aim(thread, probe, q.byteOffset);
        distances(thread, probe, codes.byteOffset, n, 1.5, out.byteOffset);
        for (let i = 0; i < n; i++) {
          const y = back.subarray(i * d, (i + 1) * d), product = ip(q, y), scale = (whole(qtype) ? 15_000 : 20) * d;
          // TurboQuant knows ‖y‖ from before coding.
          const norm = turbo ? view.getFloat32((i + 1) * sq.codeSize - 8, true) : 0;
          const want = metric === 'IP' ? product : turbo ? l2(q, new Float32Array(d)) + norm ** 2 + 2 * product : l2(q, y);
          close(out[i] ?? NaN, 1.5 + want, scale);
        }
      }
    })), { numRuns: 250 });
  });

  it('codes equal the twins, bit for bit', () => {
    fc.assert(fc.property(sizes, ({ n, d, qtype }) => inArena((arena) => {
      const { sq, x, codes } = coded(arena, qtype, n, d), { trained, codeSize } = sq;
      const code = (i: number) => codes.subarray(i * codeSize, (i + 1) * codeSize);
      const each = (want: (v: number, j: number) => number, got: (code: Uint8Array, j: number) => number) => x.forEach((v, at) => {
        expect(got(code(Math.floor(at / d)), at % d)).toBe(want(v, at % d));
      });
      const number = (form: number) => (c: Uint8Array, j: number) => twin.sqNumber(form, c, j), short = (c: Uint8Array, j: number) => (c[2 * j] ?? 0) | ((c[2 * j + 1] ?? 0) << 8);
      const ranged = (nbits: number) => (v: number, j: number) => twin.sqCode(v, trained[j] ?? 0, trained[d + j] ?? 0, nbits);
      if (qtype === 'SQ8') each(ranged(8), number(0));
      if (qtype === 'SQ6') each(ranged(6), number(1));
      if (qtype === 'SQ4') each(ranged(4), number(2));
      if (qtype === 'SQfp16') each(toFloat16, short);
      if (qtype === 'SQbf16') each((v) => (new Uint32Array(Float32Array.of(v).buffer)[0] ?? 0) + 0x8000 >>> 16, short);
      if (qtype === 'SQ8_direct_signed') each((v) => v + 128, number(0));
      const bits = /^SQtqmse(\d)/.exec(qtype);
      if (bits) {
        const nbits = Number(bits[1]), bounds = trained.subarray(2 ** nbits);
        each((v) => twin.levelOf(v, bounds), (c, j) => Array.from({ length: nbits }, (_, b) => (((c[(j * nbits + b) >> 3] ?? 0) >> ((j * nbits + b) & 7)) & 1) << b).reduce((a, b) => a | b, 0));
      }
    })), { numRuns: 150 });
  });

  it('halves: ties to even, the smallest, the largest, and beyond', () => inArena((arena) => {
    const values = [0, -0, 1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, -2, 65504, 65519, 65520, 1e9, -1e9, 2 ** -14, 2 ** -15, 2 ** -24, 2 ** -25, 3 * 2 ** -26, Infinity, NaN];
    const x = takeF32(arena, values.length), codes = takeU8(arena, values.length * 2);
    x.set(values);
    thread.build.sqHalves(x.byteOffset, values.length, codes.byteOffset);
    expect([...new Uint16Array(codes.buffer, codes.byteOffset, values.length)]).toEqual(values.map(toFloat16));
  }));

  it('the transform behind TurboQuant is H·(signs ∘ x)', () => inArena((arena) => {
    for (const d of [1, 3, 8, 13, 16]) {
      const padded = 2 ** Math.ceil(Math.log2(d)), x = takeF32(arena, d), signs = takeF32(arena, padded), out = takeF32(arena, padded);
      fill(x, 'SQ8');
      signs.forEach((_, j) => { signs[j] = random() % 2 ? 1 : -1; });
      thread.search.signedHadamard(x.byteOffset, d, signs.byteOffset, padded, out.byteOffset);
      twin.hadamard(Array.from(signs, (s, j) => s * (x[j] ?? 0))).forEach((want, j) => close(out[j] ?? NaN, want, d));
    }
  }));
});

describe('Lloyd–Max levels', () => {
  // Mean squared errors of Max 1960, table I.
  it.each([[1, 0.3634], [2, 0.1175], [3, 0.03454], [4, 0.009497]])('%i bits leave a share of %f', (nbits, share) => {
    const values = lloydMax(nbits), levels = values.subarray(0, 2 ** nbits);
    let error = 0;
    for (let x = -8; x < 8; x += 1e-3) error += Math.min(...levels.map((v) => (x - v) ** 2)) * Math.exp((-x * x) / 2) * 1e-3 / Math.sqrt(2 * Math.PI);
    expect(error / share).toBeCloseTo(1, 3);
  });

  it('ascend, lie evenly about 0, and bounds lie midway', () => {
    for (const nbits of [1, 2, 3, 4, 8]) {
      const k = 2 ** nbits, values = lloydMax(nbits), levels = values.subarray(0, k), bounds = values.subarray(k);
      expect([...levels]).toEqual([...levels].sort((a, b) => a - b));
      levels.forEach((v, i) => expect(v).toBeCloseTo(-(levels[k - 1 - i] ?? 0), 12));
      bounds.forEach((b, i) => expect(b).toBeCloseTo(((levels[i] ?? 0) + (levels[i + 1] ?? 0)) / 2, 12));
    }
  });
});

describe('scalar codes in an index', async () => {
  const all = await testEngine(2);
  it('numbers that a code holds exactly are found as Flat finds them, ties and all', async () => {
    for (const metric of ['L2', 'IP'] as Metric[]) {
      const set = await openGenerated(all, 'ties', 900, metric);
      for (const s of ['SQ8_direct', 'SQ8_direct_signed', 'SQfp16', 'SQbf16']) {
        const built = await buildOn(all, set, s);
        expect((await measureOn(all, set, built, {})).recall['k@k'], `${s} ${metric}`).toBe(1);
        release(built.arena);
      }
    }
  });

  it('more bits lose less, with and without lists', async () => {
    const set = await openGenerated(all, 'synth64', 5_000);
    for (const around of ['', 'IVF16,']) {
      for (const family of [['SQ4', 'SQ6', 'SQ8', 'SQfp16'], ['SQtqmse1', 'SQtqmse2', 'SQtqmse3', 'SQtqmse4', 'SQtqmse8'], ['SQtq2', 'SQtq3', 'SQtq4', 'SQtq5']]) {
        const recall: number[] = [];
        for (const s of family) {
          const built = await buildOn(all, set, around + s);
          recall.push((await measureOn(all, set, built, { nprobe: 16 })).recall['k@k']);
          release(built.arena);
        }
        expect(recall, `${around}${family.join(' ')}`).toEqual([...recall].sort((a, b) => a - b));
        expect(recall.at(-1)).toBeGreaterThan((recall[0] ?? 1) + 0.1);
      }
    }
  });

  it('SQ0 ranks by the centroid', async () => {
    const set = await openGenerated(all, 'synth64', 3_000), built = await buildOn(all, set, 'IVF16,SQ0');
    if (built.index.kind !== 'IVF') throw new Error('IVF16,SQ0 is an IVF');
    expect(built.index.codes.length).toBe(0);
    const { recall } = await measureOn(all, set, built, { nprobe: 1 });
    expect(recall['k@k']).toBeLessThan(0.2);
    release(built.arena);
  });
});
