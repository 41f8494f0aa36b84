import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Loss } from '@/engine/measure/causes';
import { choose } from '@/state/actions';
import { knobsFor, mainKnob, partsFor } from '@/state/factory';
import { knobOf, rerankedBy } from '@/state/lost';
import { comparable } from '@/state/store';
import type { Run } from '@/state/store';
import { LostBars } from '../views/LostBars';
import type { Way, Ways } from '../views/LostBars';
import { MemoryBar } from '../views/MemoryBar';
import { ParetoPlot } from '../views/ParetoPlot';
import { RecallCurve } from '../views/RecallCurve';
import { RunList } from '../views/RunList';
import { TimeCurve } from '../views/TimeCurve';
import type { RunView } from '../views/runs';
import { explorer, useExplorer } from './explorer';
import { focusParameter } from './focus';

const height = 144;

/** What the query set measures, filling in while the sweep runs. `switcher` changes this for another figure. */
export function Charts({ dimmed, switcher }: { dimmed: boolean; switcher: ReactNode }) {
  const built = useExplorer((state) => state.built);
  const runs = useExplorer((state) => state.runs);
  const sweep = useExplorer((state) => state.sweep);
  const setting = useExplorer((state) => state.setting);
  const current = runs.find(({ id }) => id === built?.run) ?? null;
  const shown = useMemo(() => (current ? views(runs, current) : []), [runs, current]);
  const index = current?.of.index ?? setting.index;
  const knob = mainKnob(index);
  const values = knobsFor(index).find(({ name }) => name === knob)?.values ?? [];
  const at = knob && setting[knob];
  const total = built?.index.bytes ?? 0;
  const parts = useMemo(() => (built ? partsFor(built.of, built.index) : []), [built]);
  const again = (id: number) => {
    const run = runs.find((one) => one.id === id);
    if (!run) return;
    explorer.change((s) => choose(s, 'index', run.of.index));
    explorer.build();
  };
  return (
    <section aria-label="Measurements" className="border-t border-line px-4 pt-1.5 wide:px-6">
      <div className="flex flex-wrap items-center gap-x-3">
        <RunList runs={shown} onChoose={again} />
        <p className="label ml-auto whitespace-nowrap">{sweep ? `measuring ${sweep.done + 1} of ${sweep.total}` : current?.points[0] ? `${current.points[0].nq} held-out queries each` : '\u00a0'}</p>
        {switcher}
      </div>
      <div className={`grid gap-x-6 gap-y-4 sm:grid-cols-2 wide:grid-cols-5 ${dimmed ? 'stale' : ''}`}>
        <RecallCurve runs={shown} knob={knob} values={values} at={at} height={height} />
        <TimeCurve runs={shown} knob={knob} values={values} at={at} height={height} />
        <ParetoPlot runs={shown} height={height} />
        <LostBars run={shown.find((run) => run.current) ?? null} at={at} ways={waysOf(index)} height={height} />
        <MemoryBar parts={parts} total={total} raw={(built?.index.n ?? 0) * (built?.index.d ?? 0) * 4} height={height} />
      </div>
    </section>
  );
}

/** The current run and those that compare with it. A string built again stands there once, with its latest figures. */
function views(runs: readonly Run[], current: Run): RunView[] {
  const others = comparable(runs, current).filter((run) => run.id !== current.id && run.of.index !== current.of.index);
  const latest = others.filter((run, i) => !others.slice(i + 1).some((later) => later.of.index === run.of.index));
  return [...latest, current].map((run) => ({ id: run.id, label: run.of.index, current: run === current, knob: run.knob, k: run.k, points: run.points, curve: run.curve }));
}

/** The control of a parameter; of codes, the string that ranks four times as many again by exact distances. */
function waysOf(index: string): Ways {
  const way = (loss: Loss): Way | null => {
    const knob = knobOf(loss, index), more = loss === 'code' ? rerankedBy(index) : null;
    if (knob) return { name: knob, go: () => focusParameter(knob) };
    return more ? { name: 'RFlat', go: () => { explorer.change((s) => ({ ...s, index: more, k_factor_rf: Math.max(4, s.k_factor_rf) })); explorer.build(); } } : null;
  };
  return { nprobe: way('nprobe'), max_codes: way('max_codes'), quantizer: way('quantizer'), graph: way('graph'), code: way('code'), refine: way('refine') };
}
