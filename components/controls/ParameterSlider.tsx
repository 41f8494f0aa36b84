import { useId } from 'react';
import { NumberField } from './NumberField';

type Props = {
  name: string;
  meaning: string;
  value: number;
  /** Where the slider stops: the values that are swept. The field takes any between the bounds. */
  stops: readonly number[];
  min: number;
  max: number;
  onChange: (value: number) => void;
};

/** A search parameter: a slider over doublings and the exact number beside it. */
export function ParameterSlider({ name, meaning, value, stops, min, max, onChange }: Props) {
  const id = useId();
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-3" title={meaning}>
      <input id={id} type="range" aria-label={`${name} slider`} aria-valuetext={String(value)} min={0} max={stops.length - 1} step={1}
        value={nearestStop(stops, value)} onChange={(event) => onChange(stops[Number(event.target.value)] ?? value)} />
      <NumberField label={name} value={value} min={min} max={max} onChange={onChange} width="4.5rem" />
    </div>
  );
}

/** By ratio, as the stops are doublings; 0 stands for no bound and has only itself. */
function nearestStop(stops: readonly number[], value: number): number {
  if (stops.includes(value)) return stops.indexOf(value);
  let best = stops[0] === 0 ? 1 : 0;
  const off = (i: number) => Math.abs(Math.log((stops[i] ?? 1) / value));
  for (let i = best + 1; i < stops.length; i++) if (off(i) < off(best)) best = i;
  return best;
}
