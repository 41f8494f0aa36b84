/** What native Faiss reaches, and how far a figure of ours may lie from it: knows recall and bytes, not how they are measured. */
import type { Metric } from '../factory/spec';
import type { SearchParams } from '../types';
import fixture from './fixtures/faiss-recall.json';

/** Shares of one search: 10@10, 1@1, 1@100. */
export type Figures = [number, number, number];
export const figureNames = ['10@10', '1@1', '1@100'] as const;

export type Point = {
  params: SearchParams;
  seeds: number[][]; // (seeds, 3) Figures of Faiss, trained from other seeds or in another order
  ci?: boolean;      // absent = as the row
};

export type Row = {
  set: string; metric: Metric; s: string;
  codeSize: number | null; // null: a graph is no codec
  bytes: number[]; // of the index file, as seeds differ; empty where Faiss writes none
  ci?: boolean;    // run by agreement.test.ts; the others by `npm run agree` alone
  points: Point[];
};

type Written = Omit<Row, 'metric'> & { metric: string };

/** Rows as they stand in a file of JSON. */
export const asRows = (rows: Written[]): Row[] => rows.map((row) => ({ ...row, metric: row.metric === 'IP' ? 'IP' : 'L2' }));

export const reference = asRows(fixture.rows);

const POINT = 0.01;

/** What figure i may differ by: a percentage point. 1-recall is a share of nq queries, which another seed moves by a standard
 *  error that a few seeds may not show. */
export const slackOf = (i: number, share: number, nq: number): number => (i === 0 ? POINT : POINT + Math.sqrt((share * (1 - share)) / nq));

/** How far a share lies from the span of those of the seeds; 0 within. */
export const fromSpan = (share: number, seeds: number[]): number => Math.max(0, Math.min(...seeds) - share, share - Math.max(...seeds));

/** The share of a file's bytes that may differ. How many blocks of 32 codes the lists fill, and how many lists of a multi-index
 *  hold something, depends on the cells, of which another rotation has others. An NSG has as many links as its candidates allow; Faiss draws others, and leaves links it has pruned
 *  behind those it keeps. */
export function byteShare(s: string): number {
  if (s.includes('NSG')) return 0.02;
  return /IVF.*fs|OPQ.*IMI/.test(s) ? 0.005 : 0;
}
