/** Our side of a comparison: an engine of some threads with one set open; train, add, search, each with its time. */
import { buildIndex } from '../../engine/build';
import type { Built } from '../../engine/build';
import type { OpenSet, Source } from '../../engine/data/open';
import { openSet } from '../../engine/data/open';
import type { Spec } from '../../engine/factory/spec';
import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import { recallAtK } from '../../engine/measure/recall';
import type { Engine } from '../../engine/pool';
import { publish, startEngine, stopEngine } from '../../engine/pool';
import { searchMany } from '../../engine/search';
import { searchTogether } from '../../engine/search-together';
import type { SearchParams } from '../../engine/types';
import { spawnNode } from '../../workers/spawn.node';
import type { Time } from './native';

export type Ours = { engine: Engine; set: OpenSet };

const GB = 2 ** 30;

export async function openOurs(source: Source, threads: number): Promise<Ours> {
  const engine = await startEngine(spawnNode(new URL('./pool.node.mjs', import.meta.url)), threads, [2 * GB, GB]);
  return { engine, set: await openSet(engine, source, source.nMax, 'L2') };
}

export const closeOurs = ({ engine }: Ours) => stopEngine(engine);

const now = (): Time => {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now() / 1000, cpu: (user + system) / 1e6 };
};
const since = (start: Time): Time => {
  const end = now();
  return { wall: end.wall - start.wall, cpu: end.cpu - start.cpu };
};
const plus = (a: Time, b: Time): Time => ({ wall: a.wall + b.wall, cpu: a.cpu + b.cpu });

/** Trains on the whole base and adds it. What the engine reports says when training ends and adding begins. */
export async function buildOurs({ engine, set }: Ours, spec: Spec): Promise<{ built: Built; train: Time; add: Time }> {
  const spent = { train: { wall: 0, cpu: 0 }, add: { wall: 0, cpu: 0 } };
  let phase: keyof typeof spent = 'train', start = now();
  const turn = (next: typeof phase) => { spent[phase] = plus(spent[phase], since(start)); phase = next; start = now(); };
  engine.report = (stage) => {
    if (stage.startsWith('add') && phase === 'train') turn('add');
    if (stage.startsWith('train') && phase === 'add') turn('train');
  };
  const rows = { x: set.base.byteOffset, n: set.n, d: set.d, kept: true };
  try {
    const built = await buildIndex(engine, spec, rows, rows, { metric: set.metric, seed: 0, opq: 'matched' });
    turn('add');
    return { built, ...spent };
  } finally {
    engine.report = () => {};
  }
}

export async function keepOurs({ engine }: Ours, { index }: Built): Promise<void> {
  await publish(engine, 'index', index);
}

export async function dropOurs({ engine }: Ours, { arena }: Built): Promise<void> {
  await publish(engine, 'index', undefined);
  release(arena);
}

/** All queries once: seconds a query, and recall k@k. `together`: they share what they can. */
export async function searchOurs({ engine, set }: Ours, { index }: Built, params: SearchParams, k: number, together: boolean): Promise<{ time: Time; recall: number }> {
  const { nq, d } = set, arena = openArena(engine.memory);
  try {
    const dis = takeF32(arena, nq * k), ids = takeI32(arena, nq * k), start = now();
    const args = { index: 'index', queries: set.queries.byteOffset, nq, d, k, params, dis: dis.byteOffset, ids: ids.byteOffset };
    if (together) await searchTogether(engine, args, index);
    else await searchMany(engine, { ...args, ms: 0, counts: 0, us: 0, repeat: 1 }, index);
    const { wall, cpu } = since(start);
    return { time: { wall: wall / nq, cpu: cpu / nq }, recall: recallAtK(ids, set.truth, nq, k) };
  } finally {
    release(arena);
  }
}

export const recallOf = ({ set }: Ours, ids: number[], k: number) => recallAtK(Int32Array.from(ids), set.truth, set.nq, k);
