import type { CurveParam } from '../engine/measure/curves';
import type { SweepPoint } from '../workers/protocol';
import { knobsFor } from './factory';
import { paramsOf, spoken } from './session';
import type { Session } from './session';
import type { Setting } from './setting';
import type { Run } from './store';

/** Parameters whose curve one pass may tell. */
const curved: readonly CurveParam[] = ['nprobe', 'k_factor_rf', 'k_factor'];

/** The query set at each value of the index's main parameter, one value a call and in the background, so that a search
 *  by a person never waits for more than one of them. */
export function restartSweep(session: Session): void {
  clearTimeout(session.sweepTimer);
  void sweep(session);
}

/** A slider moves in many steps; measured is where it comes to rest. */
export function sweepSoon(session: Session): void {
  clearTimeout(session.sweepTimer);
  session.sweepTimer = setTimeout(() => void sweep(session), 400);
}

async function sweep(session: Session): Promise<void> {
  const { getState, setState } = session.store;
  const { built, setting, runs, job } = getState();
  const run = runs.find(({ id }) => id === built?.run);
  if (!built?.live || built.index.unsearchable || !run || job) return;
  const at = measuredAt(setting, run);
  if (run.at === at) return;
  const mine = ++session.sweeping;
  session.engine().dropBackground();
  const values = run.knob === null ? [0] : endsFirst(knobsFor(run.of.index).find(({ name }) => name === run.knob)?.values ?? []);
  const params = paramsOf(setting, run.of.index);
  const change = (patch: (run: Run) => Run) => setState((state) => ({ runs: state.runs.map((one) => (one.id === run.id ? patch(one) : one)) }));
  change((one) => ({ ...one, at, k: setting.k, points: [], curve: null }));
  try {
    const param = run.knob === null ? undefined : curved.find((name) => name === run.knob);
    const curve = param ? await session.engine().call('curve', { k: setting.k, param, values: between(values), params }, { background: true }) : null;
    if (mine !== session.sweeping) return;
    change((one) => ({ ...one, curve }));
    for (const [done, value] of values.entries()) {
      setState({ sweep: { done, total: values.length } });
      const points = await session.engine().call('sweep', { k: setting.k, param: run.knob, values: [value], params }, { background: true });
      if (mine !== session.sweeping) return;
      change((one) => ({ ...one, points: inOrder([...one.points, ...points]) }));
    }
    setState({ sweep: null });
  } catch (thrown) {
    if (mine !== session.sweeping) return;
    change((one) => ({ ...one, at: '' }));
    setState({ sweep: null, searchFailure: spoken(thrown) });
  }
}

/** What the points depend on besides the index: k and every parameter but the one swept. */
function measuredAt(setting: Setting, run: Run): string {
  const rest = Object.entries(paramsOf(setting, run.of.index)).filter(([name]) => name !== run.knob);
  return JSON.stringify([setting.k, rest]);
}

/** The cheapest and the dearest value first: after two points the axes stand and the rest fills in between. */
const endsFirst = (values: readonly number[]) => (values.length < 3 ? [...values] : [values[0] ?? 0, values.at(-1) ?? 0, ...values.slice(1, -1)]);

/** The values that are swept and up to seven more in each doubling, so that a line through them is a curve. */
export function between(values: readonly number[]): number[] {
  const most = Math.max(...values), all = new Set(values);
  for (let i = 0; 2 ** (i / 8) < most; i++) all.add(Math.round(2 ** (i / 8)));
  return [...all].sort((a, b) => a - b);
}

const inOrder = (points: SweepPoint[]) => points.sort((a, b) => a.value - b.value);
