/** What `bench` prints: one line per string and setting, as a table or as JSON. */
import type { BinaryParams } from '../engine/binary/types';
import { formatBytes } from '../engine/memory';
import type { Measured } from '../engine/measure/sweep';
import type { SearchParams } from '../engine/types';

export type Line = Pick<Measured, 'recall' | 'usPerQuery' | 'qps' | 'ndis'> & Partial<Pick<Measured, 'usPerStage' | 'counts'>> & {
  index: string; params: SearchParams | BinaryParams;
  lost: { [cause: string]: number };
  codeSize: number | null; bytes: number; trainMs: number; addMs: number; threads: number; simd: string;
  /** The most of the engine's memory that was in use at once, the data included. */
  peakBytes: number;
};

export const printJson = (line: Line) => console.log(JSON.stringify(line));

export function printTable(): (line: Line) => void {
  let last = '';
  return ({ index, params, recall, usPerQuery, qps, ndis, codeSize, bytes, trainMs, addMs, threads, simd, peakBytes }) => {
    if (index !== last) {
      console.log(`\n${index}   ${codeSize ?? '–'} B per code, ${bytes} B in all; trained in ${(trainMs / 1000).toFixed(2)} s, added in ${(addMs / 1000).toFixed(2)} s (threads: ${threads}, SIMD: ${simd}, memory: ${formatBytes(peakBytes)} at most)`);
      console.log('  setting                         recall k@k    1@1  1@100   µs/query    p50     p99  queries/s    distances');
      last = index;
    }
    const setting = Object.entries(params).map(([name, value]) => `${name}=${value}`).join(',') || '(defaults)';
    const share = (v: number) => v.toFixed(4).padStart(6), us = (v: number) => v.toFixed(1).padStart(8);
    console.log(`  ${setting.padEnd(32)}  ${share(recall['k@k'])}  ${share(recall['1@1'])} ${share(recall['1@100'])}  ${us(usPerQuery.mean)} ${us(usPerQuery.p50)}${us(usPerQuery.p99)}  ${qps.toFixed(0).padStart(9)}    ${ndis.toFixed(0).padStart(9)}`);
  };
}
