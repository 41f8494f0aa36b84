import type { ReactNode } from 'react';
import type { Progress } from '@/workers/protocol';
import type { Action, PanelState } from './props';
import style from './panel.module.css';
import { count, percent } from './words';

/** What a panel shows instead of, or over, its content in each of its states. Content keeps its size throughout. */
export function PanelCover({ state, children }: { state: PanelState; children: ReactNode }) {
  const bare = state.kind === 'empty' || state.kind === 'waiting' || state.kind === 'wrong' || state.kind === 'working';
  return (
    <div className={style.frame} data-state={state.kind} aria-busy={state.kind === 'waiting' || state.kind === 'working'}>
      <div className={style.content} inert={bare}>{children}</div>
      {state.kind !== 'ready' && <Cover state={state} />}
    </div>
  );
}

function Cover({ state }: { state: Exclude<PanelState, { kind: 'ready' }> }) {
  switch (state.kind) {
    case 'empty': return <div className={style.cover}><p>{state.hint}</p></div>;
    case 'waiting': return <div className={`${style.cover} ${style.skeleton}`}><span className={style.hidden} role="status">Waiting for the engine</span></div>;
    case 'working': return <div className={style.cover}><Working progress={state.progress} onCancel={state.onCancel} /></div>;
    case 'stale': return <div className={style.note} role="status"><p>{state.hint}</p><Act action={state.action} /></div>;
    case 'wrong': return <div className={style.cover} role="alert"><p className={style.wrong}>{state.message}</p><Act action={state.action} /></div>;
  }
}

function Act({ action }: { action: Action | undefined }) {
  return action ? <button type="button" className={style.button} onClick={action.run}>{action.label}</button> : null;
}

function Working({ progress: { stage, done, total, left }, onCancel }: { progress: Progress; onCancel: (() => void) | undefined }) {
  const share = total > 0 ? done / total : 0;
  return (
    <div className={style.working}>
      <p>{stage}</p>
      <progress value={share} aria-label={stage} />
      <p className={style.small}>{count(done)} of {count(total)} · {percent(share)}{left === null ? '' : ` · ${duration(left)} left`}</p>
      {onCancel && <button type="button" className={style.button} onClick={onCancel}>Cancel</button>}
    </div>
  );
}

const duration = (seconds: number) => (seconds < 90 ? `${Math.max(1, Math.round(seconds))}\u202fs` : `${Math.round(seconds / 60)}\u202fmin`);
