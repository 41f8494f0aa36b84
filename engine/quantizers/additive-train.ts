/** Training of additive codes: codebooks split by split, then the norm's quantizer on what the training vectors decode to. */
import type { AdditiveSpec, ProductAdditiveSpec } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, takeF32, takeU8 } from '../memory';
import type { Engine } from '../pool';
import { run } from '../pool';
import { refuse } from '../refusal';
import { aqOps, isResidual, openCodec, shapeOf, squaresOf } from './additive';
import type { AdditiveShape, AQ } from './additive';
import { encodeBlocks, encodeScratch } from './codec';
import type { Cells } from './codec';
import { trainLsq } from './lsq';
import { trainNorms } from './norms';
import { trainRq } from './rq';
import type { AdditiveTrace } from './rq';

/** cells: norms are those of a vector with its centroid, of which x are the residuals. */
export type AdditiveOptions = { x: number; n: number; d: number; seed: number; stage: string; cells?: Cells; trace?: AdditiveTrace[] /* one a split */ };

/** Faiss trains a code of an inverted file on at most this many residuals. */
export function additivePoints(spec: AdditiveSpec | ProductAdditiveSpec): number {
  const { nbits, family } = shapeOf(spec);
  return 1024 * 2 ** (nbits[0] ?? 0) * (family === 'LSQ' ? nbits.length : 1);
}

/** Trains codebooks split by split, then the norms on what the training vectors decode to. */
export async function trainAdditive(engine: Engine, arena: Arena, shape: AdditiveShape, o: AdditiveOptions): Promise<AQ> {
  const { family, splits, nbits } = shape, dsub = o.d / splits;
  checkSizes(shape, o);
  const aq = openCodec(arena, shape, o.d), size = aq.codebooks.length / splits;
  for (let part = 0; part < splits; part++) {
    const trace: AdditiveTrace | undefined = o.trace && { errors: [], sampled: 0 };
    if (trace) o.trace?.push(trace);
    const learn = { ...o, x: o.x + part * dsub * 4, stride: o.d, d: dsub, part, parts: splits, trace }, room = openArena(engine.memory);
    try {
      const learnt = isResidual(family) ? await trainRq(engine, room, { ...learn, nbits }) : await trainLsq(engine, room, { ...learn, M: nbits.length, nbits: nbits[0] ?? 0 });
      aq.codebooks.set(learnt, part * size);
    } finally {
      release(room);
    }
  }
  if (aq.norms.values.length) await fitNorms(engine, aq, o);
  return aq;
}

function checkSizes({ family, splits, nbits }: AdditiveShape, { n, d }: AdditiveOptions): void {
  if (splits === 0 || nbits.length === 0 || nbits.includes(0)) refuse(`${family} needs at least one codebook, and at least one bit in each.`);
  if (d % splits !== 0) refuse(`${family}${splits}x… cuts ${d} dimensions into ${splits} parts; ${d} is not a multiple of ${splits}.`);
  const rows = 2 ** Math.max(...nbits), directions = isResidual(family) ? d / splits : 0;
  if (isResidual(family) && n < rows) refuse(`${family} learns codebooks of ${rows} rows and needs at least as many training vectors; there are ${n}. Fewer bits per codebook would do.`);
  if (n < directions) refuse(`${family} begins with the principal directions of ${directions} dimensions and needs at least as many training vectors; there are ${n}.`);
}

/** Encodes the training vectors and fits the norm's quantizer to what they decode to. */
async function fitNorms(engine: Engine, aq: AQ, { x, n, seed, cells }: AdditiveOptions): Promise<void> {
  const room = openArena(engine.memory), bare: AQ = { ...aq, norm: null }, thread = engine.own, top = thread.top;
  try {
    const codes = takeU8(room, n * aq.codeSize, 'the training codes'), squares = takeF32(room, n);
    const packed = aqOps.pack(engine, room, bare);
    await run(engine, 'encode', { codec: bare, packed, x, n, centroids: 0, list: 0, place: 0, codes: codes.byteOffset }, encodeBlocks(bare, n), encodeScratch(bare), 'train norms');
    squaresOf(thread, aq, codes.byteOffset, n, squares, cells);
    await trainNorms(engine, aq.norms, aq.norm, squares, seed);
  } finally {
    thread.top = top;
    release(room);
  }
}
