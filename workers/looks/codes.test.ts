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
import { mostRows, shownRows } from './codes-sums';
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

/** Four digits of a distance, whatever it is made of. */
const close = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-4 * Math.max(Math.abs(a), Math.abs(b), 0.05));

const summed = [
  'PQ16', 'IVF16,PQ16', 'OPQ16,IVF16,PQ16', 'PCA32,IVF16,PQ8x6', 'IVF16,PQ16np', 'IVF16,PQ16x4fs', 'IVF16,PQ16x4fsr', 'OPQ16,PQ16x4fs', 'IMI2x4,PQ8', 'PQ4x10',
  'IVF16,RQ4x6_Nqint8', 'RQ4x6_Nfloat', 'IVF16,LSQ4x4_Ncqint8', 'PRQ2x2x6_Nqint8', 'RQ8x4fs_Nlsq2x4', 'IVF16,RQ8x4fs_Nrq2x4', 'IVF16,RQ8x4fsr_Nrq2x4', 'IVF16,LSQ6x4fsr_Nlsq2x4', 'PRQ2x4x4fs_Nrq2x4', 'IVF16,PLSQ2x3x4fsr_Nlsq2x4',
];

describe('the sum on screen ends at the distance of the results', () => {
  for (const metric of ['L2', 'IP'] as const) {
    it.each(summed.filter((factory) => metric === 'L2' || !factory.startsWith('IMI')))(`%s, ${metric}`, async (factory) => {
      const { search } = await lookAt(factory, { metric, n: 1500 });
      const hit = search.hits[3] ?? { id: 0, distance: NaN };
      const look = await codes(session, { kind: 'codes', query: { kind: 'heldOut', index: 0 }, k: K, params, selected: hit.id });
      expect(look.selected.why).toBe('asked');
      expect(look.selected.rank).toBe(4);
      close(look.selected.byCode, hit.distance);
      close(look.sum?.total ?? NaN, hit.distance);
      if (look.sum?.rounded) expect(Math.abs(look.sum.rounded.exact - hit.distance)).toBeLessThan(look.sum.rounded.step * look.sum.tables.length);
    });
  }
});

it('rounded tables are whole numbers from 0 to 255 of one step above the least entries', async () => {
  for (const factory of ['PQ16x4fs', 'IVF16,RQ8x4fsr_Nrq2x4']) {
    const { sum } = (await lookAt(factory)).look, step = sum?.rounded?.step ?? NaN;
    for (const { values, rows } of sum?.tables ?? []) {
      expect(rows).toBe(16);
      for (const v of values) { near(v / step, Math.round(v / step), 100); expect(v / step).toBeGreaterThanOrEqual(0); expect(v / step).toBeLessThan(255.5); }
    }
    const entries = (sum?.tables ?? []).reduce((all, { values, chosen }) => all + Math.round((values[chosen] ?? 0) / step), 0), least = sum?.terms.find(({ name }) => name === 'least')?.value ?? NaN;
    const others = (sum?.terms ?? []).reduce((all, { name, value }) => all + (name === 'least' ? 0 : value), 0);
    close(others + least + step * entries, sum?.total ?? NaN);
  }
});

describe('of a second code', () => {
  const second = async (factory: string, metric: Metric = 'L2') => {
    const { search } = await lookAt(factory, { metric }), hit = search.hits[3] ?? { id: 0, distance: NaN };
    const look = await codes(session, { kind: 'codes', query: { kind: 'heldOut', index: 0 }, k: K, params, selected: hit.id });
    if (!look.second) throw new Error(`${factory} re-ranks by codes`);
    return { look, own: look.second, distance: hit.distance };
  };

  it.each([['IVF16,PQ8+16', 'L2'], ['OPQ8,IVF16,PQ8+16', 'L2'], ['IVF16,PQ8,Refine(PQ32)', 'L2'], ['IVF16,PQ8,Refine(PQ32)', 'IP'], ['PQ8,Refine(RQ6x6_Nqint8)', 'L2']] as const)('look-ups add up to the distance that results are sorted by: %s, %s', async (factory, metric) => {
    const { own, distance } = await second(factory, metric);
    close(own.byCode, distance);
    close(own.sum?.total ?? NaN, distance);
  });

  it('PQa+b: both codes together leave less than the first, and the parts are of what it leaves', async () => {
    const { look, own } = await second('IVF16,PQ8+16'), { parts, training } = family({ ...look, family: own.family }, 'product');
    expect(own).toMatchObject({ ofRest: true, codeSize: 16, codec: 'PQ' });
    expect(own.error).toBeLessThan(look.selected.error ?? 0);
    const off = sum(look.selected.vector.map((v, j) => (v - (own.restored?.[j] ?? 0)) ** 2));
    close(off, own.error ?? NaN);
    close(sum(parts.exact), look.selected.exact);
    close(sum(parts.adc), own.byCode);
    expect(training.length).toBeGreaterThan(2);
  });

  it.each([['PQ8,Refine(SQ8)', 'scalar'], ['IVF16,PQ8,Refine(SQfp16)', 'scalar'], ['PQ8x4fs,Refine(PQ32)', 'product']] as const)('%s: looked at as %s, with the distance of the results', async (factory, kind) => {
    const { own, distance, look } = await second(factory);
    expect(own.family.kind).toBe(kind);
    expect(own.ofRest).toBe(false);
    close(own.byCode, distance);
    close(sum(look.selected.vector.map((v, j) => (v - (own.restored?.[j] ?? 0)) ** 2)), own.error ?? NaN);
  });

  it('exact distances need none', async () => {
    expect((await lookAt('PQ8,RFlat')).look.second).toBeNull();
    expect((await lookAt('PQ8')).look.second).toBeNull();
  });
});

describe('parts of a product code, for inner products', () => {
  it.each(['PQ16', 'IVF16,PQ16', 'OPQ16,PQ16'])('%s: true, by look-up and by codes alone', async (factory) => {
    const { look } = await lookAt(factory, { metric: 'IP' }), { parts, queryRow, points, rows, query } = family(look, 'product');
    close(parts.before + sum(parts.adc), look.selected.byCode);
    close(parts.before + sum(parts.exact), look.selected.exact);
    expect(Math.abs(parts.before + sum(parts.sdc) - look.selected.exact)).toBeGreaterThan(0);
    expect([query.length, points.length]).toEqual([32, 16 * rows * 2]);
    expect(queryRow.every((row) => row >= 0)).toBe(true);
  });
});

it('two-level codes: the parts are those of what the first level leaves, for query and vector alike', async () => {
  const { look } = await lookAt('HNSW16_16+PQ8'), { parts } = family(look, 'product');
  close(sum(parts.adc), look.selected.byCode);
  close(sum(parts.exact), look.selected.exact);
});

it('look-ups by part add up to the distance by code, and so do the parts of the vectors themselves', async () => {
  const { look } = await lookAt('IVF16,PQ16'), { parts } = family(look, 'product');
  near(sum(parts.adc), look.selected.byCode, look.selected.byCode);
  near(sum(parts.exact), look.selected.exact, look.selected.exact);
  expect(sum(parts.sdc)).toBeGreaterThan(0);
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

it('codebooks of a thousand rows are drawn whole; beyond 2^16 rows in all they are cut, and the code of the vector kept', () => {
  expect([mostRows(32), mostRows(16), mostRows(8), mostRows(256), mostRows(1)]).toEqual([2048, 4096, 4096, 256, 4096]);
  const shown = shownRows(65536, [3, 60_000, 60_000], 4096);
  expect([shown.length, shown.at(-1), shown[3], new Set(shown).size]).toEqual([4096, 60_000, 3, 4096]);
});

it('a codebook of 1024 rows has them all', async () => {
  const product = family((await lookAt('PQ4x10')).look, 'product');
  expect(product).toMatchObject({ ksub: 1024, rows: 1024 });
  expect(sum(product.usage)).toBe(4 * 3000);
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

describe('a distance to a decoded vector is what its components add', () => {
  for (const metric of ['L2', 'IP'] as const) it.each(['SQ8', 'IVF16,SQ6', 'IVF16,SQ4', 'SQfp16', 'SQbf16', 'IVF16,SQtqmse4', 'SQtq4', 'ZnLattice8x10_6', 'OPQ16,IVF16,SQ8'])(`%s, ${metric}`, async (factory) => {
    const { search } = await lookAt(factory, { metric, n: 1000 }), hit = search.hits[2] ?? { id: 0, distance: NaN };
    const { family: own } = await codes(session, { kind: 'codes', query: { kind: 'heldOut', index: 0 }, k: K, params, selected: hit.id });
    if (own.kind !== 'scalar' && own.kind !== 'lattice') throw new Error(own.kind);
    close(own.before + sum(own.adds), hit.distance);
  });
});

it('the points of a lattice code have the length they should', async () => {
  const lattice = family((await lookAt('ZnLattice8x10_6')).look, 'lattice');
  for (let m = 0; m < 8; m++) expect(sum(lattice.point.subarray(m * 8, (m + 1) * 8).map((v) => v * v))).toBe(10);
});

const estimators = ['IVF16,RaBitQ', 'RaBitQ', 'RaBitQ4', 'IVF16,RaBitQ3', 'IVF16,RaBitQfs4', 'RaBitQfs', 'EDEN4', 'IVF16,EDEN2', 'IVF16,EDEN3BIASED'];
describe('the estimate on screen', () => {
  for (const metric of ['L2', 'IP'] as const) it.each(estimators)(`is made of products, component by component: %s, ${metric}`, async (factory) => {
    const { search } = await lookAt(factory, { metric }), hit = search.hits[2] ?? { id: 0, distance: NaN };
    const look = await codes(session, { kind: 'codes', query: { kind: 'heldOut', index: 0 }, k: K, params, selected: hit.id }), { sum: made, nbits, decoded, number } = family(look, 'estimate');
    const signsOnly = nbits === 1, scale = Math.abs(made.before) + sum(made.products.map(Math.abs));
    close(made.before + sum(made.products) + made.rounding, hit.distance);
    expect(Math.abs(made.rounding)).toBeLessThan(signsOnly ? 0.1 * scale : 2e-5 * scale);
    for (const u of number) expect(u).toBeLessThan(2 ** nbits);
    // higher numbers stand for higher levels
    const order = Array.from(decoded, (v, j) => [number[j] ?? 0, v] as const).sort((a, b) => a[0] - b[0]);
    order.forEach(([u, v], i) => { if (i && u > (order[i - 1]?.[0] ?? 0)) expect(v).toBeGreaterThan(order[i - 1]?.[1] ?? 0); });
  });

  it('all bits of a component are read: the more there are, the nearer', async () => {
    const errors: number[] = [];
    for (const factory of ['RaBitQ2', 'RaBitQ4', 'RaBitQ6', 'RaBitQ8']) errors.push((await lookAt(factory, { selected: 5 })).look.selected.error ?? NaN);
    errors.forEach((error, i) => { if (i) expect(error).toBeLessThan((errors[i - 1] ?? 0) / 4); });
  });
});

it('a spectral hash has the bits of the half periods that its axes say', async () => {
  for (const factory of ['IVF16,ITQ32,SH', 'IVF16,ITQ32,SH2.5', 'IVF16,ITQ32,SH1.5c']) {
    const { look } = await lookAt(factory, { data: 'synth64', n: 1500 }), { period, vector, bits, query, queryBits, spread, bins, reach, sampled, nbits } = family(look, 'signs');
    const bit = (v: number) => (period === null ? Number(v >= 0) : Math.abs(Math.floor((2 * v) / period)) % 2), clear = (v: number) => Math.abs(v / (period ?? Infinity) * 2 - Math.round(v / (period ?? Infinity) * 2)) > 1e-4 || period === null;
    expect(period === null).toBe(factory.endsWith('SH'));
    vector.forEach((v, b) => { if (clear(v)) expect(bit(v)).toBe(bits[b]); });
    query.forEach((v, b) => { if (clear(v)) expect(bit(v)).toBe(queryBits[b]); });
    expect(reach).toHaveLength(nbits);
    expect(sum(bits.map((own, b) => Number(own !== queryBits[b])))).toBe(look.selected.byCode);
    for (let b = 0; b < nbits; b++) expect(sum(spread.subarray(b * bins, (b + 1) * bins))).toBe(sampled);
  }
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
  ['IVF16,RQ8x4fsr_Nrq2x4', 'additive', true], ['PLSQ2x2x4_Nfloat', 'additive', true], ['IVF16,RaBitQfs4', 'estimate', false], ['EDEN2', 'estimate', false], ['IVF16,ITQ32,SH', 'signs', false], ['RR,LSH16rt', 'signs', false],
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
