/** How numbers are written and runs are told apart, everywhere on the page. Three significant digits, units by size. */
import { measure } from './views/stage/words';

export { count, measure, ordinal, percent, plural } from './views/stage/words';

const nobreak = '\u202f'; // narrow

function scaled(value: number, steps: readonly (readonly [from: number, unit: string])[]): string {
  const [from, unit] = steps.find(([at]) => Math.abs(value) >= at) ?? steps[steps.length - 1] ?? [1, ''];
  return `${measure(value / from)}${nobreak}${unit}`;
}

/** 544 → "544 B" · 27200000 → "27.2 MB": decimal units, as disks and data sheets count. */
export const bytes = (n: number) => scaled(n, [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB'], [1, 'B']]);

/** From microseconds: 31.4 → "31.4 µs" · 1530 → "1.53 ms" */
export const micros = (us: number) => scaled(us, [[1e6, 's'], [1e3, 'ms'], [1, 'µs']]);

/** From milliseconds: 1530 → "1.53 s" */
export const millis = (ms: number) => micros(ms * 1000);

/** 12345 → "12.3 k" */
export const compact = (n: number) => (n < 1000 ? measure(n) : scaled(n, [[1e6, 'M'], [1e3, 'k']]));

/** A time to wait, in whole seconds: "about 4 s left". */
export function timeLeft(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 1) return 'under 1 s left';
  return seconds < 90 ? `about ${Math.round(seconds)} s left` : `about ${Math.round(seconds / 60)} min left`;
}

/** Recall to three places, so that 0.9 and 0.900 line up in a column. */
export const fraction = (x: number) => x.toFixed(3);

/** A run keeps its hue, its marker and its dash for as long as it is on screen: colour is never the only sign. */
export const runHues = 8;
export const runColour = (run: number) => `var(--run-${run % runHues})`;
const dashes = ['', '6 3', '2 3', '8 3 2 3', '4 2', '1 3', '10 4', '5 2 1 2'];
export const runDash = (run: number) => dashes[run % runHues] ?? '';

const r = 4;
const markers = [
  `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`,
  `M${-r},${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  `M0,${-r - 1}L${r + 1},${r}H${-r - 1}z`,
  `M0,${-r - 1}L${r + 1},0L0,${r + 1}L${-r - 1},0z`,
  `M0,${r + 1}L${r + 1},${-r}H${-r - 1}z`,
  `M${-r},-1.5h2.5v-2.5h3v2.5h2.5v3h-2.5v2.5h-3v-2.5h-2.5z`,
  `M${-r},${-r}L${r},${-r}L${-r},${r}L${r},${r}z`,
  `M${-r - 1},0L-2,${-r}H2L${r + 1},0L2,${r}H-2z`,
];
/** Path of a run's marker, centred on 0,0. */
export const runMarker = (run: number) => markers[run % runHues] ?? markers[0] ?? '';

/** Space around every chart's drawing area: the axis titles stand in it. */
export const margin = { top: 10, right: 12, bottom: 34, left: 46 };
