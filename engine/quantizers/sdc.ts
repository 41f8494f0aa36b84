/** Symmetric distances of product codes: the query is coded too, and a distance is that of two codes (Jégou, Douze & Schmid, PAMI 2011,
 *  §III-A, eq. 12). Kept beside the asymmetric ones to compare them with: both cost one look-up a part, and these lose more. */
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { PQ } from './pq';
import { joinTables, pqOps } from './pq';

/** table[m, k] = ‖c_{m, q_m} − c_{m, k}‖² for the code q of a vector: one row a part of the table of all pairs. table has room as a probe
 *  of the codec. */
export function symmetricTables(thread: Thread, pq: PQ, code: number, table: number): void {
  const { d, M, ksub, dsub, transposed } = pq, { top } = thread, stands = scratch(thread, d * 4);
  pqOps.decode(thread, pq, code, 1, stands);
  thread.search.l2Tables(stands, transposed.byteOffset, M, ksub, dsub, table);
  joinTables(thread, pq, table);
  thread.top = top;
}

/** out[i] = squared distance of what `code` stands for to what code i stands for. */
export function symmetricDistances(thread: Thread, pq: PQ, code: number, codes: number, n: number, out: number): void {
  const { top } = thread, at = scratch(thread, pqOps.probeBytes(pq));
  symmetricTables(thread, pq, code, at);
  pqOps.distances(thread, { codec: pq, metric: 'L2', query: 0, at, base: 0 }, codes, n, 0, out);
  thread.top = top;
}
