import type { SearchAnswer } from '@/workers/protocol';
import { measure, micros } from '../marks';
import { stageMeanings, stages } from './stages';

/** Where the time of one query went: a bar cut by stage, and each stage's time under it. Stages that it has not are left out. */
export function StageTimes({ us }: { us: SearchAnswer['usPerStage'] }) {
  const present = stages.filter((stage) => us[stage] > 0), rest = Math.max(0, us.total - present.reduce((sum, stage) => sum + us[stage], 0));
  return (
    <div role="group" aria-label="Time per stage">
      <div className="flex h-1 overflow-hidden rounded-sm" aria-hidden="true">
        {present.map((stage, i) => <span key={stage} style={{ flexGrow: us[stage], background: 'var(--probed)', opacity: 1 - 0.18 * i, borderRight: '1px solid var(--bg)' }} />)}
        <span style={{ flexGrow: rest, background: 'var(--line)' }} />
      </div>
      <ul className="label flex gap-x-2.5 overflow-hidden whitespace-nowrap">
        {present.map((stage) => <li key={stage} title={`${stageMeanings[stage]}: ${micros(us[stage])}`}>{stage} {measure(us[stage])}</li>)}
        <li>µs</li>
      </ul>
    </div>
  );
}
