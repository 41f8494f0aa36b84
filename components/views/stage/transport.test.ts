import { expect, it } from 'vitest';
import type { Step } from './props';
import { coarseStops } from './useTransport';

const track = (...main: boolean[]): Step[] => main.map((m, i) => ({ sentence: String(i), value: i, main: m }));

it('a coarse replay stops at the ends and where something changes', () => {
  expect(coarseStops(track(false, false, true, false, true, false))).toEqual([0, 2, 4, 5]);
});

it('there is none where no step or every step is set apart', () => {
  expect(coarseStops(track(false, false, false))).toEqual([]);
  expect(coarseStops(track(true, true, true))).toEqual([]);
  expect(coarseStops([])).toEqual([]);
});
