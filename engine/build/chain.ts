/** Transforms, trained one after the other on what the ones before make of the vectors, and the index of what comes out. */
import { placeIn } from '../dense';
import type { Spec, TransformSpec } from '../factory/spec';
import type { Arena } from '../memory';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { mapAllRows, prepare } from '../transforms/apply';
import type { OpqSettingName } from '../transforms/opq';
import { trainTransform } from '../transforms/train';
import type { Index, Transform } from '../types';
import type { Context, Rows } from './context';
import { stage } from './context';
import { learnMost, takesBlocks, toLearn } from './learn';
import { isMade, writeRows } from './rows';
import type { TransformTrace } from './trace';

export async function buildPreTransform(context: Context, specs: TransformSpec[], inner: Spec, learn: Rows, base: Rows): Promise<Index> {
  const { engine, metric, trace, opq = opqBefore(inner), blocksFrom = MOST_HELD } = context, rooms = openArena(engine.memory), chain: Transform[] = [];
  try {
    const blocks = takesBlocks(inner) && (isMade(base) || base.n * base.d * 4 > blocksFrom);
    let from = blocks ? await toLearn(context, rooms, learn, learnMost({ kind: 'PreTransform', chain: specs, index: inner }, base.d)) : learn, to = base;
    for (const spec of specs) {
      const traced = trace && traceOf(spec);
      if (trace) (trace.transforms ??= []).push(traced ?? null);
      const transform = await stage(context, `train ${spec.kind}`, () => trainTransform({ ...context, opq, trace: traced ?? undefined }, spec, from));
      chain.push(transform);
      const [before, beforeBase] = [from, to];
      from = await mapRows(engine, rooms, transform, before);
      if (blocks) to = mapWhenAsked(engine, rooms, transform, beforeBase);
      else to = before === beforeBase ? from : await mapRows(engine, rooms, transform, beforeBase);
    }
    const index = await context.build(context, inner, from, to);
    return { kind: 'PreTransform', d: base.d, n: base.n, metric, chain, index };
  } finally {
    release(rooms);
  }
}

/** Where a transform that is learnt in rounds is recorded. */
function traceOf({ kind }: TransformSpec): TransformTrace | null {
  if (kind === 'OPQ') return { kind, opq: { rounds: [], sampled: 0 } };
  return kind === 'ITQ' ? { kind, itq: { rounds: [], sampled: 0 } } : null;
}

/** Balanced axes serve a product code as well as the longest training, but not the two halves of a multi-index: 16 of the lists of an
 *  IMI2x8 then held 0.30 of the neighbours on synth64, where a rotation from a random start has 0.46, as Faiss. */
export function opqBefore(spec: Spec): OpqSettingName {
  switch (spec.kind) {
    case 'IVF': return spec.coarse.kind === 'IMI' ? 'matched' : 'quick';
    case 'Refine': return opqBefore(spec.base);
    case 'PreTransform': case 'IDMap': return opqBefore(spec.index);
    default: return 'quick';
  }
}

/** Bytes of transformed vectors that are worth holding. */
export const MOST_HELD = 64 * 2 ** 20;

/** The base after a transform, made of the rows before it whenever it is asked for. */
function mapWhenAsked(engine: Engine, arena: Arena, transform: Transform, rows: Rows): Rows {
  const prepared = prepare(engine.own, placeIn(arena), transform);
  return {
    x: 0, n: rows.n, d: transform.dOut, kept: false,
    async make(from, to, out) {
      const room = openArena(engine.memory), n = to - from;
      try {
        const x = isMade(rows) ? takeF32(room, n * rows.d, 'a block of vectors').byteOffset : rows.x + from * rows.d * 4;
        if (isMade(rows)) await writeRows(engine, rows, from, to, x);
        await mapAllRows(engine, { x, n, prepared, out });
      } finally {
        release(room);
      }
    },
  };
}

export async function mapRows(engine: Engine, arena: Arena, transform: Transform, rows: Rows): Promise<Rows> {
  const packed = openArena(engine.memory);
  try {
    const out = takeF32(arena, rows.n * transform.dOut, 'the transformed vectors');
    await mapAllRows(engine, { x: rows.x, n: rows.n, prepared: prepare(engine.own, placeIn(packed), transform), out: out.byteOffset }, 'transform vectors');
    return { x: out.byteOffset, n: rows.n, d: transform.dOut, kept: false };
  } finally {
    release(packed);
  }
}
