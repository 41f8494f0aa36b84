import { describe, expect, it } from 'vitest';
import { costOf, readFactory } from '../factory/index';
import type { Metric } from '../factory/spec';
import { release } from '../memory';
import { countedOf } from '../structures/size';
import { testEngine } from './engine';
import { byteShare, figureNames, fromSpan, reference, slackOf } from './figures';
import { buildOn, measureOn, openGenerated } from './sets';

/** Our recall is that of Faiss: at every setting within what its own seeds spread, and one percentage point. These are the rows
 *  that take seconds; `npm run agree` runs all of them. */
const engine = await testEngine(2, 1.5 * 2 ** 30);

for (const metric of ['L2', 'IP'] as Metric[]) {
  const set = await openGenerated(engine, 'synth64', 50_000, metric);
  describe(`synth64, ${metric}`, () => {
    for (const row of reference.filter((r) => r.ci && r.metric === metric)) {
      it(row.s, async () => {
        const built = await buildOn(engine, set, row.s, 0, 'matched'), { spec } = readFactory(row.s);
        if (!spec) throw new Error(`${row.s} does not read`);
        const cost = costOf(spec, set.d, set.n, metric, countedOf(built.index));
        expect(cost.codeSize).toBe(row.codeSize);
        expect(Math.abs(cost.totalBytes - (row.bytes[0] ?? 0))).toBeLessThanOrEqual(byteShare(row.s) * cost.totalBytes);
        for (const { params, seeds } of row.points.filter(({ ci }) => ci !== false)) {
          const { recall, lost } = await measureOn(engine, set, built, params);
          const got = [recall['k@k'], recall['1@1'], recall['1@100']];
          got.forEach((share, i) => {
            const faiss = seeds.map((seed) => seed[i] ?? NaN);
            expect(fromSpan(share, faiss), `${row.s} ${JSON.stringify(params)} ${figureNames[i]}: ours ${share}, Faiss ${faiss.join(' ')}`).toBeLessThanOrEqual(slackOf(i, share, set.nq));
          });
          expect(recall['k@k'] + lost.coarse + lost.graph + lost.code + lost.refine).toBeCloseTo(1, 9);
        }
        release(built.arena);
      });
    }
  });
}
