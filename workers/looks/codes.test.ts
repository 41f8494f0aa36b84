import { beforeAll, describe, expect, it } from 'vitest';
import { unbuilt } from '../../engine/buildable';
import { readFactory } from '../../engine/factory/index';
import type { Metric } from '../../engine/factory/spec';
import { storedOf } from '../../engine/measure/codes';
import { openArena, release, takeF32, takeU8 } from '../../engine/memory';
import { opsOf } from '../../engine/quantizers/codec';
import { serve } from '../session';
import type { Session } from '../session';
import { codes } from './codes';
import type { CodesLook, Family } from './codes';
import { generatedSession } from '../test/session';

let session: Session;
const quiet = () => {};
const K = 10, params = { nprobe: 4, k_factor_rf: 4 };

beforeAll(async () => { session = await generatedSession(); });

async function lookAt(factory: string, { data = 'planes', n = 3000, metric = 'L2' as Metric, selected = null as number | null } = {}) {
  await serve.load(session, { name: data, n, metric, seed: 1234 }, quiet);
  await serve.build(session, { factory, metric, seed: 1234 }, quiet);
  const query = { kind: 'heldOut', index: 0 } as const;
  return { look: await codes(session, { kind: 'codes', query, k: K, params, selected }), search: await serve.search(session, { query, k: K, params }, quiet) };
}

function family<F extends Family['kind']>(look: CodesLook, kind: F): Extract<Family, { kind: F }> {
  const { family: found } = look;
  if (found.kind !== kind) throw new Error(`${found.kind} instead of ${kind}`);
  return found as Extract<Family, { kind: F }>;
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const near = (a: number, b: number, scale = 1) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(scale)));

describe('the sum on screen ends at the distance of the results', () => {
  for (const metric of ['L2', 'IP'] as const) {
    it.each(['PQ16', 'IVF16,PQ16', 'OPQ16,IVF16,PQ16', 'IVF16,PQ16x4fsr', 'IVF16,RQ4x6_Nqint8'])(`%s, ${metric}`, async (factory) => {
      const { search } = await lookAt(factory, { metric });
      const hit = search.hits[3] ?? { id: 0, distance: NaN };
      const look = await codes(session, { kind: 'codes', query: { kind: 'heldOut', index: 0 }, k: K, params, selected: hit.id });
      expect(look.selected.why).toBe('asked');
      expect(look.selected.rank).toBe(4);
      near(look.selected.byCode, hit.distance, hit.distance);
      near(look.sum?.total ?? NaN, hit.distance, 100);
    });
  }
});

it('look-ups by part add up to the distance by code, and so do the parts of the vectors themselves', async () => {
  const { look } = await lookAt('IVF16,PQ16'), { parts } = family(look, 'product');
  near(sum(parts.adc), look.selected.byCode, look.selected.byCode);
  near(sum(parts.exact), look.selected.exact, look.selected.exact);
  expect(sum(parts.sdc ?? [])).toBeGreaterThan(0);
});

it('without being asked, the first missed true neighbour is looked at, else the first hit', async () => {
  const { look, search } = await lookAt('IVF16,PQ4'), missed = search.truth.find(({ found }) => !found);
  expect(look.selected).toMatchObject({ id: missed?.id, why: 'missed' });
  const exact = await lookAt('IVF1,SQ8');
  if (exact.search.recall === 1) expect(exact.look.selected).toMatchObject({ id: exact.search.hits[0]?.id, why: 'hit' });
});

it('codebooks of two components are drawn as they are, and every vector is counted once a part', async () => {
  const { look } = await lookAt('PQ32'), product = family(look, 'product');
  expect(product).toMatchObject({ exact: true, dsub: 2, M: 32, rows: 256 });
  for (let m = 0; m < product.M; m++) expect(sum(product.usage.subarray(m * 256, (m + 1) * 256))).toBe(3000);
  // the code of a part is the nearest of its rows
  for (let m = 0; m < product.M; m++) {
    const off = (i: number) => Math.hypot((product.points[(m * 256 + i) * 2] ?? 0) - (product.vector[2 * m] ?? 0), (product.points[(m * 256 + i) * 2 + 1] ?? 0) - (product.vector[2 * m + 1] ?? 0));
    const nearest = Math.min(...Array.from({ length: 256 }, (_, i) => off(i)));
    near(off(product.chosen[m] ?? -1), nearest);
  }
  expect(product.training.length).toBeGreaterThan(2);
  expect(product.training.at(-1)?.objective).toBeLessThan(product.training[0]?.objective ?? 0);
  product.training.at(-1)?.points.forEach((v, i) => near(v, product.points[i] ?? NaN));
});

it('in an exact codebook the cell under a pixel is the code of its vector, for 10 000 pixels', async () => {
  const { look } = await lookAt('PQ32'), { points, rows } = family(look, 'product'), { engine, built } = session, side = 100;
  const stored = built && storedOf(built.index);
  if (stored?.codec.kind !== 'PQ') throw new Error('PQ32 has a PQ');
  const { codec } = stored, own = points.subarray(0, rows * 2), axis = (a: number) => [...own].filter((_, i) => i % 2 === a), at = (a: number, i: number) => Math.min(...axis(a)) + ((i + 0.5) / side) * (Math.max(...axis(a)) - Math.min(...axis(a)));
  const [xs, ys] = [0, 1].map((a) => Array.from({ length: side }, (_, i) => at(a, i))), arena = openArena(engine.memory), x = takeF32(arena, side * codec.d).fill(0), codes = takeU8(arena, side * codec.codeSize), { top } = engine.own;
  let wrong = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) x.set([xs?.[column] ?? 0, ys?.[row] ?? 0], column * codec.d);
    opsOf(codec).encode(engine.own, codec, opsOf(codec).pack(engine, arena, codec), x.byteOffset, side, codes.byteOffset);
    engine.own.top = top;
    for (let column = 0; column < side; column++) {
      const off = (k: number) => ((own[2 * k] ?? 0) - (xs?.[column] ?? 0)) ** 2 + ((own[2 * k + 1] ?? 0) - (ys?.[row] ?? 0)) ** 2, chosen = codes[column * codec.codeSize] ?? 0;
      if (off(chosen) > Math.min(...Array.from({ length: rows }, (_, k) => off(k))) + 1e-6) wrong++;
    }
  }
  release(arena);
  expect(wrong).toBe(0);
});

it('beyond 256 rows a codebook is cut, and the code of the vector kept', async () => {
  const product = family((await lookAt('PQ4x9')).look, 'product');
  expect(product).toMatchObject({ ksub: 512, rows: 256 });
  for (const row of product.chosen) expect(row).toBeGreaterThanOrEqual(0);
});

it('true neighbours that were not compared have the distance that their code would give', async () => {
  const { look } = await lookAt('IVF64,PQ16', { n: 3000 }), { missed, truth, ids } = look.scanned;
  expect(missed.map(({ id }) => id)).toEqual([...truth].filter((id) => !ids.includes(id)));
  for (const { id, byCode, exact } of missed) {
    const { selected } = await codes(session, { kind: 'codes', query: { kind: 'heldOut', index: 0 }, k: K, params: { ...params, nprobe: 64 }, selected: id });
    expect(selected.rank).not.toBeNull();
    near(byCode, selected.byCode, byCode);
    near(exact, selected.exact, exact);
  }
});

it('the cut of a refinement stands at its last candidate', async () => {
  const { look } = await lookAt('PQ8,RFlat'), { scanned } = look;
  expect(scanned.cut?.candidates).toBe(4 * K);
  const at = scanned.rank.indexOf(4 * K);
  expect(scanned.byCode[at]).toBe(scanned.cut?.distance);
  expect(scanned.all).toBe(3000);
});

it('levels of a sum end at what the code decodes to', async () => {
  const { look } = await lookAt('IVF16,RQ4x6_Nqint8'), additive = family(look, 'additive'), { restored, error } = look.selected;
  additive.steps.subarray(additive.M * look.d).forEach((v, j) => near(v, restored?.[j] ?? NaN));
  near(additive.errors[additive.M] ?? NaN, error ?? NaN, error ?? 1);
  // each level codes what the ones before leave, so on average the error falls
  for (let m = 1; m <= additive.M; m++) expect(additive.meanErrors[m]).toBeLessThan(additive.meanErrors[m - 1] ?? 0);
});

it('without a norm, the distance after the last level is the distance by code', async () => {
  const { look } = await lookAt('IVF16,RQ4x6'), { distances, M } = family(look, 'additive');
  expect(look.sum).toBeNull();
  expect(distances).toHaveLength(M + 1);
  near(distances[M] ?? NaN, look.selected.byCode, look.selected.byCode);
});

it.each([['LSH32', 'planes'], ['ITQ32,LSH', 'planes'], ['LSH6rt', 'ellipse']])('%s: bits that differ are the distance, and bits tell the side', async (factory, data) => {
  const { look, search } = await lookAt(factory, { data }), signs = family(look, 'signs');
  near(sum(signs.bits.map((bit, b) => (bit === signs.queryBits[b] ? 0 : 1))), look.selected.byCode);
  signs.vector.forEach((margin, b) => { if (Math.abs(margin) > 1e-5) expect(margin >= 0 ? 1 : 0).toBe(signs.bits[b]); });
  signs.query.forEach((margin, b) => { if (Math.abs(margin) > 1e-5) expect(margin >= 0 ? 1 : 0).toBe(signs.queryBits[b]); });
  expect(search.hits).toHaveLength(K);
  expect(signs.plane === null).toBe(data !== 'ellipse');
});

it('a scalar code is the nearest level of each component', async () => {
  const { look } = await lookAt('SQ4'), scalar = family(look, 'scalar'), { levels } = scalar;
  if (levels?.kind !== 'even') throw new Error('SQ4 has even levels');
  scalar.decoded.forEach((v, j) => {
    const number = (v - (levels.first[j] ?? 0)) / (levels.step[j] ?? 1);
    near(number, Math.round(number));
    expect(Math.abs(v - (scalar.vector[j] ?? 0))).toBeLessThanOrEqual((levels.step[j] ?? 0) * 1.001);
  });
  for (let j = 0; j < scalar.d; j++) expect(sum(scalar.own.subarray(j * scalar.ownBins, (j + 1) * scalar.ownBins))).toBe(scalar.sampled);
});

it('the points of a lattice code have the length they should', async () => {
  const lattice = family((await lookAt('ZnLattice8x10_6')).look, 'lattice');
  for (let m = 0; m < 8; m++) expect(sum(lattice.point.subarray(m * 8, (m + 1) * 8).map((v) => v * v))).toBe(10);
});

it.each(['IVF16,RaBitQ', 'RaBitQ4', 'IVF16,EDEN2'])('%s: signs are those of the vector less its centre', async (factory) => {
  const estimate = family((await lookAt(factory)).look, 'estimate');
  let same = 0;
  estimate.vector.forEach((v, j) => { if (v * (estimate.decoded[j] ?? 0) >= 0) same++; });
  expect(same / estimate.d).toBeGreaterThan(0.95);
});

const kinds: [string, Family['kind'], boolean][] = [
  ['PQ4x10', 'product', true], ['PQ8x7', 'product', true], ['HNSW16,PQ16', 'product', true], ['HNSW16_16+PQ8', 'product', true], ['NSG16,SQ8', 'scalar', false], ['IDMap,PQ8', 'product', true], ['IVF16,PQ8+16', 'product', true],
  ['IMI2x4,PQ8', 'product', true], ['IVF16_HNSW8,PQ8', 'product', true], ['IVF16,SQ0', 'scalar', false], ['SQfp16', 'scalar', false], ['IVF16,SQtqmse4', 'scalar', false], ['SQtq4', 'scalar', false], ['LSQ4x4_Nqint8', 'additive', true], ['RQ3x5', 'additive', false],
  ['IVF16,RQ8x4fsr_Nrq2x4', 'additive', false], ['PLSQ2x2x4_Nfloat', 'additive', true], ['IVF16,RaBitQfs4', 'estimate', false], ['EDEN2', 'estimate', false], ['IVF16,ITQ32,SH', 'signs', false], ['RR,LSH16rt', 'signs', false],
];

it.each(kinds)('%s is looked at as %s', async (factory, kind, summed) => {
  const { spec } = readFactory(factory);
  if (!spec || unbuilt(spec)) throw new Error(`${factory} is not built`);
  const { look } = await lookAt(factory, { data: 'synth64', n: 1500 });
  expect(look.family.kind).toBe(kind);
  expect(look.sum !== null).toBe(summed);
  if (look.sum) near(look.sum.total, look.selected.byCode, 100);
  expect(Number.isFinite(look.selected.byCode) && Number.isFinite(look.selected.exact)).toBe(true);
  expect([...look.selected.restored ?? []].every(Number.isFinite)).toBe(true);
});
