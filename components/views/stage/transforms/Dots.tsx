import type { KeyboardEvent } from 'react';
import type { SearchAnswer } from '@/workers/protocol';
import { NeighbourGlyph, QueryGlyph, SelectedGlyph } from '../glyphs';
import { firstHues } from '../hues';
import type { NeighbourKind } from '../neighbours';
import { css as colourOf } from '../palette';
import type { Palette } from '../palette';
import stage from '../stage.module.css';
import { count } from '../words';
import type { Look, Moment } from './moment';
import { dotAt, turnOf } from './turn';
import type { Turn } from './turn';
import style from './transforms.module.css';

type Props = {
  look: Look; moment: Moment; title: string; side: number;
  /** Tells which neighbours were found and which missed; null draws none. */
  search: SearchAnswer | null;
  selected: number | null;
  onSelect: (id: number | null) => void;
  onPick: (id: number) => void;
  palette: Palette;
  hues: Uint8Array | null;
};

/** A few vectors, the query and the vector looked at in the first two components of the frame, on their way from one to the next. */
export function Dots({ look, moment, title, side, search, selected, onSelect, onPick, palette, hues }: Props) {
  const { before, shown } = moment, turn = turnOf(moment), to = onScreen(turn, side);
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key], { ids } = look, now = selected === null ? -1 : ids.indexOf(selected);
    if (by) onSelect(ids[(now + by + ids.length) % ids.length] ?? null);
    else if (event.key === 'Enter' && selected !== null) onPick(selected);
    else if (event.key === 'Escape') onSelect(null);
    else return;
    event.preventDefault();
  };
  const query = to(turn.place(before.query, shown.query)), chosen = placeOfSelected(look, moment, turn, selected), colour = coloursOf(look, palette, hues);
  return (
    <div className={style.dots} style={{ width: side }}>
      <p className={style.title}>{title}</p>
      <svg width={side} height={side} tabIndex={0} role="application" onKeyDown={walk}
        aria-label={`${count(look.ids.length)} vectors in the first two components. Arrow keys walk through them, Enter takes one as the query, Escape lets go`}>
        <Axes turn={turn} to={to} side={side} />
        {Array.from(look.ids, (id, i) => (
          <circle key={id} className={stage.neutralDot} r={2.4} style={{ fill: colour?.(i), transform: css(to(turn.place(dotAt(before.points, i), dotAt(shown.points, i)))) }} onClick={() => onSelect(id === selected ? null : id)}>
            <title>{`vector ${count(id)}${look.lists ? `, list ${count(look.lists[i] ?? 0)}` : ''}`}</title>
          </circle>
        ))}
        {neighboursOf(look, search).map(({ id, i, kind }) => (
          <g key={id} data-id={id} style={{ transform: css(to(turn.place(dotAt(before.near, i), dotAt(shown.near, i)))) }} onClick={() => onSelect(id === selected ? null : id)}>
            <title>{`vector ${count(id)}`}</title><NeighbourGlyph kind={kind} r={5} />
          </g>
        ))}
        {chosen && <g style={{ transform: css(to(chosen)) }}><SelectedGlyph r={9} /><text className={stage.word} x={10} y={4}>{count(selected ?? 0)}</text></g>}
        <g style={{ transform: css(query) }}><QueryGlyph /></g>
      </svg>
    </div>
  );
}

/** Dots of an inverted file wear the hue of their list, as in the cells. */
function coloursOf({ lists, nlist }: Look, palette: Palette, hues: Uint8Array | null): ((i: number) => string) | null {
  const worn = lists && (hues?.length === nlist ? hues : firstHues(nlist));
  return worn && ((i) => colourOf(palette.lists[worn[lists[i] ?? 0] ?? 0] ?? palette.neutral));
}

type Place = { x: number; y: number };

const css = ({ x, y }: Place) => `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px)`;
const MARGIN = 14;

const onScreen = ({ view }: Turn, side: number) => ({ x, y }: Place): Place => {
  const scale = (side / 2 - MARGIN) / view.half;
  return { x: side / 2 + (x - view.x) * scale, y: side / 2 - (y - view.y) * scale };
};

/** A vector among the dots is known at once, another when the engine has answered. */
function placeOfSelected({ ids, selected: answered }: Look, { before, shown }: Moment, turn: Turn, selected: number | null): Place | null {
  if (selected === null) return null;
  const i = ids.indexOf(selected);
  if (i >= 0) return turn.place(dotAt(before.points, i), dotAt(shown.points, i));
  return answered === selected && before.selected && shown.selected ? turn.place(before.selected, shown.selected) : null;
}

/** Found and missed ones on top of those that only were returned. */
function neighboursOf({ near }: Look, search: SearchAnswer | null): { id: number; i: number; kind: NeighbourKind }[] {
  const truth = new Map(search?.truth.map(({ id, found }) => [id, found ? 'found' as const : 'missed' as const])), returned = new Set(search?.hits.map(({ id }) => id));
  const all = Array.from(near, (id, i) => ({ id, i, kind: truth.get(id) ?? (returned.has(id) ? 'returned' as const : null) }));
  return all.flatMap(({ id, i, kind }) => (kind ? [{ id, i, kind }] : [])).sort((a, b) => Number(b.kind === 'returned') - Number(a.kind === 'returned'));
}

/** The lines on which a component is zero; where a plane is turned, the axes of the frame before, turned with it. */
function Axes({ turn: { view, axes, place }, to, side }: { turn: Turn; to: (place: Place) => Place; side: number }) {
  const zero = to({ x: 0, y: 0 }), inside = (v: number) => v > 0 && v < side, origin = place({ x: 0, y: 0 }, { x: 0, y: 0 });
  const arm = (along: Place) => { const end = to({ x: origin.x + along.x * view.half * 0.8, y: origin.y + along.y * view.half * 0.8 }), from = to(origin); return { from, end }; };
  return (
    <g aria-hidden="true">
      <g className={style.zero}>
        {inside(zero.x) && <line x1={zero.x} x2={zero.x} y2={side} />}
        {inside(zero.y) && <line x2={side} y1={zero.y} y2={zero.y} />}
      </g>
      {axes && Object.entries({ '1': arm(axes.x), '2': arm(axes.y) }).map(([name, { from, end }]) => (
        <g key={name} className={style.axis}>
          <line x1={from.x} y1={from.y} x2={end.x} y2={end.y} />
          <text x={end.x} y={end.y}>{name}</text>
        </g>
      ))}
    </g>
  );
}
