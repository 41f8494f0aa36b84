import { describe, expect, it } from 'vitest';
import { readFactory } from '../../engine/factory/index';
import type { Row } from './compare';
import { writeReport } from './report';
import { photoSiftStrings, quickStrings, settingsOf, synth128Strings, writeParams } from './strings';

const time = (s: number) => ({ wall: s, cpu: s });
const row: Row = {
  index: 'IVF256,Flat', bytes: { ours: 54_000, natives: [54_000] },
  ours: { one: { train: time(2), add: time(1) }, two: { train: time(1), add: time(0.5) } },
  natives: [{ train: time(1), add: time(0.25) }],
  searches: [{
    params: { nprobe: 8 }, ours: { recall: 0.877, alone: time(60e-6), together: time(50e-6), two: time(25e-6) },
    natives: [{ recall: 0.876, alone: time(50e-6), together: time(10e-6) }],
  }],
};
const report = (natives: string[], rows: Row[]) =>
  writeReport({ machine: { cpu: 'a processor', cores: 2, node: '20', simd: 'plain', load: [0.5, 1] }, speeds: [], natives, rounds: 5, sets: [{ title: 'A set', n: 100, d: 8, nq: 10, rows, left: [{ index: 'RQ8', why: 'not yet' }] }] });

describe('the report', () => {
  it('puts our times beside native ones with their ratio, and names what takes more than three times as long', () => {
    const text = report(['Faiss 1.7.3 (GENERIC; OpenBLAS)'], [row]);
    expect(text).toContain('| `IVF256,Flat` | 54.0 | 54.0 | 2.00 | 1.00 | 1.00 | 2.00 | 1.00 | 0.50 | 0.25 | 4.00 |');
    expect(text).toContain('| `IVF256,Flat` | nprobe=8 | 0.8770 | 0.8760 | 60.0 | 50.0 | 1.20 | 50.0 | 10.0 | 5.00 | 40000 |');
    expect(text.match(/^\* `IVF256,Flat`.*/gm)).toEqual(['* `IVF256,Flat` adding: 4.00 × Faiss 1.7.3', '* `IVF256,Flat` nprobe=8 together: 5.00 × Faiss 1.7.3']);
    expect(text).toContain('* `RQ8`: not yet');
  });

  it('stands without native Faiss', () => {
    const text = report([], [{ ...row, natives: [], searches: row.searches.map((search) => ({ ...search, natives: [] })) }]);
    expect(text).toContain('| `IVF256,Flat` | nprobe=8 | 0.8770 | – | 60.0 | – | – | 50.0 | – | – | 40000 |');
    expect(text).not.toContain('times native’s time');
  });
});

describe('what is timed', () => {
  it.each([...new Set([...photoSiftStrings, ...synth128Strings, ...quickStrings])])('%s is a factory string with settings', (string) => {
    const { spec } = readFactory(string);
    expect(spec).toBeDefined();
    if (spec) for (const params of settingsOf(spec)) expect(writeParams(params)).toMatch(/^$|^[a-zA-Z_]+=\d+(,[a-zA-Z_]+=\d+)*$/);
  });
});
