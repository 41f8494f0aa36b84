import { bench, describe } from 'vitest';
import { checkFactory, completionsAt, readFactory } from '../../factory';

/** `npx vitest bench --run engine/test/factory`: what typing costs, and the worst that can be pasted. */
const fit = { d: 128, metric: 'L2' as const, n: 10_000, memoryBytes: 1e9 };

describe('a usual string', () => {
  bench('read', () => { readFactory('OPQ32,IVF256,PQ32,RFlat'); });
  bench('read and check', () => { checkFactory('OPQ32,IVF256,PQ32,RFlat', fit); });
  bench('mend', () => { readFactory('OPQ32,IVF256,PX32,RFlat'); });
  bench('complete', () => { completionsAt('IVF256,', 7, fit); });
});

describe('what is refused', () => {
  bench('100 000 characters', () => { readFactory('F'.repeat(100_000)); });
  bench('5 000 parentheses', () => { readFactory('('.repeat(5000)); });
  bench('5 000 refinements', () => { readFactory(`Flat${',RFlat'.repeat(5000)}`); });
  bench('5 000 maps of ids', () => { readFactory(`${'IDMap,'.repeat(5000)}Flat`); });
});
