/** Index × query → the k nearest, ascending, with the work it took. One implementation for a single query, a batch on all
 *  threads, and a recorded run. */
import type { Engine } from './pool';
import { run } from './pool';
import { refuse } from './refusal';
import { transformOne, transformOneScratch } from './transforms/apply';
import { codesScratch, flatScratch, searchCodes, searchFlat } from './structures/flat';
import { DEFAULT_WIDTH, graphScratch, searchGraph } from './structures/assign';
import type { GraphIndex } from './structures/assign';
import { ivfScratch, searchIvf } from './structures/ivf';
import { orderForBits } from './structures/polysemous';
import { refineScratch, searchRefine } from './structures/refine';
import type { Thread } from './thread';
import { scratch } from './thread';
import type { CodesIndex, Counts, Index, SearchParams, Transform } from './types';
import type { Work } from './work';
import { newWork, stages, timed } from './work';

/** query (d) → dis (k), ids (k); places not filled hold 3.4e38 and −1. Inner products stand negated. */
export function searchInto(thread: Thread, index: Index, query: number, k: number, params: SearchParams, dis: number, ids: number, work: Work): void {
  const top = thread.top;
  switch (index.kind) {
    case 'Flat': searchFlat(thread, index, query, k, dis, ids, work); break;
    case 'Codes': searchCodes(thread, index, query, k, dis, ids, work, params.ht); break;
    case 'IVF': searchIvf(thread, index, query, k, params, dis, ids, work); break;
    case 'HNSW': case 'NSG': timed(work, 'scan', () => searchGraph(thread, index, query, k, widthOf(index, params), dis, ids, work)); break;
    case 'PreTransform': searchInto(thread, index.index, transformQuery(thread, index.chain, query, work), k, params, dis, ids, work); break;
    case 'IDMap': searchInto(thread, index.index, query, k, params, dis, ids, work); break;
    case 'Refine': searchRefine(thread, index, query, k, params, dis, ids, work); break;
  }
  thread.top = top;
}

const widthOf = ({ kind }: GraphIndex, { efSearch = DEFAULT_WIDTH, search_L = DEFAULT_WIDTH }: SearchParams) => kind === 'HNSW' ? efSearch : search_L;

/** The query after a chain of transforms, in scratch. */
export function transformQuery(thread: Thread, chain: Transform[], query: number, work: Work): number {
  return timed(work, 'transform', () => chain.reduce((x, transform) => {
    const out = scratch(thread, transform.dOut * 4);
    transformOne(thread, transform, x, out);
    return out;
  }, query));
}

/** Bound of the scratch that transformQuery takes. */
export const chainScratch = (chain: Transform[]) => chain.reduce((sum, transform) => sum + transform.dOut * 4 + 64 + transformOneScratch(transform), 0);

/** Bound of the scratch that searchInto takes. */
export function searchScratch(index: Index, k: number, params: SearchParams): number {
  switch (index.kind) {
    case 'Flat': return flatScratch();
    case 'Codes': return codesScratch(index);
    case 'IVF': return ivfScratch(index, params);
    case 'HNSW': case 'NSG': return graphScratch(index, Math.max(widthOf(index, params), k));
    case 'PreTransform': return chainScratch(index.chain) + searchScratch(index.index, k, params);
    case 'IDMap': return searchScratch(index.index, k, params);
    case 'Refine': return refineScratch(index, k, params);
  }
}

/** Batch search. queries (nq, d); dis, ids (nq, k); f64 or 0: ms (nq), counts (nq, one a field of `counted`), us (nq, one a stage),
 *  which a clock costs. `index` is the name it was published under. */
export type SearchArgs = { index: string; queries: number; nq: number; d: number; k: number; params: SearchParams; dis: number; ids: number; ms: number; counts: number; us: number; repeat: number };

export const counted = ['ndis', 'ndisCoarse', 'ndisRefine', 'lists', 'codes', 'hops'] as const satisfies (keyof Counts)[];

const BATCH = 4;
const now = () => performance.now();

export function searchBlock(thread: Thread, args: SearchArgs, block: number): void {
  const index = thread.known?.get(args.index) as Index | undefined;
  if (!index) throw new Error(`searchBlock: no index named ${args.index} was published`);
  for (let q = block * BATCH; q < Math.min(args.nq, (block + 1) * BATCH); q++) {
    const query = args.queries + q * args.d * 4, dis = args.dis + q * args.k * 4, ids = args.ids + q * args.k * 4;
    const us = args.us ? new Float64Array(thread.buffer, args.us + q * stages.length * 8, stages.length).fill(0) : null;
    let work = newWork();
    const started = performance.now();
    for (let r = 0; r < args.repeat; r++) {
      work = newWork({ clock: us && now });
      searchInto(thread, index, query, args.k, args.params, dis, ids, work);
      if (us) for (const [i, stage] of stages.entries()) us[i] = (us[i] ?? 0) + work.us[stage] / args.repeat;
    }
    if (args.ms) new Float64Array(thread.buffer, args.ms, args.nq)[q] = (performance.now() - started) / args.repeat;
    if (args.counts) new Float64Array(thread.buffer, args.counts + q * counted.length * 8, counted.length).set(counted.map((name) => work[name]));
  }
}

/** Why an index cannot be searched, where it cannot: Faiss trains it and encodes with it, and no more. Its codes can be compared all the
 *  same, for those who look at them. */
export function unsearchable(index: Index): string | null {
  switch (index.kind) {
    case 'Codes': return index.codecOnly ? codecOnly(index) : null;
    case 'PreTransform': case 'IDMap': return unsearchable(index.index);
    case 'Refine': return unsearchable(index.base) ?? (index.refine.kind === 'Codes' && index.refine.codec.kind === 'MinMax' ? codecOnly(index.refine) : null);
    default: return null;
  }
}

const codecOnly = ({ codec }: CodesIndex): string => codec.kind === 'MinMax'
  ? 'MinMax is a codec: Faiss trains it, encodes and decodes with it, and neither adds to it nor searches it. Its codes can be looked at.'
  : 'Residual is a codec: Faiss trains it, adds to it, encodes and decodes, and refuses to search it. Its codes can be looked at; IVF256,PQ32 is of the same parts and can be searched.';

/** What must be done once before searches with these parameters: refuses what cannot be searched, orders codes where ht is used. */
export async function prepareSearch(engine: Engine, index: Index, params: SearchParams): Promise<void> {
  const problem = unsearchable(index);
  if (problem) refuse(problem);
  if (params.ht !== undefined || Object.keys(params).some((name) => name.endsWith('_ht'))) await orderForBits(engine, index, params);
}

export async function searchMany(engine: Engine, args: SearchArgs, index: Index): Promise<void> {
  await prepareSearch(engine, index, args.params);
  return run(engine, 'search', args, Math.ceil(args.nq / BATCH), searchScratch(index, args.k, args.params) + 4096);
}
