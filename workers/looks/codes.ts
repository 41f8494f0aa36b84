/** The codes of an index, and one vector through its own: what stands for it, and how its distance to the query is made of that. One
 *  file a family of codes; what all of them share is in codes-room, codes-scanned and codes-sums. */
import { findDataSet } from '../../engine/data/catalogue';
import type { Label } from '../../engine/data/labels';
import type { Metric } from '../../engine/factory/spec';
import type { BuildTrace } from '../../engine/build';
import type { Codec } from '../../engine/types';
import { ready } from '../session';
import type { Session } from '../session';
import { additiveLook, sumsOf } from './codes-additive';
import type { AdditiveLook } from './codes-additive';
import { estimateLook } from './codes-estimate';
import type { EstimateLook } from './codes-estimate';
import { latticeLook } from './codes-lattice';
import { behindScale, scaleLook, unscaled } from './codes-minmax';
import type { ScaleLook } from './codes-minmax';
import type { LatticeLook } from './codes-lattice';
import { productLook, productOf } from './codes-product';
import type { ProductLook } from './codes-product';
import { baseVector, ownVector, placeIn, restored, squaredDistance, withRoom } from './codes-room';
import type { Room } from './codes-room';
import { secondLook } from './codes-second';
import type { SecondLook } from './codes-second';
import { scalarLook } from './codes-scalar';
import type { ScalarLook } from './codes-scalar';
import { codeDistance, exactDistances, scannedLook } from './codes-scanned';
import type { RankedScan, ScannedLook } from './codes-scanned';
import { signsLook } from './codes-signs';
import { standsFor } from './codes-stands';
import type { SignsLook } from './codes-signs';
import { sumLook } from './codes-sums';
import type { SumLook } from './codes-sums';
import type { LookAsk } from './index';

export type Family = ProductLook | ScalarLook | AdditiveLook | SignsLook | EstimateLook | LatticeLook;
export type CodesLook = {
  codec: Codec['kind'];
  metric: Metric; n: number; d: number;
  /** Bytes of a code, and of the vector. */
  codeSize: number;
  byResidual: boolean;
  scanned: ScannedLook;
  selected: SelectedLook;
  /** Null where the distance is not a sum of look-ups. */
  sum: SumLook | null;
  family: Family;
  /** The code that results are re-ranked by, where there is one. */
  second: SecondLook | null;
  /** What MinMax writes in front of the code; the family is then of what the scaled vector is coded by. */
  scale: ScaleLook | null;
};

/** The vector looked at. */
export type SelectedLook = {
  id: number; label: Label;
  /** Asked for by id; the first true neighbour that was missed; the first hit; where nothing is searched, the nearest in truth. */
  why: 'asked' | 'missed' | 'hit' | 'nearest';
  list: number | null;
  /** Among what the search compared; null where it did not come by. */
  rank: number | null;
  byCode: number; exact: number;
  vector: Float32Array; // (d)
  /** What its code stands for, carried back through the transforms; null where bits keep sides and no values. */
  restored: Float32Array | null; // (d)
  /** Squared error in the space of the codes. */
  error: number | null;
  /** Where the vector is its own picture. */
  picture: { width: number; height: number } | null;
  /** Where it is histograms of directions: side · side places with so many bins each. */
  histograms: { side: number; bins: number } | null;
};

export async function codes(session: Session, { query, k, params, selected }: LookAsk): Promise<CodesLook> {
  const { trace } = ready(session);
  return withRoom(session, query, (room) => {
    const { stored, index, set } = room, scan = scannedLook(room, Math.min(k, set.n), params, selected), { id, why } = choose(scan, selected), scale = scaleLook(room, id);
    return {
      codec: stored.codec.kind, metric: index.metric, n: set.n, d: set.d, codeSize: stored.codec.codeSize, byResidual: stored.ivf?.byResidual ?? false,
      scanned: scan.look, selected: selectedLook(room, id, why, scan), sum: sumLook(room, id), family: unscaled(behindScale(room, id, (own) => familyOf(own, id, trace)), scale, index.metric), scale,
      second: secondLook(room, id, (second, own) => familyOf(second, own, trace.refine ?? { pq: trace.second })),
    };
  });
}

function choose({ look: { hits, truth, searched } }: RankedScan, selected: number | null): { id: number; why: SelectedLook['why'] } {
  if (selected !== null) return { id: selected, why: 'asked' };
  if (!searched) return { id: truth[0] ?? 0, why: 'nearest' };
  const missed = truth.find((id) => !hits.includes(id));
  return missed === undefined ? { id: hits[0] ?? 0, why: 'hit' } : { id: missed, why: 'missed' };
}

/** Of a patch: the descriptor of Lowe 2004, §6. */
const SIFT = { side: 4, bins: 8 };

function selectedLook(room: Room, id: number, why: SelectedLook['why'], { rankOf }: RankedScan): SelectedLook {
  const { set } = room, place = placeIn(room, id), ranked = rankOf.get(id), decoded = standsFor(room, place), label = set.source.baseLabel(id);
  return {
    id, why, label, list: place.list < 0 ? null : place.list, rank: ranked?.rank ?? null,
    byCode: ranked?.distance ?? codeDistance(room, id), exact: exactDistances(room, Int32Array.of(id))[0] ?? 0,
    vector: baseVector(room, id), restored: decoded && restored(room, decoded, place.list, id), error: decoded && squaredDistance(ownVector(room, id, place.list), decoded),
    picture: label.kind === 'image' && label.width * label.height === set.d ? { width: label.width, height: label.height } : null, histograms: findDataSet(set.source.name)?.label === 'patch' ? SIFT : null,
  };
}

function familyOf(room: Room, id: number, trace: BuildTrace): Family {
  const { codec } = room.stored, product = productOf(codec), sums = sumsOf(codec);
  if (product) return productLook(room, id, product, trace.pq ?? trace.levels?.second);
  if (sums) return additiveLook(room, id, sums, trace.additive);
  switch (codec.kind) {
    case 'SQ': return scalarLook(room, id, codec);
    case 'LSH': case 'SH': return signsLook(room, id, codec);
    case 'RaBitQ': case 'RaBitQfs': case 'EDEN': return estimateLook(room, id, codec);
    case 'ZnLattice': return latticeLook(room, id, codec);
    default: throw new Error(`familyOf: ${codec.kind} has no codes`);
  }
}
