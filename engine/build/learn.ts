/** What of the vectors is looked at in training, and which indexes take the others in blocks. Knows specs; trains nothing. */
import type { CodecSpec, CoarseSpec, Spec, TransformSpec } from '../factory/spec';
import type { Arena } from '../memory';
import { takeF32 } from '../memory';
import { permutation, shifted } from '../random';
import { patiently } from '../transforms/steps';
import type { Steps } from '../transforms/steps';
import { trainingPoints } from './codes';
import type { Context, Rows } from './context';
import { asFloats } from './rows';

/** Floats to learn from: all rows, or as many as anything in the index looks at, drawn as Faiss draws them. */
export async function toLearn({ engine, seed }: Pick<Context, 'engine' | 'seed'>, arena: Arena, rows: Rows, most: number): Promise<Rows> {
  const { n, d, x, bytes } = rows, { buffer } = engine.memory.memory;
  if (n <= most) return asFloats(engine, arena, rows);
  if (rows.make) throw new Error('toLearn: rows that are made are not drawn one by one');
  const out = takeF32(arena, most * d, 'the training sample'), from = bytes === undefined ? new Float32Array(buffer, x, n * d) : new Uint8Array(buffer, bytes, n * d);
  if (most > 0) await patiently(engine, draw(permutation(n, shifted(1234, seed), most), from, d, out));
  return { x: out.byteOffset, n: most, d, kept: false };
}

const STEP_ROWS = 8192;

function* draw(ids: Int32Array, from: Float32Array | Uint8Array, d: number, out: Float32Array): Steps<void> {
  for (const [i, id] of ids.entries()) {
    out.set(from.subarray(id * d, (id + 1) * d), i * d);
    if (i % STEP_ROWS === 0) yield;
  }
}

/** Whether what is added can come in blocks. */
export function takesBlocks(spec: Spec): boolean {
  switch (spec.kind) {
    case 'Flat': case 'Codes': return true;
    case 'IVF': return spec.codec.kind !== 'PQR' && spec.codec.kind !== 'FlatDedup';
    case 'HNSW': case 'NSG': return spec.storage.kind === 'Flat';
    case 'IDMap': case 'PreTransform': return takesBlocks(spec.index);
    case 'Refine': return takesBlocks(spec.base) && takesBlocks(spec.refine);
    default: return false;
  }
}

/** At most so many vectors are looked at in training; ∞ where all are. */
export function learnMost(spec: Spec, d: number): number {
  switch (spec.kind) {
    case 'Flat': return 0;
    case 'Codes': return ofCode(spec.codec);
    case 'IVF': return Math.max(ofCells(spec.nlist, spec.coarse), spec.codec.kind === 'Flat' ? 0 : spec.codec.kind === 'SH' ? Infinity : trainingPoints(spec.codec));
    case 'HNSW': case 'NSG': return spec.storage.kind === 'Flat' ? 0 : ofCode(spec.storage);
    case 'IDMap': return learnMost(spec.index, d);
    case 'PreTransform': return Math.max(learnMost(spec.index, d), ...spec.chain.map((transform) => ofTransform(transform, d)));
    case 'Refine': return Math.max(learnMost(spec.base, d), learnMost(spec.refine, d));
    default: return Infinity;
  }
}

/** A code that stands outside of lists: only the trainings that draw a sample themselves are bounded. */
const ofCode = (spec: CodecSpec): number => (spec.kind === 'PQ' || spec.kind === 'PQfs' ? trainingPoints(spec) : spec.kind === 'Flat' ? 0 : Infinity);

const ofCells = (nlist: number, coarse: CoarseSpec): number =>
  coarse.kind === 'IMI' ? 256 * 2 ** coarse.nbits : coarse.kind === 'Index' && coarse.index.kind === 'RCQ' ? Infinity : 256 * nlist;

function ofTransform({ kind }: TransformSpec, d: number): number {
  switch (kind) {
    case 'PCA': return 1000 * d;
    case 'OPQ': return 65536;
    case 'ITQ': return Math.max(10 * d, 32768);
    default: return 0;
  }
}
