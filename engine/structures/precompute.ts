/** Tables of an IVF with codes of residuals that no query changes: ‖y_R‖² + 2⟨y_C, y_R⟩ for every centroid y_C and every entry y_R of
 *  the codebooks, or for additive codes the second term alone. Faiss keeps them up to 2 GB; a tab has less, so up to an eighth of what is free. Distances are the same
 *  without, only slower. */
import type { Arena } from '../memory';
import { freeBytes, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import type { PQ } from '../quantizers/pq';
import { centroidNorms } from '../quantizers/pq';
import { listFloats, listTableBlocks } from '../quantizers/tables';
import type { Thread } from '../thread';
import type { ImiIndex, IvfIndex } from '../types';

export async function precompute(engine: Engine, arena: Arena, index: IvfIndex): Promise<void> {
  const { coarse, codec, byResidual, metric, nlist } = index, centroids = index.centroids.byteOffset;
  if (!byResidual || metric !== 'L2') return;
  if (codec.kind === 'PQ' && codec.ksub % 4 === 0 && codec.M % 2 === 0 && coarse.kind === 'IMI') {
    index.halves = await made(engine, arena, coarse.pq.ksub * codec.M * codec.ksub, (table) => fillHalves(engine, coarse, codec, table));
  } else if (codec.kind === 'PQ' && codec.ksub % 4 === 0) {
    index.precomputed = await made(engine, arena, nlist * codec.M * codec.ksub, (table) => withNorms(engine, codec, (norms) => fill(engine, { pq: codec, centroids, nlist, norms, out: table.byteOffset })));
  } else if (codec.kind === 'AQ' && listFloats(codec) > 0) {
    index.precomputed = await made(engine, arena, nlist * listFloats(codec), (table) => run(engine, 'listTables', { aq: codec, centroids, nlist, out: table.byteOffset }, listTableBlocks(nlist), codec.d * 4 + 64));
  }
}

async function made(engine: Engine, arena: Arena, floats: number, write: (table: Float32Array) => Promise<void>): Promise<Float32Array | undefined> {
  if (floats * 4 > freeBytes(engine.memory) / 8) return undefined;
  const table = takeF32(arena, floats);
  await write(table);
  return table;
}

async function withNorms(engine: Engine, pq: PQ, use: (norms: number) => Promise<void>): Promise<void> {
  const { norms, done } = centroidNorms(engine, pq);
  try {
    await use(norms.byteOffset);
  } finally {
    done();
  }
}

/** The first half of the sub-quantizers meets the first halves of an IMI only, the second the second. */
const fillHalves = (engine: Engine, imi: ImiIndex, pq: PQ, table: Float32Array) => withNorms(engine, pq, async (norms) => {
  const { M, ksub, dsub } = pq, m = M / 2, nlist = imi.pq.ksub;
  for (const half of [0, 1]) {
    const part = { ...pq, M: m, d: m * dsub, transposed: pq.transposed.subarray(half * m * dsub * ksub) };
    const centroids = imi.pq.centroids.byteOffset + half * nlist * imi.pq.dsub * 4;
    await fill(engine, { pq: part, centroids, nlist, norms: norms + half * m * ksub * 4, out: table.byteOffset + half * nlist * m * ksub * 4 });
  }
});

export type PrecomputeArgs = { pq: PQ; centroids: number; nlist: number; norms: number; out: number };
const LISTS = 16;

const fill = (engine: Engine, args: PrecomputeArgs) => run(engine, 'precompute', args, Math.ceil(args.nlist / LISTS));

/** out[list, m, k] = ‖c_mk‖² + 2⟨y_C, c_mk⟩ for a run of lists; norms (M, ksub) holds the first term. */
export function precomputeBlock(thread: Thread, { pq, centroids, nlist, norms, out }: PrecomputeArgs, block: number): void {
  const { M, ksub, dsub, d, transposed } = pq, size = M * ksub;
  for (let list = block * LISTS; list < Math.min(nlist, (block + 1) * LISTS); list++) {
    const table = out + list * size * 4;
    thread.build.dotTables(centroids + list * d * 4, transposed.byteOffset, M, ksub, dsub, 2, table);
    thread.build.addRows(table, norms, size, table);
  }
}
