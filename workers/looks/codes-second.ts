/** The second code of an index that re-ranks by codes: PQa+b, whose second codes what the first leaves, and Refine(…), which codes the
 *  vector again. Looked at as the first is, by the same files: only the room is another. */
import type { Codec, Index, RefineCodes, RefineIndex } from '../../engine/types';
import { decodedAt, storedOf } from '../../engine/measure/codes';
import type { Stored } from '../../engine/measure/codes';
import { openArena, release, takeF32, takeI32 } from '../../engine/memory';
import { chainOf } from '../../engine/plane';
import { scoreIds } from '../../engine/structures/score';
import { newWork } from '../../engine/work';
import type { Family } from './codes';
import { minus, ownVector, placeIn, plus, restored, squaredDistance, throughChain } from './codes-room';
import type { Room } from './codes-room';
import { standsFor } from './codes-stands';
import { sumLook } from './codes-sums';
import type { SumLook } from './codes-sums';

export type SecondLook = {
  codec: Codec['kind'];
  codeSize: number;
  /** It codes what the first code leaves; else the vector itself, once more. */
  ofRest: boolean;
  /** Distance by which the search re-ranks. */
  byCode: number;
  sum: SumLook | null;
  family: Family;
  /** What it stands for, of PQa+b together with the first code, in the data's space. */
  restored: Float32Array | null; // (d)
  error: number | null;
};

type Refining = { refine: RefineIndex; above: Room['chain'] };

/** Null where vectors are ranked once, or again by their exact distances. */
export function secondLook(room: Room, id: number, familyOf: (room: Room, id: number) => Family): SecondLook | null {
  const found = refiningOf(room.index, []), stored = found && secondStored(found.refine.refine);
  return stored ? withSecond(room, id, found, stored, (second) => {
    const place = placeIn(second, id), { codec } = second.stored, decoded = standsFor(second, place);
    return {
      codec: codec.kind, codeSize: codec.codeSize, ofRest: second.less !== null, byCode: scoreOf(room, found, id), sum: sumLook(second, id), family: familyOf(second, id),
      restored: decoded && restored(second, decoded, -1, id), error: decoded && squaredDistance(ownVector(second, id, -1), decoded),
    };
  }) : null;
}

function refiningOf(index: Index, above: Room['chain']): Refining | null {
  switch (index.kind) {
    case 'PreTransform': return refiningOf(index.index, [...above, ...index.chain]);
    case 'IDMap': return refiningOf(index.index, above);
    case 'Refine': return { refine: index, above };
    default: return null;
  }
}

/** Second codes stand in order of id. */
function secondStored(index: Index | RefineCodes): Stored | null {
  if (index.kind !== 'RefineCodes') {
    const stored = storedOf(index);
    return stored?.ivf ? null : stored;
  }
  const { pq, codes, d, n, metric } = index;
  return { codec: pq, codes, d, n, metric, ivf: null, terms: null };
}

function withSecond<T>(room: Room, id: number, { refine: { refine }, above }: Refining, stored: Stored, use: (second: Room) => T): T {
  const arena = openArena(room.engine.memory), inner = takeF32(arena, stored.d), less = refine.kind === 'RefineCodes' ? firstCodes(room, refine) : null;
  const chain = refine.kind === 'RefineCodes' ? room.chain : [...above, ...chainOf(refine)];
  try {
    const query = throughChain(room.engine, arena, chain, room.query);
    inner.set(less ? minus(query, less(id)) : query);
    return use({ ...room, stored, chain, inner: inner.byteOffset, less });
  } finally {
    release(arena);
  }
}

/** y_C + y₁ of each id. */
function firstCodes(room: Room, { ivf: { centroids, d }, listOf }: RefineCodes): (id: number) => Float32Array {
  return (id) => {
    const list = listOf[id] ?? 0;
    return plus(decodedAt(room.engine.own, room.stored, placeIn(room, id)), centroids.subarray(list * d, (list + 1) * d));
  };
}

/** As the search scores it when it re-ranks. */
function scoreOf({ engine, query, index: { metric } }: Room, { refine: { refine }, above }: Refining, id: number): number {
  const arena = openArena(engine.memory);
  try {
    const x = takeF32(arena, above.at(-1)?.dOut ?? query.length), ids = takeI32(arena, 4), out = takeF32(arena, 4);
    x.set(throughChain(engine, arena, above, query));
    ids[0] = id;
    scoreIds(engine.own, refine, x.byteOffset, ids, 1, out.byteOffset, newWork());
    return (metric === 'IP' ? -1 : 1) * (out[0] ?? 0);
  } finally {
    release(arena);
  }
}
