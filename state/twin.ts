import type { Client } from '../workers/client';
import { asFailure } from '../workers/failure';
import type { SweepPoint } from '../workers/protocol';
import { knobsFor, mainKnob, problemsFor, stops } from './factory';
import { dataSetOf } from './fit';
import { paramsOf } from './session';
import { defaults } from './setting';
import type { Parameter, Setting } from './setting';

/** Two dimensions flatter every index. The same string, seed and parameters are built and measured on real vectors too, by the
 *  same engine, beside the page's own. */

const real = { data: 'photo-sift', n: 5_000 } as const;
/** Plenty for 5 000 vectors, and little to take beside the page's own. */
const MEMORY = 2 ** 28;

export type Twin = {
  /** Of the real set. */
  title: string; d: number; n: number;
  k: number;
  knob: Parameter | null;
  values: readonly number[];
  points: SweepPoint[];
  /** Why there are none. */
  wrong: string | null;
};

type Of = Pick<Setting, 'metric' | 'seed' | 'index' | 'opq'>;

/** What the curve depends on. */
export function twinKey(setting: Setting, of: Of, whole = true): string {
  const knob = whole ? mainKnob(of.index) : null;
  return JSON.stringify([of.index, of.metric, of.seed, of.opq, setting.k, whole, Object.entries(paramsOf(setting, of.index)).filter(([name]) => name !== knob)]);
}

/** Why the same string cannot be built on the real vectors; null where it can. */
export function twinRefusal(of: Of): string | null {
  const problems = problemsFor({ ...of, data: real.data, n: real.n }, null);
  return stops(problems) ? problems.find(({ kind }) => kind !== 'advice')?.message ?? null : null;
}

export type Twins = {
  /** Tells the curve as it fills in, or the one point of the setting where `whole` is false. The one under way is given up. */
  measure: (setting: Setting, of: Of, tell: (twin: Twin) => void, whole?: boolean) => Promise<void>;
  /** Ends its engine; what was measured stays known. */
  stop: () => void;
};

export function createTwins(open: () => Client): Twins {
  const known = new Map<string, Twin>();
  let client: Client | null = null, run = 0, held = '';

  async function started(): Promise<Client> {
    if (client) return client;
    client = open();
    await client.call('start', { threads: 1, bytes: MEMORY });
    return client;
  }

  async function ready(engine: Client, { metric, seed, index, opq }: Of): Promise<void> {
    if (held !== metric) {
      held = '';
      await engine.call('load', { name: real.data, n: real.n, metric, seed, vectorsOnly: true });
      held = metric;
    }
    await engine.call('build', { factory: index, metric, seed, opq });
  }

  return {
    async measure(setting, of, tell, whole = true) {
      const key = twinKey(setting, of, whole), mine = ++run, empty = blank(setting, of, whole), before = known.get(key);
      if (before) return tell(before);
      client?.cancel();
      tell(empty);
      if (empty.wrong) return;
      let twin = empty;
      try {
        const engine = await started();
        if (mine === run) await ready(engine, of);
        for (const value of empty.knob ? empty.values : [0]) {
          if (mine !== run) return;
          const points = await engine.call('sweep', { k: setting.k, param: empty.knob, values: [value], params: paramsOf(setting, of.index) });
          twin = { ...twin, points: [...twin.points, ...points] };
          if (mine === run) tell(twin);
        }
        known.set(key, twin);
      } catch (thrown) {
        const { name, message } = asFailure(thrown);
        if (mine === run && name !== 'cancelled') tell({ ...empty, wrong: message });
      }
    },
    stop() {
      run++;
      client?.stop();
      client = null;
      held = '';
    },
  };
}

function blank(setting: Setting, of: Of, whole: boolean): Twin {
  const set = dataSetOf({ ...defaults(), data: real.data }), knob = mainKnob(of.index), chosen = knob ? [setting[knob]] : [];
  const values = whole ? knobsFor(of.index).find(({ name }) => name === knob)?.values ?? [] : chosen;
  return { title: set.title, d: set.d, n: real.n, k: setting.k, knob, values, points: [], wrong: twinRefusal(of) };
}
