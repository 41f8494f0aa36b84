import type { Client } from '../workers/client';
import { asFailure } from '../workers/failure';
import type { SearchParams } from '../engine/types';
import type { DataInfo, PlaneAnswer, QueryRef } from '../workers/protocol';
import { knobsFor } from './factory';
import { readQuery } from './query';
import { isParameter } from './setting';
import type { Setting } from './setting';
import type { Store } from './store';

/** One page's talk with its engine: the store, and what need not be on screen. */
export type Session = {
  store: Store;
  engine: () => Client;
  /** Counts builds: an answer to a question of an older one is dropped. */
  generation: number;
  /** Vectors the engine holds, and the choices they answer to. */
  held: { key: string; data: DataInfo } | null;
  /** What the plane on screen was asked by. */
  planeKey: string;
  /** Counts sweeps, as `generation` counts builds. */
  sweeping: number;
  sweepTimer: ReturnType<typeof setTimeout> | undefined;
};

export const openSession = (store: Store, engine: () => Client): Session =>
  ({ store, engine, generation: 0, held: null, planeKey: '', sweeping: 0, sweepTimer: undefined });

export const refOf = (setting: Setting, data: DataInfo): QueryRef =>
  readQuery(setting.query, data.queryNames) ?? { kind: 'heldOut', index: 0 };

/** The plane of a dragged query is that of the held-out query it was dragged from. */
export const planeQuery = (ref: QueryRef): QueryRef => (ref.kind === 'plane' ? { kind: 'heldOut', index: ref.index } : ref);
export const planeKeyOf = (setting: Setting, ref: QueryRef) => `${setting.plane} ${JSON.stringify(planeQuery(ref))}`;

/** On its own plane a dragged query stands where it was let go; no question needed. */
export const withQuery = (plane: PlaneAnswer, ref: QueryRef): PlaneAnswer =>
  (ref.kind === 'plane' ? { ...plane, query: { x: ref.x, y: ref.y, height: 0 } } : plane);

/** The parameters this index has, at their chosen values. */
export function paramsOf(setting: Setting, index: string): SearchParams {
  const params: SearchParams = {};
  for (const { name } of knobsFor(index)) if (isParameter(name)) params[name] = setting[name];
  return params;
}

/** What to tell the visitor of something thrown: nothing, when they cancelled it themselves. */
export function spoken(thrown: unknown): string | null {
  const { name, message } = asFailure(thrown);
  return name === 'cancelled' ? null : message;
}
