import { beforeAll, describe, expect, it } from 'vitest';
import type { SearchParams } from '../../engine/types';
import { placesAt } from '../../components/views/stage/ranks/layout';
import { rankSteps } from '../../components/views/stage/ranks/story';
import { serve, type Session } from '../session';
import type { RanksLook } from './ranks';
import { generatedSession } from '../test/session';

let session: Session;
const quiet = () => {};

beforeAll(async () => { session = await generatedSession(); });

async function open(factory: string, metric: 'L2' | 'IP' = 'L2') {
  await serve.load(session, { name: 'synth64', n: 4000, metric, seed: 1234 }, quiet);
  await serve.build(session, { factory, metric, seed: 1234 }, quiet);
}
const query = { kind: 'heldOut', index: 3 } as const;
async function lookAt(params: SearchParams): Promise<RanksLook> {
  const answer = await serve.look(session, { kind: 'ranks', query, k: 10, params, selected: null }, quiet);
  if (answer.kind !== 'ranks') throw new Error(`${answer.kind} was answered`);
  return answer;
}

const strings: [string, SearchParams, 'L2' | 'IP'][] = [
  ['IVF64,PQ8,RFlat', { nprobe: 16, k_factor_rf: 4 }, 'L2'], ['IVF64,PQ8,RFlat', { nprobe: 16, k_factor_rf: 4 }, 'IP'], ['OPQ8,IVF64,PQ8,Refine(SQ8)', { nprobe: 16, k_factor_rf: 4 }, 'L2'],
  ['IVF64,PQ8+8', { nprobe: 16, k_factor: 4 }, 'L2'], ['HNSW16,PQ8,RFlat', { efSearch: 16, k_factor_rf: 4 }, 'L2'], ['PCA32,SQ4,RFlat', { k_factor_rf: 2 }, 'L2'],
];

describe('ranks before and after', () => {
  it.each(strings)('are those of the search: %s %j %s', async (factory, params, metric) => {
    await open(factory, metric);
    const look = await lookAt(params), search = await serve.search(session, { query, k: 10, params }, quiet), { ids, after, asked, second, base } = look;
    expect(look.param === 'k_factor' ? params.k_factor : params.k_factor_rf).toBe(look.factor);
    expect(asked).toBe(10 * look.factor);
    const order = Array.from({ length: asked }, (_, place) => after.indexOf(place));
    expect(search.hits.map(({ id }) => id)).toEqual(order.slice(0, 10).map((i) => ids[i]));
    search.hits.forEach(({ distance }, place) => expect(second[order[place] ?? -1]).toBe(distance));
    expect(after.subarray(asked).every((place) => place === -1)).toBe(true);
    for (let i = 1; i < ids.length; i++) expect((base[i] ?? 0) - (base[i - 1] ?? 0)).toSatisfy((step: number) => (metric === 'IP' ? step <= 0 : step >= 0));
    for (const { id, lost, rank } of search.truth) if (lost === 'refine' && rank !== null && rank <= ids.length) expect(ids[rank - 1]).toBe(id);
  });

  it('grow to that order candidate by candidate, and the steps count the true neighbours that are kept', async () => {
    await open('IVF64,PQ8,RFlat');
    const look = await lookAt({ nprobe: 16, k_factor_rf: 4 }), search = await serve.search(session, { query, k: 10, params: { nprobe: 16, k_factor_rf: 4 } }, quiet), steps = rankSteps(look, search);
    expect(placesAt({ ...look, asked: look.asked + 1 }, look.asked).subarray(0, look.asked)).toEqual(look.after.subarray(0, look.asked));
    expect([...placesAt(look, 3)].filter((place) => place >= 0).sort()).toEqual([0, 1, 2]);
    expect(steps).toHaveLength(look.asked + 1);
    expect(steps.at(-1)?.value).toBe(search.truth.filter(({ found }) => found).length);
  });

  it('move with the cut alone: the base orders the same for every factor', async () => {
    await open('IVF64,PQ8,RFlat');
    const some = await lookAt({ nprobe: 16, k_factor_rf: 2 }), more = await lookAt({ nprobe: 16, k_factor_rf: 8 });
    expect([some.asked, more.asked]).toEqual([20, 80]);
    expect(more.ids).toEqual(some.ids);
    expect(more.second).toEqual(some.second);
  });

  it('an index that ranks once is told how to rank again', async () => {
    await open('IVF64,PQ8');
    await expect(lookAt({})).rejects.toThrow(/append ,RFlat/);
  });
});
