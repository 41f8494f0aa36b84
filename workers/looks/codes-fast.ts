/** Look-ups of additive codes in blocks: one table a codebook, for squared distances two more of the norm, all rounded to 8 bits in one
 *  step. The distance is least + step · Σ entries, and for squared distances ‖x‖² − 2⟨x, y_C⟩ besides (engine/quantizers/aqfs.ts). */
import { aimedAt, bitsAt, codeAt } from '../../engine/measure/codes';
import type { Lookups } from '../../engine/measure/lookups';
import { scaleOf } from '../../engine/quantizers/fast-scan';
import { productBytes, rowProducts } from '../../engine/quantizers/tables';
import { scratch, scratchF32 } from '../../engine/thread';
import type { Thread } from '../../engine/thread';
import type { Codec } from '../../engine/types';
import type { Room } from './codes-room';
import { placeIn } from './codes-room';

type AQfs = Extract<Codec, { kind: 'AQfs' }>;
export type FastTerm = { name: 'least' | 'query' | 'centroid' | 'product'; value: number };
export type FastLookups = Omit<Lookups, 'terms'> & { terms: FastTerm[] };

const KSUB = 16;

export function fastLookups({ engine, stored, inner }: Room, place: ReturnType<typeof placeIn>, codec: AQfs): FastLookups {
  const thread = engine.own, { top } = thread, { probe, coarse } = aimedAt(thread, stored, inner, place.list), squared = stored.metric === 'L2';
  const { exact, rounded, normed } = tablesOf(thread, codec, probe.query, squared), [step = 0, least = 0, , ] = scaleOf(thread.buffer, probe.at);
  const code = partsOf(codec, codeAt(thread, stored, place)), terms: FastTerm[] = [];
  if (coarse !== null) terms.push({ name: 'centroid', value: coarse });
  if (squared) {
    const query = new Float32Array(thread.buffer, probe.query, codec.d).reduce((sum, v) => sum + v * v, 0), product = probe.base - least - query;
    terms.push({ name: 'query', value: query });
    if (stored.ivf?.byResidual) terms.push({ name: 'product', value: product });
  }
  thread.top = top;
  const before = terms.reduce((sum, { value }) => sum + value, 0);
  return {
    terms: [...terms, { name: 'least', value: least }], table: Float32Array.from(rounded, (v) => v * step), first: Uint32Array.from({ length: code.length + 1 }, (_, m) => m * KSUB), code, normed,
    rounded: { step, exact: code.reduce((sum, row, m) => sum + (exact[m * KSUB + row] ?? 0), before) },
  };
}

/** 4-bit parts in the order of the tables: of the codebooks, then of the norm. */
function partsOf({ aq: { layout, norms } }: AQfs, code: Uint8Array): Int32Array {
  const M = layout.length / 4 - 1, normBit = layout[M * 4] ?? 0, bits = Array.from({ length: M }, (_, m) => layout[m * 4] ?? 0);
  return Int32Array.from(norms.books.length ? [...bits, normBit, normBit + 4] : bits, (bit) => bitsAt(code, bit, 4));
}

/** As a probe is aimed: the tables of all parts before and after they are rounded. */
function tablesOf(thread: Thread, { aq }: AQfs, x: number, squared: boolean): { exact: Float32Array; rounded: Uint8Array; normed: boolean } {
  const M = aq.layout.length / 4 - 1, { books } = aq.norms, count = M + books.length / KSUB, even = count + (count % 2);
  const exact = scratchF32(thread, count * KSUB), rounded = new Uint8Array(thread.buffer, scratch(thread, even * KSUB), even * KSUB);
  rowProducts(thread, thread.search, aq, x, squared ? 2 : 1, scratch(thread, productBytes(aq)), exact.byteOffset);
  exact.set(books, M * KSUB);
  thread.search.roundTables(exact.byteOffset, count, rounded.byteOffset, scratch(thread, 64));
  return { exact: exact.slice(), rounded: rounded.slice(0, count * KSUB), normed: books.length > 0 };
}
