import { describe, expect, it } from 'vitest';
import type { Row } from '../../engine/test/figures';
import { fromSpan, reference, slackOf } from '../../engine/test/figures';
import { familyOf } from './families';
import { judge } from './judge';
import type { Ours } from './measure';
import { writeReport } from './report';
import { rows, setSizes, setTitles } from './rows';
import { nameOf } from './store';

const counts = { ndis: 0, ndisCoarse: 0, ndisRefine: 0, lists: 0, codes: 0, hops: 0 };
const row: Row = {
  set: 'synth64', metric: 'L2', s: 'IVF8,Flat', codeSize: 257, bytes: [1000, 1010],
  points: [{ params: { nprobe: 1 }, seeds: [[0.5, 0.4, 0.4], [0.52, 0.44, 0.44]] }, { params: { nprobe: 4 }, seeds: [[0.9, 0.9, 0.9], [0.91, 0.92, 0.92]] }],
};
const ours = (kAtK: number, oneAtOne: number, bytes = 1005, codeSize = 257): Ours =>
  ({ codeSize, bytes, at: { 'nprobe=1': { figures: [0.525, 0.42, 0.44], counts }, 'nprobe=4': { figures: [kAtK, oneAtOne, 0.92], counts } } });

describe('a verdict', () => {
  it('is the distance from the span of the seeds', () => {
    expect(fromSpan(0.51, [0.5, 0.52])).toBe(0);
    expect(fromSpan(0.55, [0.5, 0.52])).toBeCloseTo(0.03, 12);
    expect(fromSpan(0.44, [0.5, 0.52])).toBeCloseTo(0.06, 12);
  });

  it('allows 10@10 a point, and 1-recall its standard error besides', () => {
    expect(slackOf(0, 0.5, 400)).toBe(0.01);
    expect(slackOf(1, 0.5, 400)).toBeCloseTo(0.035, 12);
    expect(judge(row, ours(0.919, 0.94), 400).outside).toEqual([]);
    expect(judge(row, ours(0.921, 0.95), 400).outside).toEqual(['10@10 0.921 beside 0.900–0.910 at nprobe=4', '1@1 0.950 beside 0.900–0.920 at nprobe=4']);
  });

  it('holds codes to equality and files to the span', () => {
    expect(judge(row, ours(0.9, 0.9, 1011, 256), 400).outside).toEqual(['256 bytes a code, Faiss 257', 'file of 1011 bytes, Faiss 1000, 1010']);
  });
});

describe('the document', () => {
  it('shows the setting that lies furthest away, and names what is outside', () => {
    const text = writeReport([{ row, ours: ours(0.921, 0.9) }]);
    expect(text).toContain('| `IVF8,Flat` | 257 | 1005 | 1000–1010 | nprobe=4 | **0.921 · 0.900–0.910** | 0.900 · 0.900–0.920 | 0.920 · 0.900–0.920 | **1 of 2 agree** |');
    expect(text).toContain('* **`IVF8,Flat`** (synth64, L2): 10@10 0.921 beside 0.900–0.910 at nprobe=4.');
    expect(text).toContain('1 rows, 2 settings, 6 figures of recall: 5 agree, 1 lie outside.');
  });

  it('says what has not been measured', () => {
    expect(writeReport([{ row, ours: undefined }])).toContain('Not measured yet:\n\n* synth64, L2: `IVF8,Flat`');
  });
});

it('every row has a name of its own, a set that is known and a family', () => {
  expect(new Set(rows.map(nameOf)).size).toBe(rows.length);
  expect(rows.filter(({ set }) => !setSizes[set] || !setTitles[set]).map(nameOf)).toEqual([]);
  expect(reference).toHaveLength(188);
  expect([familyOf('IVF256,PQ8,RFlat'), familyOf('IVF256_HNSW32,Flat'), familyOf('PCA32,HNSW32'), familyOf('IVF256(RCQ2x4),Flat'), familyOf('IVF256,PQ32x4fs'), familyOf('IVF256,Flat')])
    .toEqual(['Re-ranking', 'Other quantizers over the lists', 'Graphs over the vectors', 'Other quantizers over the lists', 'Four-bit fast scan', 'Whole vectors']);
});
