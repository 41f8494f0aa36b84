/** Our side of a row: trained and searched at each of its settings. */
import { sourceOfFiles, sourceOfSet } from '../../cli/data';
import type { OpenSet, Source } from '../../engine/data/open';
import { openSet } from '../../engine/data/open';
import { costOf, readFactory } from '../../engine/factory/index';
import type { Metric } from '../../engine/factory/spec';
import { oneRecallAtR, recallAtK } from '../../engine/measure/recall';
import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import type { Engine } from '../../engine/pool';
import { publish, startEngine, stopEngine } from '../../engine/pool';
import { prepareSearch } from '../../engine/search';
import { searchTogether } from '../../engine/search-together';
import { countedOf } from '../../engine/structures/size';
import type { Figures, Row } from '../../engine/test/figures';
import { buildOn, measureOn } from '../../engine/test/sets';
import type { Counts, Index, SearchParams } from '../../engine/types';
import { spawnNode } from '../../workers/spawn.node';
import { writeParams } from '../bench/strings';

/** `at`: by setting, as writeParams spells it. */
export type Ours = { codeSize: number | null; bytes: number; at: Record<string, { figures: Figures; counts?: Counts }> };

const GB = 2 ** 30;

/** The vectors of a set that rows name. The reference's Photo SIFT is a larger one than the project's: it is read from files. */
export async function sourceOf(name: string, files: { base?: string; query?: string }): Promise<Source | null> {
  if (name !== 'photo-sift') return sourceOfSet(name);
  return files.base && files.query ? sourceOfFiles(files.base, files.query) : null;
}

/** Opens a source in an engine of its own, for as long as `use` takes. */
export async function withSet(source: Source, metric: Metric, use: (engine: Engine, set: OpenSet) => Promise<void>): Promise<void> {
  const engine = await startEngine(spawnNode(new URL('./pool.node.mjs', import.meta.url)), 2, [3 * GB, 2 * GB, GB]);
  try {
    await use(engine, await openSet(engine, source, source.nMax, metric));
  } finally {
    stopEngine(engine);
  }
}

/** OPQ is trained as far as its recall goes, by which it is compared. `counting`: what each search counts as well, which takes longer. */
export async function measureRow(engine: Engine, set: OpenSet, { s, points }: Row, counting: boolean): Promise<Ours> {
  const built = await buildOn(engine, set, s, 0, 'matched'), { spec } = readFactory(s);
  if (!spec) throw new Error(`${s} does not read`);
  const { codeSize, totalBytes } = costOf(spec, set.d, set.n, set.metric, countedOf(built.index)), at: Ours['at'] = {};
  for (const { params } of points) {
    const figures = await figuresAt(engine, set, built.index, params), counts = counting ? (await measureOn(engine, set, built, params)).counts : undefined;
    at[writeParams(params)] = { figures, counts };
  }
  await publish(engine, 'index', undefined);
  release(built.arena);
  return { codeSize, bytes: totalBytes, at };
}

const NEAR = 10, FAR = 100;

/** One search for 10 of each query and one for 100, as Faiss was asked: a graph's beam is as wide as k. */
async function figuresAt(engine: Engine, { queries, nq, d, truth }: OpenSet, index: Index, params: SearchParams): Promise<Figures> {
  const arena = openArena(engine.memory);
  try {
    const dis = takeF32(arena, nq * FAR), ids = takeI32(arena, nq * FAR), args = { index: 'index', queries: queries.byteOffset, nq, d, params, dis: dis.byteOffset, ids: ids.byteOffset };
    await prepareSearch(engine, index, params);
    await searchTogether(engine, { ...args, k: NEAR }, index);
    const near: [number, number] = [recallAtK(ids, truth, nq, NEAR), oneRecallAtR(ids, truth, nq, NEAR, 1)];
    await searchTogether(engine, { ...args, k: FAR }, index);
    return [...near, oneRecallAtR(ids, truth, nq, FAR, FAR)];
  } finally {
    release(arena);
  }
}
