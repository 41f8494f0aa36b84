import { beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../session';
import type { Session } from '../session';
import { generatedSession } from '../test/session';
import { codes } from './codes';
import type { CodesLook } from './codes';

let session: Session;
const quiet = () => {};

beforeAll(async () => { session = await generatedSession(); });

async function lookAt(factory: string, selected: number | null = null): Promise<CodesLook> {
  await serve.load(session, { name: 'planes', n: 1500, metric: 'L2', seed: 1234 }, quiet);
  await serve.build(session, { factory, metric: 'L2', seed: 1234 }, quiet);
  return codes(session, { kind: 'codes', query: { kind: 'heldOut', index: 0 }, k: 10, params: {}, selected });
}

const squared = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, j) => sum + (v - (b[j] ?? 0)) ** 2, 0);

describe('MinMax codes', () => {
  it.each([['MinMax,SQ8', 8], ['MinMaxFP16,SQ4', 4], ['MinMax,MinMaxFP16,SQ8', 12], ['MinMax,SQfp16', 8]] as const)('%s: least value and range of the vector, then its levels', async (factory, before) => {
    const { scale, selected, family, codeSize } = await lookAt(factory, 77), { vector, restored } = selected, [first] = scale?.scales ?? [];
    if (family.kind !== 'scalar' || !restored || !first || !scale) throw new Error(`${factory} has levels behind a scale`);
    const least = Math.min(...vector), range = Math.max(...vector) - least;
    expect(Math.abs(first.least - least)).toBeLessThanOrEqual(2e-3 * Math.abs(least));
    expect(Math.abs(first.range - range)).toBeLessThanOrEqual(2e-3 * range);
    expect([scale.before, codeSize - family.bytes, scale.list]).toEqual([before, before, null]);
    expect(Math.abs(family.adds.reduce((sum, v) => sum + v, family.before) - selected.byCode)).toBeLessThan(2e-3 * selected.byCode);
    // The levels are of the scaled vector; scaled back by all that stands before they are what the code stands for.
    const back = scale.scales.reduceRight((x, own) => x.map((v) => v * own.range + own.least), family.decoded);
    back.forEach((v, j) => expect(v).toBeCloseTo(restored[j] ?? NaN, 3));
  });

  it.each(['MinMax,PQ8x4', 'MinMax,IVF16,PQ8x4', 'MinMaxFP16,IVF16,PQ16x4fs', 'MinMax,PQ8x4fs', 'MinMax,OPQ8,IVF16,PQ8x4'])('%s: the code behind is a product code, whose rows serve all vectors', async (factory) => {
    const { scale, family, selected } = await lookAt(factory);
    if (family.kind !== 'product' || !scale) throw new Error(`${factory} has codebooks`);
    for (let m = 0; m < family.M; m++) expect(family.usage.subarray(m * family.rows, (m + 1) * family.rows).reduce((sum, used) => sum + used, 0)).toBe(1500);
    expect(Math.abs(family.parts.adc.reduce((sum, v) => sum + v, family.parts.before) - selected.byCode)).toBeLessThan(1e-3 * selected.byCode);
    expect(scale.list === null).toBe(!factory.includes('IVF'));
    expect(scale.list ?? 0).toBeLessThan(16);
    expect(selected.error).toBeCloseTo(squared(selected.vector, selected.restored ?? selected.vector), 1);
  });

  it.each([['MinMax,IVF16,RQ2x4', 'additive'], ['MinMax,RaBitQ', 'estimate'], ['MinMax,LSHrt', 'signs'], ['MinMax,IVF16,RaBitQfs', 'estimate'], ['MinMax,ZnLattice8x10_4', 'lattice'], ['MinMax,Residual16,PQ8x4', 'product']] as const)('%s shows the %s behind the scale', async (factory, kind) => {
    const { family, scale, sum } = await lookAt(factory);
    expect(family.kind).toBe(kind);
    expect(scale?.scales).toHaveLength(1);
    expect(sum).toBeNull();
  });

  it('nothing is searched, so nothing is missed: the nearest in truth is looked at', async () => {
    for (const factory of ['MinMax,IVF16,PQ8x4', 'Residual16,PQ8x4']) {
      const { scanned, selected } = await lookAt(factory);
      expect(scanned).toMatchObject({ searched: false, all: 1500, missed: [] });
      expect(scanned.hits).toHaveLength(0);
      expect(selected).toMatchObject({ id: scanned.truth[0], why: 'nearest' });
    }
    expect((await lookAt('PQ8x4')).scanned.searched).toBe(true);
  });
});
