/** 4-bit product codes for fast scan. The codebooks are those of a PQ. */
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import type { CodecOf, CodecOps } from './codec';
import { fastScan } from './fast-scan';
import type { PqOptions } from './pq';
import { pqOps, trainPq } from './pq';

export type PQfs = CodecOf<'PQfs'>;

export async function trainPqfs(engine: Engine, arena: Arena, { bbs, ...options }: Omit<PqOptions, 'nbits'> & { bbs: number }): Promise<PQfs> {
  const pq = await trainPq(engine, arena, { ...options, nbits: 4 });
  return { kind: 'PQfs', d: pq.d, M: pq.M, bbs, codeSize: pq.codeSize, pq };
}

export const pqfsOps: CodecOps<PQfs> = {
  pack: (engine, arena, { pq }) => pqOps.pack(engine, arena, pq),
  encode: (thread, { pq }, packed, x, n, codes) => pqOps.encode(thread, pq, packed, x, n, codes),
  encodeScratch: ({ pq }, n) => pqOps.encodeScratch(pq, n),

  ...fastScan<PQfs>({
    count: ({ M }) => M,
    tables(thread, { codec: { M, pq }, metric }, x, out) {
      const { ksub, dsub, transposed } = pq;
      if (metric === 'L2') thread.search.l2Tables(x, transposed.byteOffset, M, ksub, dsub, out);
      else thread.search.dotTables(x, transposed.byteOffset, M, ksub, dsub, -1, out);
    },
    decode: (thread, { pq }, codes, n, out) => pqOps.decode(thread, pq, codes, n, out),
  }),
};
