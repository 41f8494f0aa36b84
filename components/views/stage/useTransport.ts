import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { TimelineProps } from './props';

export const speeds = [0.25, 0.5, 1, 2, 4];

/** Controls that have keys of their own; there the timeline leaves them alone. */
const taken = 'input, textarea, select, button, a, summary, [contenteditable], [role="application"], [role="slider"], [role="listbox"]';

/** The clock and the commands of a timeline. Playing stops at the end; playing from the end begins anew. */
export function useTransport({ steps, step, onStep, rate = 4, global = false, disabled = false }: TimelineProps) {
  const [wanted, setWanted] = useState(false);
  const [speed, setSpeed] = useState(1);
  const last = steps.length - 1;
  const playing = wanted && !disabled && step < last;

  const advance = useEffectEvent(() => {
    onStep(step + 1);
    if (step + 1 >= last) setWanted(false);
  });
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(advance, 1000 / (rate * speed));
    return () => clearTimeout(timer);
  }, [playing, step, rate, speed]);

  const act = useMemo(() => {
    const go = (to: number) => {
      setWanted(false);
      onStep(Math.min(Math.max(to, 0), Math.max(last, 0)));
    };
    const toggle = () => {
      if (!playing && step >= last) onStep(0);
      setWanted(!playing);
    };
    const keys: Record<string, () => void> = {
      ' ': toggle, ArrowLeft: () => go(step - 1), ArrowRight: () => go(step + 1), Home: () => go(0), End: () => go(last),
    };
    /** True when the key was one of ours. */
    const key = (event: globalThis.KeyboardEvent): boolean => {
      const act = keys[event.key];
      if (disabled || last < 1 || !act || event.ctrlKey || event.metaKey || event.altKey) return false;
      if (event.key === ' ' && event.target instanceof HTMLButtonElement) return false; // the button presses itself
      act();
      return true;
    };
    return { go, toggle, key };
  }, [playing, step, last, disabled, onStep]);

  const onKey = useEffectEvent((event: globalThis.KeyboardEvent) => {
    const inControl = event.target instanceof Element && event.target.closest(taken) !== null;
    if (!inControl && !event.defaultPrevented && act.key(event)) event.preventDefault();
  });
  useEffect(() => {
    if (!global) return;
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [global]);

  return { playing, speed, setSpeed, act };
}
