import { useState, type KeyboardEvent } from 'react';
import { count } from '../words';
import type { SearchFrame } from './frame';
import style from './layers.module.css';
import type { Chosen, Shared } from './Planes';
import { breadthName, nodeName, value, wordsOf } from './story';

type Props = Shared & Chosen & { width: number; height: number };
type Row = { id: number; dis: number; walked: boolean; fresh: boolean; truth: boolean };

const [head, foot] = [40, 22];

/** The list that the walk keeps, place by place: as many places as it is wide, filled from the nearest. */
export function Candidates(props: Props) {
  const { look, frame, width, height } = props, { ef } = look.walk;
  const [at, setAt] = useState(0);
  if (frame.kind === 'build') return null;
  const rows = rowsOf(props, frame), room = height - head - foot, places = frame.current && frame.current.level > 0 ? 1 : ef;
  const tall = Math.max(3, Math.min(18, Math.floor(room / Math.max(1, places)))), shown = Math.min(places, Math.floor(room / tall)), inUse = rows.slice(0, shown);
  const farthest = Math.max(...inUse.map(({ dis }) => dis)), nearest = Math.min(...inUse.map(({ dis }) => dis)), reached = inUse[Math.min(at, inUse.length - 1)];
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: inUse.length - 1 }[event.key];
    if (to !== undefined) { const next = Math.max(0, Math.min(inUse.length - 1, to)); setAt(next); props.onPointed(inUse[next]?.id ?? null); event.preventDefault(); }
    if (reached && look.over === 'vectors' && event.key === 'Enter') props.onPick(reached.id);
    if (reached && look.over === 'vectors' && event.key === ' ') { props.onSelect(reached.id === props.selected ? null : reached.id); event.preventDefault(); }
  };
  return (
    <div className={style.candidates} style={{ width, height }}>
      <h3 className={style.title}>{title(props, frame)}<small>{subtitle(props, frame)}</small></h3>
      <div className={style.places} role="listbox" tabIndex={0} aria-label="The list of candidates, nearest first" aria-activedescendant={reached ? `candidate-${reached.id}` : undefined} onKeyDown={onKeyDown} onBlur={() => props.onPointed(null)} onMouseLeave={() => props.onPointed(null)}>
        {Array.from({ length: shown }, (_, i) => <Place key={i} {...props} row={inUse[i]} i={i} tall={tall} share={inUse[i] ? (farthest > nearest ? ((inUse[i]?.dis ?? 0) - nearest) / (farthest - nearest) : 0) : 0} />)}
      </div>
      <p className={style.foot}>{footWords(props, frame, shown, places)}</p>
    </div>
  );
}

function rowsOf({ look }: Props, { list, current, shown }: SearchFrame): Row[] {
  const truth = new Set(look.walk.truth.ids), fresh = new Set(current?.met.ids ?? []);
  if (!list || shown === 0) return [{ id: look.entry, dis: look.walk.hops[0]?.distance ?? 0, walked: false, fresh: true, truth: truth.has(look.entry) }];
  return Array.from(list.ids, (id, i) => ({ id, dis: list.dis[i] ?? 0, walked: list.walked[i] === 1, fresh: fresh.has(id), truth: truth.has(id) }));
}

type PlaceProps = Props & { row: Row | undefined; i: number; tall: number; share: number };

function Place({ row, i, tall, share, look, pointed, onPointed, selected, onSelect, onPick }: PlaceProps) {
  const words = wordsOf(look), own = look.over === 'vectors', bounds = i === look.walk.stop - 1;
  if (!row) return <div className={style.place} data-free="true" data-bound={bounds} style={{ height: tall }} />;
  const name = words?.get(row.id) || nodeName(look, row.id), short = words?.get(row.id) || count(row.id);
  return (
    <div id={`candidate-${row.id}`} className={style.place} role="option" aria-selected={row.id === selected} style={{ height: tall }} data-bound={bounds} data-fresh={row.fresh} data-pointed={row.id === pointed}
      aria-label={`${i + 1}: ${name}, ${value(look, row.dis)}${row.walked ? ', walked from' : ''}${row.fresh ? ', new' : ''}${row.truth ? ', a true neighbour' : ''}`}
      onMouseEnter={() => onPointed(row.id)} onClick={() => { if (own) onSelect(row.id === selected ? null : row.id); }} onDoubleClick={() => { if (own) onPick(row.id); }}>
      <span className={style.bar} data-walked={row.walked} data-fresh={row.fresh} data-thin={tall >= 13} style={{ width: `${8 + 92 * share}%` }} />
      {tall >= 13 && <><span className={style.spot} data-walked={row.walked} /><span className={style.rank}>{i + 1}</span><span className={style.name} title={name}>{short}</span>{row.truth && <span className={style.true} title="a true neighbour">✓</span>}<span className={style.dis}>{value(look, row.dis)}</span></>}
    </div>
  );
}

function title({ look }: Props, { current }: SearchFrame): string {
  return current && current.level > 0 ? `Layer ${current.level}: one candidate` : `${look.over === 'lists' ? 'Lists' : 'Candidates'}, ${count(look.walk.ef)} places`;
}

function subtitle({ look }: Props, { current, shown }: SearchFrame): string {
  if (shown === 0) return 'the walk has not begun';
  if (current && current.level > 0) return 'only the nearest is kept';
  const { ef, stop, given } = look.walk;
  const breadth = `${breadthName(look)} = ${count(stop)}`;
  return ef === stop || look.graph === 'NSG' ? breadth : `for ${count(Math.max(given.length, ef))} results; ${breadth}`;
}

function footWords({ look: { walk: { ef } } }: Props, { list, size, ended, current }: SearchFrame, shown: number, places: number): string {
  if (shown < places) return `${count(shown)} of ${count(ef)} places shown`;
  const waiting = list?.walked.reduce((sum, walked) => sum + 1 - walked, 0) ?? 0;
  if (size === 0 || (current && current.level > 0)) return '';
  return ended ? `${count(size - waiting)} of ${count(size)} walked from` : `${count(waiting)} still to walk from`;
}
