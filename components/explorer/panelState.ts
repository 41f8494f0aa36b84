import { stops } from '@/state/factory';
import type { Problem } from '@/engine/factory/problems';
import { isStale } from '@/state/store';
import type { State } from '@/state/store';
import type { PanelState } from '../views/stage/props';
import { explorer } from './explorer';

/** The state that every panel about the index on screen shares. */
export function panelState(state: Pick<State, 'built' | 'job' | 'failure' | 'setting'>, problems: Problem[]): PanelState {
  const { built, job, failure, setting } = state;
  if (!built) {
    if (job) return job.progress ? { kind: 'working', progress: job.progress } : { kind: 'waiting' };
    if (failure) return { kind: 'wrong', message: failure, action: { label: 'Try again', run: explorer.build } };
    if (stops(problems)) return { kind: 'empty', hint: 'Nothing is built yet: mend the string above, at the mark.' };
    return { kind: 'waiting' };
  }
  if (job && job.name !== 'start') return { kind: 'stale', hint: `Still ${built.of.index}: ${setting.index} is being built` };
  if (!isStale(state)) return { kind: 'ready' };
  if (stops(problems)) return { kind: 'stale', hint: `Still ${built.of.index}: the string has a mistake` };
  return { kind: 'stale', hint: `Still ${built.of.index}: the setting changed since`, action: { label: 'Rebuild', run: explorer.build } };
}
