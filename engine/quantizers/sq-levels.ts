/** `SQtqmse<b>`: the Lloyd–Max levels of a normal deviate for every component (Zandieh et al., arXiv 2504.19874, Algorithm 1). Faiss
 *  takes the levels of N(0, 1) as they are: they fit randomly rotated vectors of length √d. Rotated vectors of length 1, for which
 *  the paper divides the levels by √d, reach only the middle ones. */
import type { SqType } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { CodecOps } from './codec';
import { lloydMax } from './lloyd-max';
import type { SQ } from './sq';

/** Decoded at a time: with their distances they stay in the first-level cache. */
const ROWS = 32;
/** The kernels read sixteen levels even where there are fewer. */
const READ = 16;

export const bitsOf = ({ trained }: SQ) => Math.log2(trained.length + 1) - 1;

/** trained: levels and bounds as in a file of Faiss; tables: the levels again, filled up to 16. */
export function trainLevels(arena: Arena, qtype: SqType, d: number): SQ {
  const nbits = Number(qtype.slice('SQtqmse'.length)), values = lloydMax(nbits);
  const trained = takeF32(arena, values.length), tables = takeF32(arena, Math.max(READ, 2 ** nbits)).fill(0);
  trained.set(values);
  tables.set(values.subarray(0, 2 ** nbits));
  return { kind: 'SQ', qtype, d, codeSize: Math.ceil((nbits * d) / 8), trained, tables };
}

export const levelsOps: CodecOps<SQ> = {
  pack: () => [],
  encode(thread, sq, _, x, n, codes) {
    const { d, codeSize, trained } = sq, nbits = bitsOf(sq);
    new Uint8Array(thread.buffer, codes, n * codeSize).fill(0);
    thread.build.levelsEncode(x, n, d, nbits, trained.byteOffset + 2 ** nbits * 4, codes, codeSize);
  },
  encodeScratch: () => 0,
  decode: (thread, sq, codes, n, out) => thread.search.levelsDecode(codes, n, sq.d, bitsOf(sq), sq.tables.byteOffset, sq.codeSize, out),
  probeBytes: ({ d }) => ROWS * d * 4,
  aim: () => {},
  distances(thread, { codec, metric, query, at }, codes, n, base, out) {
    const { d, codeSize, tables } = codec, { search } = thread, nbits = bitsOf(codec);
    const toMany = metric === 'L2' ? search.l2ToMany : search.ipToMany;
    for (let i = 0; i < n; i += ROWS) {
      const rows = Math.min(ROWS, n - i);
      search.levelsDecode(codes + i * codeSize, rows, d, nbits, tables.byteOffset, codeSize, at);
      toMany(query, at, rows, d, out + i * 4);
    }
    if (base === 0) return;
    const values = new Float32Array(thread.buffer, out, n);
    for (let i = 0; i < n; i++) values[i] = (values[i] ?? 0) + base;
  },
};
