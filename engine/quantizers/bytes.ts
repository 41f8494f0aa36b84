/** Whole numbers from 0 to 255 as they are, a byte each: codes that lose nothing, so that vectors of bytes are kept as such. */
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import type { Codec } from '../types';
import type { SQ } from './sq';

/** Eight-bit numbers with offset 0 and step 1, which nothing was learnt for. */
export function bytesAsCodes(arena: Arena, d: number): SQ {
  const tables = takeF32(arena, 2 * d).fill(0, 0, d).fill(1, d);
  return { kind: 'SQ', qtype: 'SQ8', d, codeSize: d, trained: takeF32(arena, 0), tables };
}

export const isBytes = (codec: Codec): codec is SQ => codec.kind === 'SQ' && codec.qtype === 'SQ8' && codec.trained.length === 0;
