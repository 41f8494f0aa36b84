import { scaleLinear } from 'd3';
import { compact, measure, micros } from '../marks';
import type { Axis } from './LineChart';

/** The axes that the charts share. */

/** Recall from the lowest value there is, rounded down, to 1; all of it while nothing is measured. */
export function recallAxis(values: number[], title: string): Axis {
  const low = values.length === 0 ? 0 : Math.floor(Math.min(0.9, ...values) * 10) / 10;
  return { title, log: false, domain: [low, 1], ticks: scaleLinear([low, 1], [0, 1]).ticks(4), format: (v) => String(Number(v.toFixed(2))) };
}

/** A parameter in doublings: all its values have a place, every second or third a label. */
export function parameterAxis(name: string, values: readonly number[]): Axis {
  const first = values[0] ?? 1;
  const last = values.at(-1) ?? 1;
  const every = Math.ceil(values.length / 5);
  const ticks = values.filter((_, i) => (values.length - 1 - i) % every === 0);
  return { title: name, log: true, domain: last > first ? [first, last] : [first / 2, first * 2], ticks, format: measure };
}

/** Powers of ten around the values; the usual ones while nothing is measured. */
function decades(values: number[], usual: [number, number]): { domain: [number, number]; ticks: number[] } {
  const measured = values.filter((value) => value > 0);
  const positive = measured.length > 0 ? measured : usual;
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.ceil(Math.log10(Math.max(...positive)));
  const top = high > low ? high : low + 1;
  return { domain: [10 ** low, 10 ** top], ticks: Array.from({ length: top - low + 1 }, (_, i) => 10 ** (low + i)) };
}

export const timeAxis = (values: number[]): Axis => ({ title: '', log: true, ...decades(values, [10, 1000]), format: micros });
export const rateAxis = (values: number[]): Axis => ({ title: '', log: true, ...decades(values, [1000, 100_000]), format: compact });
