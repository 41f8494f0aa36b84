/** Additive codes with 16 rows a codebook, for fast scan: their parts, and for L2 the two 4-bit parts of the norm, are looked up like
 *  those of a product code. By residual the norm is that of centroid and residual together, so that
 *    ‖x − y_C − ŷ_R‖² = ‖x‖² − 2⟨x, y_C⟩ + ‖y_C + ŷ_R‖² − 2⟨x, ŷ_R⟩
 *  takes one table for all lists and one product for each. */
import type { CodecOf as SpecOf } from '../factory/spec';
import type { Arena } from '../memory';
import type { Engine } from '../pool';
import type { Thread } from '../thread';
import { aqOps, encodeAq } from './additive';
import type { AdditiveOptions } from './additive-train';
import { trainAdditive } from './additive-train';
import type { CodecOf, CodecOps } from './codec';
import { fastScan, scaleOf } from './fast-scan';
import { productBytes, rowProducts } from './tables';

export type AQfs = CodecOf<'AQfs'>;

/** Faiss trains a fast-scan code on at most this many vectors. */
export const aqfsPoints = ({ splits, M, norm }: SpecOf<'AQfs'>) => 1024 * 16 * (splits * M + (hasNorm(norm) ? 2 : 0));
const hasNorm = (norm: SpecOf<'AQfs'>['norm']) => norm === 'rq2x4' || norm === 'lsq2x4';

export async function trainAqfs(engine: Engine, arena: Arena, { family, splits, M, bbs, norm }: SpecOf<'AQfs'>, o: AdditiveOptions): Promise<AQfs> {
  const aq = await trainAdditive(engine, arena, { family, splits, nbits: Array.from({ length: M }, () => 4), norm }, o);
  return { kind: 'AQfs', d: o.d, bbs, codeSize: aq.codeSize, aq };
}

/** Parts of a code: codebooks, and two of the norm. */
const partsOf = ({ aq }: AQfs) => aq.splits * aq.nbits.length + (aq.norms.books.length ? 2 : 0);

/** Behind the scale of the tables: ‖x‖² for L2, and room for four products. */
const SQUARE = 2, PRODUCT = 16;

/** ⟨x, y⟩ of d components. */
function product(thread: Thread, at: number, d: number, x: number, y: number): number {
  thread.search.ipToMany(x, y, 1, d, at + PRODUCT);
  return -(new Float32Array(thread.buffer, at + PRODUCT, 1)[0] ?? 0);
}

const scan = fastScan<AQfs>({
  count: partsOf,
  tables(thread, { codec: { aq }, metric }, x, out) {
    const { splits, nbits, norms: { books } } = aq, behind = out + splits * nbits.length * 64;
    rowProducts(thread, thread.search, aq, x, metric === 'L2' ? 2 : 1, behind + books.byteLength, out);
    new Float32Array(thread.buffer, behind, books.length).set(books);
  },
  decode: (thread, { aq }, codes, n, out) => aqOps.decode(thread, aq, codes, n, out),
});

export const aqfsOps: CodecOps<AQfs> = {
  ...scan,
  pack: (engine, arena, { aq }) => aqOps.pack(engine, arena, aq),
  encode: (thread, { aq }, packed, x, n, codes, cells) => encodeAq(thread, aq, packed, x, n, codes, cells?.centroids ? cells : undefined),
  encodeScratch: ({ aq }, n) => aqOps.encodeScratch(aq, n),

  // the scaled query stands behind the tables
  probeBytes: (codec) => scan.probeBytes(codec) + productBytes(codec.aq),

  aim(thread, probe, x) {
    scan.aim(thread, probe, x);
    if (probe.metric === 'IP') return;
    const square = product(thread, probe.at, probe.codec.d, x, x);
    scaleOf(thread.buffer, probe.at)[SQUARE] = square;
    probe.base += square;
  },

  absolute: true,
  toList(thread, probe) {
    const { metric, centre, codec: { d }, query, at } = probe;
    if (metric === 'IP' || centre === undefined) return;
    const scale = scaleOf(thread.buffer, at);
    probe.base = (scale[1] ?? 0) + (scale[SQUARE] ?? 0) - 2 * product(thread, at, d, query, centre);
  },
};
