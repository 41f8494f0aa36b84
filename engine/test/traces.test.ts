import { describe, expect, it } from 'vitest';
import { buildIndex } from '../build';
import type { BuildTrace } from '../build';
import { CODEBOOK_FLOATS, keepsStep, MATRIX_FLOATS, sizeOf } from '../build/trace';
import { synth64, synthBase } from '../data/synth64';
import { readFactory } from '../factory/index';
import type { KMeansTrace } from '../kmeans';
import { decodeRows } from '../quantizers/codec';
import { openArena, release, takeF32 } from '../memory';
import type { Index } from '../types';
import { testEngine } from './engine';
import { product, skewOfRows } from './transforms/matrices';

const engine = await testEngine(2);
const d = 64, n = 3000, vectors = synthBase(synth64, n);

/** Builds on the same vectors, recorded or not, and shows the index before it is given back. */
async function build<T>(factory: string, trace: BuildTrace | undefined, use: (index: Index) => T): Promise<T> {
  const { spec } = readFactory(factory), room = openArena(engine.memory), x = takeF32(room, vectors.length);
  if (!spec) throw new Error(`${factory} does not read`);
  x.set(vectors);
  const rows = { x: x.byteOffset, n, d, kept: true };
  try {
    const { index, arena } = await buildIndex(engine, spec, rows, rows, { metric: 'L2', seed: 0, trace });
    const result = use(index);
    release(arena);
    return result;
  } finally {
    release(room);
  }
}

/** Every byte and number of an index, in the order of its fields. */
function bitsOf(value: unknown): number[] {
  if (ArrayBuffer.isView(value)) return Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (typeof value === 'number') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(bitsOf) : [];
}

async function traced(factory: string): Promise<BuildTrace> {
  const trace: BuildTrace = {};
  await build(factory, trace, () => null);
  return trace;
}

const falls = (values: number[]) => values.every((v, i) => i === 0 || v <= (values[i - 1] ?? NaN) * (1 + 1e-6));

/** Mean ‖y − ŷ‖² where every part of a row (dOut) is replaced by the nearest row of its codebook (M, K, dOut/M). */
function codedError(y: Float64Array, dOut: number, codebooks: Float32Array, M: number): number {
  const dsub = dOut / M, K = codebooks.length / dOut, rows = y.length / dOut;
  let sum = 0;
  for (let i = 0; i < rows; i++) for (let m = 0; m < M; m++) {
    let least = Infinity;
    for (let k = 0; k < K; k++) {
      let dis = 0;
      for (let j = 0; j < dsub; j++) dis += ((y[i * dOut + m * dsub + j] ?? NaN) - (codebooks[(m * K + k) * dsub + j] ?? NaN)) ** 2;
      least = Math.min(least, dis);
    }
    sum += least;
  }
  return sum / rows;
}

/** The rows without their mean; OPQ learns from all of so few. */
function centred(): Float64Array {
  const mean = new Float64Array(d);
  vectors.forEach((v, i) => { mean[i % d] = (mean[i % d] ?? 0) + v / n; });
  return Float64Array.from(vectors, (v, i) => v - (mean[i % d] ?? 0));
}

function rotated(rows: Float64Array, A: Float32Array, dOut: number): Float64Array {
  return product(rows, rows.length / d, d, Float64Array.from({ length: d * dOut }, (_, at) => A[(at % dOut) * d + Math.floor(at / dOut)] ?? NaN), dOut);
}

/** Mean ‖x − x̂‖² of what the codes of an index stand for. */
function errorOf(index: Index): number {
  if (index.kind !== 'Codes') throw new Error(`errorOf: ${index.kind} given, Codes expected`);
  const room = openArena(engine.memory), out = takeF32(room, n * d);
  decodeRows(engine.own, index.codec, index.codes.byteOffset, n, out.byteOffset);
  const error = vectors.reduce((sum, v, i) => sum + (v - (out[i] ?? NaN)) ** 2, 0) / n;
  release(room);
  return error;
}

describe('a recorded build', () => {
  for (const factory of ['OPQ8,IVF16,PQ8x4', 'OPQ8_32,PQ8', 'ITQ32,LSH', 'ITQ,LSH', 'OPQ8,IMI2x4,PQ8x4', 'IVF16,RQ3x5', 'PRQ2x2x5', 'RQ4x4fs', 'LSQ3x4', 'IVF16,PQ8x4fs', 'PQ8x4,Refine(PQ16x4)',
    'IVF16(RCQ2x2),PQ8x4', 'IVF8,PQ4+8', 'HNSW8,16+PQ8', 'HNSW8,2x4+PQ8', 'Residual16,PQ8x4', 'IVF64(PQ8x4),PQ8x4', 'IVF64(IVF8,Flat),Flat', 'PLSQ2x2x4']) {
    it(`${factory}: the same bits as one that is not`, async () => {
      const bits = await build(factory, undefined, bitsOf);
      expect(await build(factory, {}, bitsOf)).toEqual(bits);
    });
  }
});

describe('OPQ', () => {
  it('records every round; each rotation has orthonormal rows, and the error falls', async () => {
    const { transforms } = await traced('OPQ8_32,PQ8'), first = transforms?.[0];
    if (first?.kind !== 'OPQ') throw new Error('OPQ was not recorded');
    const { rounds, start, sampled } = first.opq;
    expect(sampled).toBe(n);
    expect(rounds).toHaveLength(4);
    expect(falls(rounds.map(({ distortion }) => distortion))).toBe(true);
    for (const A of [start, ...rounds.map((round) => round.A)]) expect(skewOfRows(A ?? new Float32Array(), 32, d)).toBeLessThan(1e-5);
  });

  it('the distortion of the last round is the mean squared error of its product code on the sample', async () => {
    const { transforms } = await traced('OPQ8,PQ8'), first = transforms?.[0];
    if (first?.kind !== 'OPQ') throw new Error('OPQ was not recorded');
    const { rounds, codebooks } = first.opq, before = rounds.at(-2)?.A;
    expect(codedError(rotated(centred(), before ?? new Float32Array(), d), d, codebooks ?? new Float32Array(), 8) / (rounds.at(-1)?.distortion ?? NaN)).toBeCloseTo(1, 5);
  });

  it('the last rotation recorded is the one in the index', async () => {
    const trace: BuildTrace = {};
    const A = await build('OPQ8,PQ8', trace, (index) => (index.kind === 'PreTransform' && index.chain[0]?.kind === 'Linear' ? [...index.chain[0].A] : []));
    const first = trace.transforms?.[0];
    expect(first?.kind === 'OPQ' && [...first.opq.rounds.at(-1)?.A ?? []]).toEqual(A);
  });
});

describe('ITQ', () => {
  it('records fifty rounds and their loss, which a direct count confirms', async () => {
    const { transforms } = await traced('ITQ32,LSH'), first = transforms?.[0];
    if (first?.kind !== 'ITQ') throw new Error('ITQ was not recorded');
    const { rounds, start, sampled } = first.itq, units = centred();
    expect([rounds.length, sampled]).toEqual([50, n]);
    for (let i = 0; i < n; i++) {
      const length = Math.hypot(...units.subarray(i * d, (i + 1) * d));
      for (let j = i * d; j < (i + 1) * d; j++) units[j] = (units[j] ?? 0) / length;
    }
    for (const [A, loss] of [[start, rounds[0]?.loss], [rounds.at(-2)?.A, rounds.at(-1)?.loss]] as const) {
      const turned = rotated(units, A ?? new Float32Array(), 32), direct = turned.reduce((sum, v) => sum + ((v < 0 ? -1 : 1) - v) ** 2, 0) / n;
      expect((loss ?? NaN) / direct).toBeCloseTo(1, 5);
    }
    for (const { A } of rounds) expect(skewOfRows(A ?? new Float32Array(), 32, d)).toBeLessThan(1e-5);
  });
});

describe('codes', () => {
  it('PQ: the objective of every part falls, and adds up to that of the iteration', async () => {
    const { pq } = await traced('PQ8x4');
    if (!pq) throw new Error('PQ was not recorded');
    expect(pq.iterations.length).toBeGreaterThan(5);
    for (let m = 0; m < 8; m++) expect(falls(pq.iterations.map(({ parts }) => parts[m] ?? NaN))).toBe(true);
    for (const { parts, objective } of pq.iterations) expect(parts.reduce((sum, part) => sum + part, 0) / objective).toBeCloseTo(1, 10);
  });

  it('a multi-index records both halves', async () => {
    const { halves, kmeans } = await traced('IMI2x4,Flat');
    expect(kmeans).toBeUndefined();
    expect(halves?.iterations.at(-1)?.parts).toHaveLength(2);
    expect(halves?.iterations.at(-1)?.centroids).toHaveLength(16 * d);
  });

  it('RQ: every codebook lowers the error, and the last is that of the codes', async () => {
    const trace: BuildTrace = {}, direct = await build('RQ4x5', trace, errorOf), [only] = trace.additive ?? [];
    expect(only?.errors).toHaveLength(4);
    expect(falls(only?.errors ?? [])).toBe(true);
    expect(only?.steps?.map((steps) => steps.at(-1)?.dims)).toEqual([d, d, d, d]);
    expect((only?.errors.at(-1) ?? NaN) / direct).toBeCloseTo(1, 4);
  });

  it('LSQ: the error after the last iteration is below that after the first; a product has one trace a split', async () => {
    const { additive } = await traced('LSQ3x4'), errors = additive?.[0]?.errors ?? [];
    expect(errors).toHaveLength(25);
    expect(errors.at(-1)).toBeLessThan(errors[0] ?? NaN);
    expect((await traced('PRQ2x2x5')).additive).toHaveLength(2);
  });
});

describe('levels and sums', () => {
  const last = (trace: KMeansTrace) => (trace.iterations.at(-1)?.objective ?? NaN) / trace.sampled;

  it('a residual coarse quantizer: each codebook lowers the error, down to what the cells leave or a little more', async () => {
    const trace: BuildTrace = {}, centroids = await build('IVF64(RCQ2x3),Flat', trace, (index) => (index.kind === 'IVF' ? index.centroids.slice() : new Float32Array(0)));
    const { errors = [], steps, sampled } = trace.rcq ?? {}, left = codedError(Float64Array.from(vectors), d, centroids, 1), [first = NaN, second = NaN] = errors;
    expect([errors.length, sampled]).toEqual([2, n]);
    expect(second).toBeLessThan(first);
    expect(steps?.map((step) => step.at(-1)?.dims)).toEqual([d, d]);
    expect(second / left).toBeGreaterThan(1 - 1e-6);
    expect(second / left).toBeLessThan(1.02);
  });

  it('a code of two levels records the centroids of the first and the parts of the second', async () => {
    for (const [factory, parts] of [['HNSW8,16+PQ8', 1], ['HNSW8,2x4+PQ8', 2], ['Residual16,PQ8', 1]] as const) {
      const { levels, pq } = await traced(factory);
      if (!levels) throw new Error(`${factory}: no level was recorded`);
      expect(pq).toBeUndefined();
      expect(levels.first.iterations.map((step) => [step.parts.length, step.centroids.length])).toContainEqual([parts, 16 * d]);
      expect(levels.second.iterations.at(-1)?.parts).toHaveLength(8);
      for (const level of [levels.first, levels.second]) expect(falls(level.iterations.map(({ objective }) => objective))).toBe(true);
      expect(last(levels.second)).toBeLessThan(last(levels.first));
    }
  });

  it('the second code of PQa+b begins where the first ends', async () => {
    const { kmeans, pq, second } = await traced('IVF8,PQ4+8');
    if (!kmeans || !pq || !second) throw new Error('one of three was not recorded');
    expect([pq, second].map((trace) => trace.iterations.at(-1)?.parts.length)).toEqual([4, 8]);
    for (const trace of [pq, second]) expect(falls(trace.iterations.map(({ objective }) => objective))).toBe(true);
    expect(last(pq)).toBeLessThan(last(kmeans));
    expect(last(second)).toBeLessThan(last(pq));
  });

  it('an index over the centroids, and one that re-ranks, are recorded apart from what they serve', async () => {
    const { over, kmeans, graph } = await traced('IVF64(IVF8,Flat),Flat'), walked = await traced('IVF64(HNSW8),Flat'), { pq, refine } = await traced('PQ8x4,Refine(PQ16x4)');
    expect([over?.kmeans?.sampled, kmeans?.sampled, graph]).toEqual([64, n, undefined]);
    expect([...(walked.over?.graph ?? walked.graph)?.growth?.ids ?? []].length).toBe(64);
    expect([pq, refine?.pq].map((trace) => trace?.iterations.at(-1)?.parts.length)).toEqual([8, 16]);
  });
});

describe('what a trace holds', () => {
  it('is bounded: states of evenly spread steps, the last among them', () => {
    for (const steps of [1, 4, 25, 50]) for (const floats of [10, 1000, 30_000, 300_000]) {
      const kept = Array.from({ length: steps }, (_, i) => i).filter((i) => keepsStep(i, steps, floats, 2 ** 20));
      expect(kept.at(-1)).toBe(steps - 1);
      expect((kept.length - 1) * floats).toBeLessThanOrEqual(2 ** 20);
      expect(new Set(kept.slice(1).map((i, at) => i - (kept[at] ?? 0))).size).toBeLessThanOrEqual(1);
    }
    expect(keepsStep(0, 1, 11, 10)).toBe(false);
  });

  it('says how large it is and whether states were left out', async () => {
    const small = sizeOf(await traced('OPQ8,IVF16,PQ8x4'));
    expect(small.sampled).toBe(false);
    expect(small.bytes).toBeLessThan(4 * (MATRIX_FLOATS + CODEBOOK_FLOATS));
    const rounds = Array.from({ length: 50 }, (_, i) => ({ loss: 1, A: i % 2 ? new Float32Array(4) : undefined }));
    const halves = (left: number) => ({ sampled: 1, iterations: [{ objective: 1, parts: new Float64Array(1), empty: 0, moved: 0, imbalance: 1, ms: 0, centroids: new Float32Array(left) }] });
    expect(sizeOf({ second: halves(2), levels: { first: halves(3), second: halves(4) }, refine: { pq: halves(5), over: { kmeans: halves(6) } } })).toEqual({ bytes: 80, sampled: false });
    expect(sizeOf({ refine: { over: { kmeans: halves(0) } } })).toEqual({ bytes: 0, sampled: true });
    expect(sizeOf({ transforms: [{ kind: 'ITQ', itq: { rounds, sampled: 1, start: new Float32Array(4) } }] })).toEqual({ bytes: 26 * 16, sampled: true });
  });
});

