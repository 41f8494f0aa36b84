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
export function twinKey(setting: Setting, of: Of): string {
  const knob = mainKnob(of.index);
  return JSON.stringify([of.index, of.metric, of.seed, of.opq, setting.k, Object.entries(paramsOf(setting, of.index)).filter(([name]) => name !== knob)]);
}

export type Twins = {
  /** Tells the curve as it fills in. The one under way is given up. */
  measure: (setting: Setting, of: Of, tell: (twin: Twin) => void) => Promise<void>;
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
      await engine.call('load', { name: real.data, n: real.n, metric, seed });
      held = metric;
    }
    await engine.call('build', { factory: index, metric, seed, opq });
  }

  return {
    async measure(setting, of, tell) {
      const key = twinKey(setting, of), mine = ++run, empty = blank(setting, of), before = known.get(key);
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

function blank(setting: Setting, of: Of): Twin {
  const set = dataSetOf({ ...defaults(), data: real.data }), knob = mainKnob(of.index), problems = problemsFor({ ...of, data: real.data, n: real.n }, null);
  const wrong = stops(problems) ? problems.find(({ kind }) => kind !== 'advice')?.message ?? null : null;
  return { title: set.title, d: set.d, n: real.n, k: setting.k, knob, values: knobsFor(of.index).find(({ name }) => name === knob)?.values ?? [], points: [], wrong };
}
