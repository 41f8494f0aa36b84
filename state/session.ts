import type { Client } from '../workers/client';
import { asFailure } from '../workers/failure';
import type { SearchParams } from '../engine/types';
import type { Ask, DataInfo, KnnAnswer, PlaneAnswer, PlaneKind, QueryRef } from '../workers/protocol';
import { isOff, knobsFor } from './factory';
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
  /** The vectors laid out by UMAP, for the set `of` the engine holds; `sent` once the engine has it. */
  laid: { of: string; layout: Float32Array | null; sent: boolean } | null;
  layOut: LayOut;
  /** Counts sweeps, as `generation` counts builds. */
  sweeping: number;
  sweepTimer: ReturnType<typeof setTimeout> | undefined;
};

/** Where to put vectors whose neighbours are known; tells how far it is. */
export type LayOut = (knn: KnnAnswer, onEpoch: (done: number, total: number) => void) => Promise<Float32Array>;

export const openSession = (store: Store, engine: () => Client, layOut: LayOut): Session =>
  ({ store, engine, layOut, laid: null, generation: 0, held: null, planeKey: '', sweeping: 0, sweepTimer: undefined });

export const refOf = (setting: Setting, data: DataInfo): QueryRef =>
  readQuery(setting.query, data.queryNames) ?? { kind: 'heldOut', index: 0 };

/** The plane of a dragged query is that of the held-out query it was dragged from. */
export const planeQuery = (ref: QueryRef): QueryRef => (ref.kind === 'plane' ? { kind: 'heldOut', index: ref.index } : ref);

/** What is asked for the plane on screen: the main axes stand in for a layout that is not there yet. */
export function planeAsk({ laid, held }: Session, setting: Setting, ref: QueryRef): Ask<'plane'> {
  const query = spanned(setting.plane) ? planeQuery(ref) : ref;
  if (setting.plane !== 'umap') return { kind: setting.plane, query };
  const layout = laid && laid.of === held?.key ? laid.layout : null;
  if (!layout) return { kind: 'pca', query };
  return laid?.sent ? { kind: 'umap', query } : { kind: 'umap', query, layout };
}
export const planeKeyOf = ({ kind, query }: Ask<'plane'>) => `${kind} ${JSON.stringify(query)}`;

/** Planes that a query can be dragged on. */
const spanned = (kind: PlaneKind) => kind === 'query' || kind === 'data';

/** On its own plane a dragged query stands where it was let go; no question needed. */
export const withQuery = (plane: PlaneAnswer, ref: QueryRef): PlaneAnswer =>
  (ref.kind === 'plane' && spanned(plane.kind) ? { ...plane, query: { x: ref.x, y: ref.y, height: 0 } } : plane);

/** The parameters this index has, at their chosen values; those that are off are left out. */
export function paramsOf(setting: Setting, index: string): SearchParams {
  const params: SearchParams = {};
  for (const knob of knobsFor(index)) if (isParameter(knob.name) && !isOff(knob, setting[knob.name])) params[knob.name] = setting[knob.name];
  return params;
}

/** What to tell the visitor of something thrown: nothing, when they cancelled it themselves. */
export function spoken(thrown: unknown): string | null {
  const { name, message } = asFailure(thrown);
  return name === 'cancelled' ? null : message;
}
