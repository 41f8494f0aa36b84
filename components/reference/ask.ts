import { theEngine, type Client } from '@/workers/client';
import type { AnatomyAnswer, IndexInfo, PlaneAnswer, SearchAnswer, SliceAnswer, Window2 } from '@/workers/protocol';
import type { SearchParams } from '@/engine/types';
import { SEED, type Recipe } from './figures';
import { windowOf, size } from './frame';

/** The page's figures and its one engine: a figure opens its set, builds its string and asks, before the next may. */

export type Answer =
  | { kind: 'cells'; index: IndexInfo; plane: PlaneAnswer; slice: SliceAnswer; search: SearchAnswer; anatomy: AnatomyAnswer }
  | { kind: 'codes'; lattice: boolean; index: IndexInfo; anatomy: AnatomyAnswer; beside: AnatomyAnswer | null } & Pick<Recipe, 'without' | 'plane'>
  | { kind: 'maps'; index: IndexInfo; anatomy: AnatomyAnswer }
  | { kind: 'signs'; index: IndexInfo; anatomy: AnatomyAnswer }
  | { kind: 'graph' | 'nearest'; index: IndexInfo; anatomy: AnatomyAnswer; search: SearchAnswer }
  | { kind: 'ranks'; index: IndexInfo; before: SearchAnswer; after: SearchAnswer };

/** Neighbours asked for, where k is not the slider's. */
export const K = 10;
/** Where only the codes are to be judged. */
const ALL_CELLS: SearchParams = { nprobe: 64 };

let started: Promise<Client> | null = null;
let last: Promise<unknown> = Promise.resolve();
/** What the engine holds now. */
const held = { data: '', factory: '', index: null as IndexInfo | null };

/** One thread is enough for a thousand vectors, and there is one on every host. */
function engine(): Promise<Client> {
  started ??= theEngine().call('start', { threads: 1 }).then(() => theEngine());
  return started;
}

/** Waits for its turn; null where it is no longer wanted by then. */
export function ask(recipe: Recipe, value: number, wanted: () => boolean): Promise<Answer | null> {
  const mine = last.then(async () => (wanted() ? answer(await engine(), recipe, value) : null));
  last = mine.catch(() => undefined);
  return mine;
}

/** Recall of the whole query set of a figure at one setting; in its turn. */
export function recallOf(recipe: Recipe, value: number, k: number, params: SearchParams): Promise<number> {
  const mine = last.then(async () => {
    const client = await engine();
    await build(client, recipe, recipe.index(value));
    const [point] = await client.call('sweep', { k, param: null, values: [0], params });
    return point?.recall['k@k'] ?? NaN;
  });
  last = mine.catch(() => undefined);
  return mine;
}

async function build(client: Client, { data, n }: Recipe, factory: string): Promise<IndexInfo> {
  const key = `${data} ${n}`;
  if (held.data !== key) {
    held.data = held.factory = '';
    await client.call('load', { name: data, n, metric: 'L2', seed: SEED });
    held.data = key;
  }
  if (held.factory === factory && held.index) return held.index;
  held.factory = '';
  held.index = await client.call('build', { factory, metric: 'L2', seed: SEED });
  held.factory = factory;
  return held.index;
}

async function answer(client: Client, recipe: Recipe, value: number): Promise<Answer> {
  const { kind } = recipe, factory = recipe.index(value);
  const search = (params: SearchParams, k = K) => client.call('search', { query: { kind: 'heldOut', index: recipe.query }, k, params });
  const anatomy = () => client.call('anatomy', {});
  switch (kind) {
    case 'cells': {
      const index = await build(client, recipe, factory);
      const plane = await client.call('plane', { kind: 'data', query: { kind: 'heldOut', index: recipe.query } });
      const parts = await anatomy(), window: Window2 = windowOf(parts.base);
      const slice = await client.call('slice', { window, width: 2 * size.width, height: 2 * size.height, iteration: null });
      return { kind, index, plane, slice, search: await search({ nprobe: value }), anatomy: parts };
    }
    case 'codes': {
      const beside = recipe.beside ? await build(client, recipe, recipe.beside(value)).then(anatomy) : null;
      return { kind, lattice: recipe.lattice ?? false, without: recipe.without, plane: recipe.plane, index: await build(client, recipe, factory), anatomy: await anatomy(), beside };
    }
    case 'ranks': {
      await build(client, recipe, recipe.beside?.(value) ?? factory);
      const before = await search(ALL_CELLS, K * value);
      return { kind, index: await build(client, recipe, factory), before, after: await search({ ...ALL_CELLS, ...(recipe.slider?.name === 'k_factor' ? { k_factor: value } : { k_factor_rf: value }) }) };
    }
    case 'graph': return { kind, index: await build(client, recipe, factory), anatomy: await anatomy(), search: await search({ efSearch: value }) };
    case 'nearest': return { kind, index: await build(client, recipe, factory), anatomy: await anatomy(), search: await search({}, value) };
    case 'maps': case 'signs': return { kind, index: await build(client, recipe, factory), anatomy: await anatomy() };
  }
}
