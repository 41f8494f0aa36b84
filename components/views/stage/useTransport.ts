import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { Step, TimelineProps } from './props';

export const speeds = [0.25, 0.5, 1, 2, 4];

/** Controls that have keys of their own; there the timeline leaves them alone. */
const taken = 'input, textarea, select, button, a, summary, [contenteditable], [role="application"], [role="slider"], [role="listbox"]';

type Keyed = globalThis.KeyboardEvent;

/** Steps at which a coarse replay stops; empty where nothing sets some of them apart. */
export function coarseStops(steps: Step[]): number[] {
  const stops = [...steps.keys()].filter((i) => i === 0 || i === steps.length - 1 || steps[i]?.main);
  return steps.some(({ main }) => main) && stops.length < steps.length ? stops : [];
}

/** The clock and the commands of a timeline. Playing stops at the end; playing from the end begins anew. */
export function useTransport({ steps, step, onStep, rate = 4, global = false, disabled = false }: TimelineProps) {
  const [wanted, setWanted] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [wantsCoarse, setCoarse] = useState(false);
  const stops = useMemo(() => coarseStops(steps), [steps]);
  const hasCoarse = stops.length > 0, coarse = wantsCoarse && hasCoarse;
  const last = steps.length - 1;
  const playing = wanted && !disabled && step < last;
  useClock(playing, step, 1000 / (rate * speed), () => {
    const to = coarse ? stops.find((stop) => stop > step) ?? last : step + 1;
    onStep(to);
    if (to >= last) setWanted(false);
  });

  const act = useMemo(() => {
    const go = (to: number) => {
      setWanted(false);
      onStep(Math.min(Math.max(to, 0), Math.max(last, 0)));
    };
    const by = (way: 1 | -1) => {
      const next = way > 0 ? stops.find((stop) => stop > step) : stops.findLast((stop) => stop < step);
      go(coarse ? next ?? step : step + way);
    };
    const toggle = () => {
      if (!playing && step >= last) onStep(0);
      setWanted(!playing);
    };
    const keys: Record<string, () => void> = {
      ' ': toggle, ArrowLeft: () => by(-1), ArrowRight: () => by(1), Home: () => go(0), End: () => go(last),
    };
    /** True when the key was one of ours. */
    const key = (event: Keyed): boolean => {
      const press = keys[event.key];
      if (disabled || last < 1 || !press || event.ctrlKey || event.metaKey || event.altKey) return false;
      if (event.key === ' ' && pressesItself(event.target)) return false;
      press();
      return true;
    };
    return { go, by, toggle, key };
  }, [playing, step, last, stops, coarse, disabled, onStep]);
  useDocumentKeys(global, act.key);

  return { playing, speed, setSpeed, coarse, setCoarse, hasCoarse, act };
}

const pressesItself = (target: EventTarget | null) => target instanceof HTMLButtonElement || (target instanceof HTMLInputElement && target.type === 'checkbox');

/** Calls `tick` once, `ms` after `step` was reached. */
function useClock(running: boolean, step: number, ms: number, tick: () => void) {
  const onTick = useEffectEvent(tick);
  useEffect(() => {
    if (!running) return;
    const timer = setTimeout(onTick, ms);
    return () => clearTimeout(timer);
  }, [running, step, ms]);
}

function useDocumentKeys(on: boolean, key: (event: Keyed) => boolean) {
  const onKey = useEffectEvent((event: Keyed) => {
    const inControl = event.target instanceof Element && event.target.closest(taken) !== null;
    if (!inControl && !event.defaultPrevented && key(event)) event.preventDefault();
  });
  useEffect(() => {
    if (!on) return;
    const listen = (event: Keyed) => onKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [on]);
}
