import { createStore } from 'zustand/vanilla';
import type { CurvePoint, DataInfo, EngineInfo, IndexInfo, LookAnswer, NearAnswer, PlaneAnswer, Progress, SearchAnswer, SliceAnswer, SweepPoint } from '../workers/protocol';
import { defaults, hasOpq } from './setting';
import type { Parameter, Setting } from './setting';
import type { Notice } from './url';

/** What the person chose, and what the engine answered. */
export type State = {
  setting: Setting;
  /** Values of the URL, or of an earlier index, that had to be replaced; until they are dismissed. */
  notices: Notice[];
  engine: EngineInfo | null;
  /** What a person waits for. Searches are too short to be one. */
  job: Job | null;
  /** Why the last job ended without an answer; what is on screen stays. */
  failure: string | null;
  built: Built | null;
  search: SearchAnswer | null;
  searchFailure: string | null;
  plane: PlaneAnswer | null;
  slice: SliceAnswer | null;
  /** UMAP under way: of n vectors, epochs. */
  laying: { n: number; done: number; total: number } | null;
  /** Of the view chosen last that is not drawn on a plane. */
  look: LookAnswer | null;
  /** Of the vector looked at closely. */
  near: NearAnswer | null;
  /** This session's builds, the latest last. */
  runs: Run[];
  sweep: { done: number; total: number } | null;
};

export type Job = { name: 'start' | 'load' | 'build' | 'search'; progress: Progress | null };

/** An index in the engine, with the setting it was made of. */
export type Built = {
  of: Pick<Setting, 'data' | 'n' | 'metric' | 'seed' | 'index' | 'opq'>;
  data: DataInfo;
  index: IndexInfo;
  run: number;
  /** False once the engine holds other vectors: what is shown stays, but cannot be searched. */
  live: boolean;
};

/** One build and its measurements over the query set. */
export type Run = {
  id: number;
  of: Built['of'];
  index: IndexInfo;
  /** The parameter that was swept, null where the index has none. */
  knob: Parameter | null;
  /** k and the other parameters the points were measured at. */
  at: string;
  k: number;
  points: SweepPoint[];
  /** Recall at many values of the knob from one pass; null where that cannot be, or not yet. */
  curve: CurvePoint[] | null;
};

export const emptyState = (): State => ({
  setting: defaults(), notices: [], engine: null, job: null, failure: null, built: null, search: null, searchFailure: null,
  plane: null, slice: null, look: null, near: null, laying: null, runs: [], sweep: null,
});

export const createState = () => createStore<State>()(emptyState);
export type Store = ReturnType<typeof createState>;

/** Does the index on screen answer to what is chosen now? */
export function isStale({ built, setting }: Pick<State, 'built' | 'setting'>): boolean {
  if (!built) return false;
  const { of } = built;
  return !built.live || of.data !== setting.data || of.n !== setting.n || of.metric !== setting.metric
    || of.seed !== setting.seed || of.index !== setting.index || (of.opq !== setting.opq && hasOpq(setting.index));
}

/** Runs that may stand beside the current one: same vectors, metric and k; figures of others would compare nothing. */
export function comparable(runs: readonly Run[], current: Run): Run[] {
  return runs.filter(({ of, k, points }) => of.data === current.of.data && of.n === current.of.n && of.metric === current.of.metric
    && k === current.k && points.length > 0);
}
