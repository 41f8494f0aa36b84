import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { LookProps, LookView } from '../looks';
import stage from '../stage.module.css';
import { Tooltip } from '../Tooltip';
import { RanksLegend } from './Legend';
import { kindsOf, nearestTo, placeAll, type Look } from './layout';
import style from './ranks.module.css';
import { Scatter, scatterOf } from './Scatter';
import { Slopes } from './Slopes';
import { captionOf, linesOf, rankSteps } from './story';

const [head, foot, gutter, narrow] = [34, 14, 96, 640];

/** Left: places before and after. Right, where there is room: the two distances of each candidate. */
function Picture({ look, search, lit, selected, onSelect, onPick, hoverList, onHoverList, width, height }: LookProps<Look>) {
  const [pointed, setPointed] = useState<number | null>(null), wide = width >= narrow, span = wide ? width * 0.5 : width, done = Math.min(lit ?? look.asked, look.asked);
  const kinds = kindsOf(search), frame = { left: gutter, right: span - gutter, top: head, bottom: height - foot }, { placed, cut, kept } = placeAll(look, kinds, done, frame);
  const shown = placed.length, box = { left: span + 56, right: width - 20, top: head, bottom: height - 46 };
  const point = (i: number | null) => { const list = i === null ? -1 : look.lists[i] ?? -1; setPointed(i); onHoverList(list < 0 ? null : list); };
  const under = (event: PointerEvent<Element>) => {
    const rect = event.currentTarget.getBoundingClientRect(), scatter = scatterOf(look, shown, box);
    const targets = placed.flatMap(({ i, left, right }) => [{ i, ...left }, ...(right ? [{ i, ...right }] : []), ...(wide ? [{ i, ...scatter.at(i) }] : [])]);
    return nearestTo(targets, { x: event.clientX - rect.left, y: event.clientY - rect.top });
  };
  const at = pointed === null ? undefined : placed[pointed], lines = at ? linesOf(look, search, at.i, done) : null, choose = () => at && onSelect(at.id === selected ? null : at.id);
  const press = (event: KeyboardEvent) => {
    const by = steps[event.key];
    if (event.key === 'Escape') point(null);
    if (event.key === 'Enter' && at) { if (event.shiftKey) onPick(at.id); else choose(); }
    if (by === undefined) return;
    event.preventDefault();
    point(Math.max(0, Math.min(shown - 1, pointed === null ? 0 : pointed + by)));
  };
  return (
    <div className={style.ranks} tabIndex={0} role="application" aria-label="Candidates before and after re-ranking, nearest first" onKeyDown={press} onPointerLeave={() => point(null)} onPointerMove={(event) => point(under(event))} onClick={choose}>
      <svg width={width} height={height} aria-hidden="true">
        <Slopes {...{ look, placed, cut, kept, selected, hoverList }} {...frame} pointed={at?.i ?? null} />
        {wide && <Scatter {...{ look, shown, done, box, kinds, selected }} pointed={at?.i ?? null} />}
      </svg>
      {at && lines && <Tooltip tip={{ ...at.left, label: search?.truth.find(({ id }) => id === at.id)?.label ?? null, lines }} width={width} height={height} />}
      <p className={stage.announce} role="status">{lines?.join(', ') ?? ''}</p>
    </div>
  );
}

const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export const ranksView: LookView<Look> = {
  Picture,
  caption: ({ look, search }) => captionOf(look, search),
  Legend: RanksLegend,
  tracks: (look, search) => ({ training: null, search: { title: 'Candidates', valueName: `true neighbours in the first ${look.k}`, steps: rankSteps(look, search) } }),
};
