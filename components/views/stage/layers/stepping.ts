import type { KeyboardEvent } from 'react';
import type { Place } from './frame';

/** A chart whose axis is the steps: arrows, Home and End move along it, in step with the transport. */

export type Stepping = Place & { onStep?: (step: number) => void };

export function stepProps({ step, last, onStep }: Stepping, name: string, now: string) {
  const keys: Record<string, number> = { ArrowLeft: step - 1, ArrowDown: step - 1, ArrowRight: step + 1, ArrowUp: step + 1, PageDown: step - 10, PageUp: step + 10, Home: 0, End: last };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = keys[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onStep?.(Math.max(0, Math.min(last, to)));
  };
  return { role: 'slider', tabIndex: 0, 'aria-label': name, 'aria-valuemin': 0, 'aria-valuemax': last, 'aria-valuenow': step, 'aria-valuetext': now, onKeyDown };
}
