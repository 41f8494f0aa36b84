import type { DataInfo, Progress } from '../workers/protocol';
import { knobsFor, mainKnob, problemsFor, stops } from './factory';
import { fit } from './fit';
import { readQuery } from './query';
import { paramsOf, planeAsk, planeKeyOf, refOf, spoken, withQuery } from './session';
import type { Session } from './session';
import type { Setting } from './setting';
import type { Built, Job, Run, State } from './store';
import { restartSweep } from './sweep';
import { isLook, viewFor } from './views';

/** Vectors, then the index, then its first search and plane, which come on screen with it, all at once. What was there
 *  before stays until then. */
export async function build(session: Session): Promise<void> {
  const { getState, setState } = session.store;
  const fitted = fitToIndex(getState());
  setState(fitted);
  const { setting } = fitted;
  if (stops(problemsFor(setting, getState().engine))) return;
  const mine = ++session.generation;
  session.engine().cancel();
  setState({ job: { name: 'build', progress: null }, failure: null, sweep: null });
  try {
    const data = await load(session, setting);
    const index = await buildIndex(session, setting);
    if (mine === session.generation) await show(session, data, index, setting, mine);
  } catch (thrown) {
    if (mine !== session.generation) return;
    setState({ job: null, failure: spoken(thrown) });
    restartSweep(session); // of the index that stayed, if it was interrupted
  }
}

async function load(session: Session, setting: Setting): Promise<DataInfo> {
  const { data: name, n, metric, seed } = setting;
  const key = [name, n, metric, seed].join(' ');
  if (session.held?.key === key) return session.held.data;
  session.held = null;
  session.laid = null;
  session.store.setState(({ built }) => ({ job: { name: 'load', progress: null }, built: built && { ...built, live: false } }));
  const data = await session.engine().call('load', { name, n, metric, seed }, { onProgress: reporter(session, 'load') });
  session.held = { key, data };
  return data;
}

function buildIndex(session: Session, { index: factory, metric, seed, opq }: Setting): Promise<Built['index']> {
  session.store.setState({ job: { name: 'build', progress: null } });
  return session.engine().call('build', { factory, metric, seed, opq }, { onProgress: reporter(session, 'build') });
}

/** Progress of a build that was given up no longer counts. */
function reporter(session: Session, name: Job['name']) {
  const mine = session.generation;
  return (progress: Progress) => { if (mine === session.generation) session.store.setState({ job: { name, progress } }); };
}

async function show(session: Session, data: DataInfo, index: Built['index'], of: Setting, mine: number) {
  const { getState, setState } = session.store;
  setState((state) => ({ ...settleQuery(state, data), job: { name: 'search', progress: null } }));
  const { setting } = getState();
  const ref = refOf(setting, data);
  const search = index.unsearchable ? null : await session.engine().call('search', { query: ref, k: setting.k, params: paramsOf(setting, of.index) });
  const ask = planeAsk(session, setting, ref), plane = await session.engine().call('plane', ask);
  if (mine !== session.generation) return;
  session.planeKey = planeKeyOf(ask);
  setState((state) => {
    const run = newRun(state.runs, of, index);
    const built: Built = { of: run.of, data, index, run: run.id, live: true };
    return { built, search, searchFailure: null, plane: withQuery(plane, ref), slice: null, look: null, job: null, runs: [...state.runs, run], setting: isLook(viewFor(of.index, of.view)) ? state.setting : withIteration(state.setting, plane.history.length) };
  });
  restartSweep(session);
}

/** An iteration that this training had stays on the stage, as a link may ask for it. */
const withIteration = (setting: Setting, iterations: number): Setting =>
  ({ ...setting, iteration: setting.iteration !== null && setting.iteration < iterations ? setting.iteration : null });

function newRun(runs: readonly Run[], { data, n, metric, seed, opq, index: string, k }: Setting, index: Built['index']): Run {
  return { id: (runs.at(-1)?.id ?? -1) + 1, of: { data, n, metric, seed, opq, index: string }, index, knob: mainKnob(string), at: '', k, points: [], curve: null };
}

/** The chosen values as far as the chosen index allows them. */
function fitToIndex({ setting, notices }: State): Pick<State, 'setting' | 'notices'> {
  const fitted = fit(setting, knobsFor(setting.index));
  return { setting: fitted.setting, notices: merge(notices, fitted.notices) };
}

/** Names and numbers of queries can only be checked once the vectors are there. */
function settleQuery({ setting, notices }: State, data: DataInfo): Pick<State, 'setting' | 'notices'> {
  const ref = readQuery(setting.query, data.queryNames);
  if (ref && (ref.kind !== 'base' || ref.id < data.n)) return { setting, notices };
  const message = ref
    ? `query: base vector ${setting.query.slice(3)} does not exist, there are ${data.n}; query 0 is used.`
    : `query: “${setting.query}” is not among the ${data.nq} queries of ${data.title}; query 0 is used.`;
  return { setting: { ...setting, query: '0' }, notices: merge(notices, [{ field: 'query', message }]) };
}

/** One notice per field, the latest. */
const merge = (old: State['notices'], more: State['notices']) =>
  [...old.filter((notice) => !more.some(({ field }) => field === notice.field)), ...more];
