/** EDEN: Lloyd–Max levels of a vector less its centre, and two factors that make distances from them, unbiased or of least error
 *  (Vargaftik et al., ICML 2022). Knows levels, centres and codes; rotations, which its bounds ask for, stand before it. */
import type { CodecOf as SpecOf } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { Engine } from '../pool';
import { scratch } from '../thread';
import { meanOf } from './centre';
import type { CodecOf, CodecOps } from './codec';
import { lloydMax } from './lloyd-max';

export type EDEN = CodecOf<'EDEN'>;

/** The kernels read sixteen levels even where there are fewer. */
const READ = 16;

/** Centred at the mean of n training vectors at x; without any, at the centroids of inverted lists. */
export async function trainEden(engine: Engine, arena: Arena, { nbits, biased }: SpecOf<'EDEN'>, { x, n, d }: { x: number; n: number; d: number }): Promise<EDEN> {
  const k = 2 ** nbits, values = lloydMax(nbits), levels = takeF32(arena, Math.max(READ, k)).fill(0), bounds = takeF32(arena, k - 1);
  levels.set(values.subarray(0, k));
  bounds.set(values.subarray(k));
  return { kind: 'EDEN', d, nbits, biased, codeSize: Math.ceil((nbits * d) / 8) + 8, levels, bounds, ...await meanOf(engine, arena, x, n, d) };
}

export const edenOps: CodecOps<EDEN> = {
  pack: () => [],

  encode(thread, { d, nbits, biased, levels, bounds, codeSize, centre }, _, x, n, codes) {
    const { top } = thread, room = scratch(thread, d * 4);
    let rest = x;
    if (centre) {
      rest = scratch(thread, n * d * 4);
      const first = scratch(thread, n * 4);
      new Int32Array(thread.buffer, first, n).fill(0);
      thread.build.subtractRows(x, n, d, centre.byteOffset, first, rest);
    }
    thread.build.edenEncode(rest, n, d, nbits, biased ? 1 : 0, levels.byteOffset, bounds.byteOffset, codes, codeSize, room);
    thread.top = top;
  },
  encodeScratch: ({ d }, n) => (n + 1) * d * 4 + n * 4 + 192,

  decode(thread, { d, nbits, levels, codeSize, centre }, codes, n, out) {
    thread.search.edenDecode(codes, n, d, nbits, levels.byteOffset, codeSize, out);
    if (!centre) return;
    const rows = new Float32Array(thread.buffer, out, n * d);
    for (let i = 0; i < rows.length; i += d) for (let j = 0; j < d; j++) rows[i + j] = (rows[i + j] ?? 0) + (centre[j] ?? 0);
  },

  // the levels of one code, and the query less the centre
  probeBytes: ({ d }) => 8 * d + 64,

  /** L2: ‖q − c‖² + ‖ŷ‖² − 2⟨q − c, ŷ⟩; inner product: −⟨q, c⟩ − ⟨q, ŷ⟩. */
  aim(thread, probe, x) {
    const { codec: { d, centre }, metric, at } = probe, q = new Float32Array(thread.buffer, x, d);
    if (metric === 'IP') {
      if (centre) probe.base = -q.reduce((sum, v, j) => sum + v * (centre[j] ?? 0), 0);
      return;
    }
    if (centre) {
      const rest = new Float32Array(thread.buffer, at + 4 * d, d);
      for (let j = 0; j < d; j++) rest[j] = (q[j] ?? 0) - (centre[j] ?? 0);
      probe.query = rest.byteOffset;
    }
    probe.base = new Float32Array(thread.buffer, probe.query, d).reduce((sum, v) => sum + v * v, 0);
  },

  distances(thread, { codec, metric, query, at }, codes, n, base, out) {
    const { d, nbits, levels, codeSize } = codec;
    thread.search.edenScan(query, codes, codeSize, n, d, nbits, levels.byteOffset, metric === 'IP' ? 1 : 0, base, at, out);
  },
};
