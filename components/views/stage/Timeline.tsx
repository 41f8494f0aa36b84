import type { KeyboardEvent, ReactNode } from 'react';
import { Sparkline } from './Sparkline';
import type { TimelineProps } from './props';
import theme from './theme.module.css';
import style from './timeline.module.css';
import { speeds, useTransport } from './useTransport';

/** Play, pause, step, scrub and speed over recorded states, with one sentence about the state shown. Knows steps;
 *  not what they are steps of. */
export function Timeline(props: TimelineProps) {
  const { title, steps, step, valueName, disabled } = props;
  const { playing, speed, setSpeed, coarse, setCoarse, hasCoarse, act } = useTransport(props);
  const last = Math.max(0, steps.length - 1);
  const idle = disabled || steps.length < 2;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLSelectElement) && act.key(event.nativeEvent)) event.preventDefault();
  };
  return (
    <div className={`${theme.colours} ${style.timeline}`} role="group" aria-label={title} onKeyDown={onKeyDown}>
      <div className={style.transport}>
        <span className={style.title}>{title}</span>
        <div className={style.buttons}>
          <Press name="Step back (←)" onClick={() => act.by(-1)} disabled={idle || step <= 0}><path d="M4 3v10M13 3 6 8l7 5z" /></Press>
          <Press name={playing ? 'Pause (space)' : 'Play (space)'} onClick={act.toggle} disabled={idle} main>
            {playing ? <path d="M4 3h3v10H4zM9 3h3v10H9z" /> : <path d="M4 2.5 13 8l-9 5.5z" />}
          </Press>
          <Press name="Step forward (→)" onClick={() => act.by(1)} disabled={idle || step >= last}><path d="M12 3v10M3 3l7 5-7 5z" /></Press>
        </div>
        <input
          type="range" className={style.scrub} min={0} max={last} step={1} value={Math.min(step, last)} disabled={idle} aria-label={`${title}: step`}
          aria-valuetext={steps[step]?.sentence} onChange={(event) => act.go(event.target.valueAsNumber)} style={{ backgroundSize: `${last ? (100 * step) / last : 0}% 4px, 100% 4px` }}
        />
        <output className={style.counter}>{steps.length ? `${step} / ${last}` : '–'}</output>
        <select className={style.speed} value={speed} disabled={idle} aria-label="Speed" onChange={(event) => setSpeed(Number(event.target.value))}>
          {speeds.map((s) => <option key={s} value={s}>{s}×</option>)}
        </select>
        {hasCoarse && <label className={style.coarse} title="Stop only where something changes"><input type="checkbox" checked={coarse} disabled={idle} onChange={(event) => setCoarse(event.target.checked)} /> coarse</label>}
        <Sparkline values={steps.map(({ value }) => value)} at={step} name={valueName ?? ''} />
      </div>
      <p className={style.sentence} aria-live={playing ? 'off' : 'polite'}>{steps[step]?.sentence ?? ''}</p>
    </div>
  );
}

type PressProps = { name: string; onClick: () => void; disabled: boolean; main?: boolean; children: ReactNode };

function Press({ name, onClick, disabled, main, children }: PressProps) {
  return (
    <button type="button" className={style.press} data-main={main} aria-label={name} title={name} onClick={onClick} disabled={disabled}>
      <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden="true">{children}</svg>
    </button>
  );
}
