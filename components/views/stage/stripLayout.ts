import type { SearchAnswer } from '@/workers/protocol';

/** The list strip as numbers: one bar per list, nearest to the query first. */

export type Bar = {
  /** 1-based, by distance of its centroid to the query. */
  rank: number;
  list: number; distance: number; size: number;
  probed: boolean;
  /** Its true neighbours: those returned, those not. */
  found: number; missed: number;
};

export function makeBars({ listOrder, probed, truth }: SearchAnswer, lit: number | null): Bar[] {
  if (!listOrder) return [];
  const shown = new Set(probed.subarray(0, lit ?? probed.length));
  const found = tally(truth.filter((t) => t.found));
  const missed = tally(truth.filter((t) => !t.found));
  return Array.from(listOrder.list, (list, i) => ({
    rank: i + 1, list, distance: listOrder.distance[i] ?? 0, size: listOrder.size[i] ?? 0,
    probed: shown.has(list), found: found.get(list) ?? 0, missed: missed.get(list) ?? 0,
  }));
}

function tally(truth: SearchAnswer['truth']): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { list } of truth) if (list !== null) counts.set(list, (counts.get(list) ?? 0) + 1);
  return counts;
}

/** Bars share the width where each then gets at least 8 pixels; otherwise they are 12 wide and scroll. */
export function barWidth(width: number, nlist: number): { each: number; scrolls: boolean } {
  const even = width / Math.max(nlist, 1);
  return even >= 8 ? { each: Math.min(even, 32), scrolls: false } : { each: 12, scrolls: true };
}

/** Lists that share a line of the overview, so that none is narrower than a pixel. */
export const listsPerLine = (nlist: number, width: number): number => Math.max(1, Math.ceil(nlist / Math.max(width, 1)));

/** Ranks that get a tick: round numbers with room for their digits, and the first where it has room, too. */
export function rankTicks(nlist: number, each: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100].find((s) => s * each >= 34) ?? 200;
  const ticks = Array.from({ length: Math.floor(nlist / step) }, (_, i) => (i + 1) * step);
  return (step - 1) * each >= 34 ? [1, ...ticks] : ticks;
}
