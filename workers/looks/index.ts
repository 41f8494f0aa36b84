/** What each further view of the stage is drawn from: one member of `Looks` and one file a view. Everything is asked of the
 *  index that was built; no view computes an algorithm of its own. */
import type { QueryRef } from '../protocol';
import type { SearchParams } from '../../engine/types';
import type { Session } from '../session';
import { codes } from './codes';
import type { CodesLook } from './codes';
import { grid } from './grid';
import type { GridLook } from './grid';
import { layers } from './layers';
import type { LayersLook } from './layers';
import { ranks } from './ranks';
import type { RanksLook } from './ranks';
import { transforms } from './transforms';
import type { TransformsLook } from './transforms';

export type Looks = { codes: CodesLook; grid: GridLook; layers: LayersLook; ranks: RanksLook; transforms: TransformsLook };
export type LookKind = keyof Looks;

/** `selected`: the base vector that is looked at closely, in whichever view it was chosen. */
export type LookAsk = { kind: LookKind; query: QueryRef; k: number; params: SearchParams; selected: number | null };
export type LookAnswer = { [K in LookKind]: { kind: K } & Looks[K] }[LookKind];

export async function look(session: Session, ask: LookAsk): Promise<LookAnswer> {
  switch (ask.kind) {
    case 'codes': return { kind: ask.kind, ...await codes(session, ask) };
    case 'grid': return { kind: ask.kind, ...await grid(session, ask) };
    case 'layers': return { kind: ask.kind, ...await layers(session, ask) };
    case 'ranks': return { kind: ask.kind, ...await ranks(session, ask) };
    case 'transforms': return { kind: ask.kind, ...await transforms(session, ask) };
  }
}
