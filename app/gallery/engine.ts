import type { SearchParams } from '@/engine/types';
import { theEngine, type Client } from '@/workers/client';
import type { LookAnswer, LookKind, QueryRef, SearchAnswer } from '@/workers/protocol';

/** What the gallery's examples ask of the real engine: one thread, sets made on the spot, a fixed seed, so that every
 *  machine gives the same picture. An example opens, builds and asks before the next may. */

export type LookRecipe = {
  data: string; n: number; index: string; view: LookKind;
  params: SearchParams; query: QueryRef; k?: number;
  metric?: 'L2' | 'IP';
  /** Base vector looked at closely. */
  selected?: number;
  /** Step of the search's track that is shown first; left out: its end. */
  step?: number;
  /** Step of the training's track that is shown instead of the search. */
  iteration?: number;
  height?: number;
};

export type LookAnswered = { look: LookAnswer; search: SearchAnswer };

const SEED = 1234;
export const K = 10;

let started: Promise<Client> | null = null;
let last: Promise<unknown> = Promise.resolve();
/** What the engine holds now. */
const held = { data: '', index: '' };

function engine(): Promise<Client> {
  started ??= theEngine().call('start', { threads: 1, plain: true }).then(() => theEngine());
  return started;
}

export function askLook(recipe: LookRecipe, selected: number | null): Promise<LookAnswered> {
  const mine = last.then(async () => answer(await engine(), recipe, selected));
  last = mine.catch(() => undefined);
  return mine;
}

async function answer(client: Client, { data, n, index, view, params, query, k = K, metric = 'L2' }: LookRecipe, selected: number | null): Promise<LookAnswered> {
  const set = `${data} ${n} ${metric}`;
  if (held.data !== set) {
    held.data = held.index = '';
    await client.call('load', { name: data, n, metric, seed: SEED });
    held.data = set;
  }
  if (held.index !== index) {
    held.index = '';
    await client.call('build', { factory: index, metric, seed: SEED });
    held.index = index;
  }
  const look = await client.call('look', { kind: view, query, k, params, selected });
  return { look, search: await client.call('search', { query, k, params }) };
}
