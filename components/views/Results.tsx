import type { ReactNode } from 'react';
import type { SearchParams } from '@/engine/types';
import type { SearchAnswer, TrueNeighbour } from '@/workers/protocol';
import { measure } from '../marks';
import { promiseOf, reasonFor } from './reasons';
import { Thumb } from './Thumb';

type Props = {
  search: SearchAnswer;
  k: number;
  params: SearchParams;
  metricName: string;
  onHoverList: (list: number | null) => void;
  /** Makes a result the query. */
  onPick: (id: number) => void;
  /** The vector looked at closely, the same in every view. */
  selected: number | null;
  onSelect: (id: number | null) => void;
  /** Sets a parameter to what wins a neighbour back; null where there is no control for it. */
  remedyOf: (remedy: Remedy) => (() => void) | null;
};
type Remedy = NonNullable<TrueNeighbour['remedy']>;

/** What was returned, ticked where it is a true neighbour; then the true neighbours that were not, each with its reason.
 *  Where there is too little height for both, each is scrolled by itself. */
export function Results({ search, k, params, metricName, onHoverList, onPick, selected, onSelect, remedyOf }: Props) {
  const rankOf = new Map(search.truth.map(({ id }, i) => [id, i + 1]));
  const missed = search.truth.map((neighbour, i) => ({ neighbour, rank: i + 1 })).filter(({ neighbour }) => !neighbour.found);
  return (
    <div className="flex min-h-0 grow flex-col" onPointerLeave={() => onHoverList(null)}>
      <Heading left="Returned, nearest first" right={metricName} />
      <ol aria-label="Returned" className="min-h-0 overflow-y-auto">
        {search.hits.map((hit, i) => {
          const trueRank = rankOf.get(hit.id);
          return (
            <li key={hit.id} className="result" onPointerEnter={() => onHoverList(hit.list)}>
              <span className="text-right text-ink-2">{i + 1}</span>
              <Choose id={hit.id} {...{ selected, onSelect }}><Sign kind={trueRank ? 'found' : 'returned'} /></Choose>
              <button type="button" className="result-name" title="Make it the query" onClick={() => onPick(hit.id)}><Thumb label={hit.label} size={20} /></button>
              <span className="text-right text-ink-2">{trueRank ? '' : `not in the true ${k}`}</span>
              <span className="text-right">{measure(hit.distance)}</span>
            </li>
          );
        })}
      </ol>
      {missed.length > 0 && <Heading left={`Missed ${missed.length} of ${search.truth.length} true neighbours`} right="" />}
      <ol aria-label="Missed" className="max-h-[45%] shrink-0 overflow-y-auto">
        {missed.map(({ neighbour, rank }) => <Missed key={neighbour.id} neighbour={neighbour} rank={rank} reason={reasonFor(neighbour, params, k)} {...{ onHoverList, onPick, selected, onSelect, remedyOf }} />)}
      </ol>
    </div>
  );
}

type MissedProps = { neighbour: TrueNeighbour; rank: number; reason: string } & Pick<Props, 'onHoverList' | 'onPick' | 'selected' | 'onSelect' | 'remedyOf'>;

function Missed({ neighbour, rank, reason, onHoverList, onPick, selected, onSelect, remedyOf }: MissedProps) {
  const { remedy } = neighbour, apply = remedy && remedyOf(remedy);
  return (
    <li className="result result-missed" onPointerEnter={() => onHoverList(neighbour.list)}>
      <span className="text-right text-ink-2">{rank}</span>
      <Choose id={neighbour.id} {...{ selected, onSelect }}><Sign kind="missed" /></Choose>
      <button type="button" className="result-name" title="Make it the query" onClick={() => onPick(neighbour.id)}><Thumb label={neighbour.label} size={20} /></button>
      <span className="flex min-w-0 items-center justify-end gap-1.5">
        <span className="truncate text-missed" title={reason}>{reason}</span>
        {remedy && apply && (
          <button type="button" className={`figure-button shrink-0 px-1 underline decoration-dotted underline-offset-2 ${remedy.wins === false ? '' : 'text-probed'}`} title={promiseOf(remedy)} aria-label={`Set ${remedy.param} to ${remedy.value}`} onClick={apply}>
            {remedy.param} {remedy.value}
          </button>
        )}
      </span>
    </li>
  );
}

const Heading = ({ left, right }: { left: string; right: string }) => (
  <div className="label flex justify-between border-b border-line pt-1.5 pb-0.5"><span>{left}</span><span>{right}</span></div>
);

/** The sign of a row looks at its vector closely; the diamond around it is that of the stage. */
function Choose({ id, selected, onSelect, children }: { id: number; children: ReactNode } & Pick<Props, 'selected' | 'onSelect'>) {
  const chosen = id === selected;
  return (
    <button type="button" className="result-sign" aria-pressed={chosen} aria-label={`Vector ${id}, look at it closely`} title={`Vector ${id}: look at it closely, in every view`} onClick={() => onSelect(chosen ? null : id)}>
      {children}
      {chosen && <svg className="absolute inset-0 m-auto" width={24} height={24} viewBox="-12 -12 24 24" aria-hidden="true"><path data-mark="selected" d="M0,-11 L11,0 L0,11 L-11,0 Z" fill="none" stroke="var(--ink)" strokeWidth={1.75} /></svg>}
    </button>
  );
}

const words = { found: 'a true neighbour', returned: 'not a true neighbour', missed: 'missed' };

/** Ring with a tick, plain ring, ring with a gap: as on the stage. */
function Sign({ kind }: { kind: 'found' | 'returned' | 'missed' }) {
  return (
    <svg width={16} height={16} viewBox="-8 -8 16 16" role="img" aria-label={words[kind]}>
      <circle data-mark={kind} r={6} fill={kind === 'found' ? 'var(--found)' : 'none'} stroke={`var(--${kind})`} strokeWidth={1.75} strokeDasharray={kind === 'missed' ? '29 9' : undefined} />
      {kind === 'found' && <path d="M-2.8,0.2L-0.8,2.2L3,-2" fill="none" stroke="var(--panel)" strokeWidth={1.75} />}
    </svg>
  );
}
