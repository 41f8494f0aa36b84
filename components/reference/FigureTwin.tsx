import { useState } from 'react';
import { paramsOf } from '@/state/session';
import { defaults, isParameter } from '@/state/setting';
import type { Setting } from '@/state/setting';
import { createTwins, twinRefusal, type Twin } from '@/state/twin';
import { checkFactory } from '@/engine/factory';
import { newEngine } from '@/workers/client';
import { asFailure } from '@/workers/failure';
import { count, fraction } from '../marks';
import { K, recallOf } from './ask';
import { SEED, type Recipe } from './figures';
import { movedBy } from './link';
import style from './reference.module.css';

const twins = createTwins(newEngine);

type Told = { key: string; here: number | null; twin: Twin | null; wrong: string | null };

/** One press builds the figure's string on real vectors too, and says what both reach. Nothing is fetched before it. */
export function FigureTwin({ recipe, value }: { recipe: Recipe; value: number }) {
  const index = recipe.index(value), key = `${index} ${value}`, of = { index, metric: 'L2', seed: SEED, opq: 'quick' } as const;
  const [told, setTold] = useState<Told | null>(null);
  const codec = checkFactory(index, { d: 2, metric: 'L2' }).some((problem) => problem.codec); // nothing is found by it
  if (codec || twinRefusal(of) !== null) return null;
  const measure = async () => {
    const setting = settingOf(recipe, value), tell = (more: Partial<Told>) => setTold((before) => ({ ...(before?.key === key ? before : { here: null, twin: null, wrong: null }), ...more, key }));
    tell({});
    try {
      tell({ here: await recallOf(recipe, value, setting.k, paramsOf(setting, index)) });
      await twins.measure(setting, of, (twin) => tell({ twin, wrong: twin.wrong }), false);
    } catch (thrown) {
      tell({ wrong: asFailure(thrown).message });
    }
  };
  return (
    <div className={`label ${style.twin}`}>
      {told?.key === key ? <p role="status">{wordsOf(told, settingOf(recipe, value))}</p>
        : <button type="button" className="figure-button" title="Built and measured in this tab on 5 000 photo descriptors of 128 dimensions; less than 1 MB is fetched, once" onClick={() => void measure()}>The same string on real vectors</button>}
    </div>
  );
}

/** What the figure searches with: its slider's value, and all cells where only codes are to be judged. */
function settingOf(recipe: Recipe, value: number): Setting {
  const setting: Setting = { ...defaults(), seed: SEED, k: K, ...(recipe.kind === 'ranks' ? { nprobe: 64 } : {}) };
  for (const [name, to] of Object.entries(movedBy(recipe, value))) if (name === 'k' || isParameter(name)) setting[name] = to;
  return setting;
}

function wordsOf({ here, twin, wrong }: Told, { k }: Setting): string {
  if (wrong) return `On real vectors: ${wrong}`;
  const point = twin?.points[0];
  if (here === null || !twin || !point) return 'Being built and measured on real vectors, in this tab.';
  const at = twin.knob ? ` at ${twin.knob} ${point.value}` : '';
  return `recall ${k}@${k}${at}: ${fraction(here)} on this set, ${fraction(point.recall['k@k'])} on ${twin.title}, ${count(twin.d)} dimensions, ${count(twin.n)} vectors and ${count(point.nq)} queries.`;
}
