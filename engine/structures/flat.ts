/** Exhaustive search: every vector, or every code, is compared. The baseline all recall is measured against. */
import { aim, blockOf, offer, openProbe, probeBytes } from '../quantizers/codec';
import type { Nearest, Probe } from '../quantizers/codec';
import { filters } from '../quantizers/polysemous';
import type { PQ } from '../quantizers/pq';
import type { Thread } from '../thread';
import { scratch } from '../thread';
import type { CodesIndex, FlatIndex } from '../types';
import type { Work } from '../work';
import { timed } from '../work';
import { nearScratch, openNear } from './polysemous';

const CHUNK = 1024; // distances at a time: the chunk stays in cache between computing and ranking; whole blocks of any codec

/** The k nearest of all vectors, ascending: dis (k), ids (k). Scratch: flatScratch. */
export function searchFlat(thread: Thread, { vectors, n, d, metric }: FlatIndex, query: number, k: number, dis: number, ids: number, work: Work): void {
  const { search } = thread, out = scratch(thread, CHUNK * 4);
  const toMany = metric === 'L2' ? search.l2ToMany : search.ipToMany;
  search.heapClear(dis, ids, k);
  timed(work, 'scan', () => {
    for (let i = 0; i < n; i += CHUNK) {
      const rows = Math.min(CHUNK, n - i);
      toMany(query, vectors.byteOffset + i * d * 4, rows, d, out);
      search.heapPush(out, rows, 0, i, dis, ids, k);
    }
  });
  search.heapSort(dis, ids, k);
  work.ndis += n;
}

/** The same over codes. Scratch: codesScratch. */
export function searchCodes(thread: Thread, index: CodesIndex, query: number, k: number, dis: number, ids: number, work: Work, ht?: number): void {
  const { codec, codes, n, metric } = index, { search } = thread, out = scratch(thread, CHUNK * 4), block = blockOf(codec), nearest = { dis, ids, k };
  const probe = openProbe(thread, codec, metric, query);
  search.heapClear(dis, ids, k);
  timed(work, 'scan', () => {
    timed(work, 'tables', () => aim(thread, probe, query));
    if (codec.kind === 'PQ' && metric === 'L2' && filters(codec, ht)) return scanByBits(thread, index, codec, probe, query, ht, out, nearest, work);
    for (let i = 0; i < n; i += CHUNK) {
      offer(thread, probe, codes.byteOffset + (i / block.codes) * block.bytes, Math.min(CHUNK, n - i), 0, { at: 0, first: i }, nearest, out);
    }
  });
  search.heapSort(dis, ids, k);
  work.ndis += n;
  work.codes += n;
}

/** Only codes that differ from the query's in fewer than `ht` bits are looked up. */
function scanByBits(thread: Thread, index: CodesIndex, codec: PQ, probe: Probe, query: number, ht: number, out: number, { dis, ids, k }: Nearest, work: Work): void {
  const { codes, n } = index, near = openNear(thread, index, codec, probe, query, ht);
  near.aim(0);
  for (let i = 0; i < n; i += CHUNK) {
    const rows = Math.min(CHUNK, n - i);
    work.ndis -= rows - near.scan(codes.byteOffset + i * codec.codeSize, rows, 0, out);
    thread.search.heapPush(out, rows, 0, i, dis, ids, k);
  }
}

export const flatScratch = () => CHUNK * 4 + 64;
export const codesScratch = ({ codec }: CodesIndex) => CHUNK * 4 + 64 + probeBytes(codec) + (codec.kind === 'PQ' ? nearScratch(codec) : 0);
