import { useEffect, useEffectEvent, useState } from 'react';
import { dataSetOf } from '@/state/fit';
import { createTwins, twinKey, type Twin as Measured } from '@/state/twin';
import { newEngine } from '@/workers/client';
import { TwinChart } from '../views/stage/TwinChart';
import { useExplorer } from './explorer';

const twins = createTwins(newEngine);

/** Beside a picture in two dimensions, what the same string reaches on real vectors. It waits until the index on the stage is measured. */
export function Twin({ height }: { height: number }) {
  const setting = useExplorer((s) => s.setting);
  const built = useExplorer((s) => s.built);
  const runs = useExplorer((s) => s.runs);
  const idle = useExplorer((s) => s.job === null && s.sweep === null);
  const run = runs.find(({ id }) => id === built?.run), key = built ? twinKey(setting, built.of) : '';
  const waits = !built?.live || !idle || !run?.points.length;
  const [told, setTold] = useState<{ key: string; twin: Measured } | null>(null);
  const measure = useEffectEvent(() => { if (built) void twins.measure(setting, built.of, (twin) => setTold({ key, twin })); });
  useEffect(() => { if (!waits) measure(); }, [waits, key]);
  useEffect(() => twins.stop, []);
  if (!built || !run) return <div className="hidden w-60 sm:block" aria-hidden="true" />;
  const { title } = dataSetOf({ ...setting, data: built.of.data }), twin = told?.key === key ? told.twin : null;
  return (
    <div className="min-w-0 sm:w-60">
      <TwinChart here={{ title, points: run.points }} twin={twin} knob={run.knob} values={twin?.values ?? run.points.map(({ value }) => value)} at={run.knob && setting[run.knob]} k={setting.k} height={Math.min(180, height / 2)} />
    </div>
  );
}
