import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { Segments } from '@/components/controls/Segments';
import type { LookProps, LookView } from '../looks';
import stage from '../stage.module.css';
import { Tooltip } from '../Tooltip';
import { RanksLegend } from './Legend';
import { kindsOf, nearestTo, placeAll, unseenOf, type Look } from './layout';
import style from './ranks.module.css';
import { Scatter, scatterOf } from './Scatter';
import { Slopes } from './Slopes';
import { captionOf, linesOf, rankSteps } from './story';

const [head, foot, gutter, narrow, tabs, lost] = [34, 14, 96, 640, 54, 26];
const panes = [{ value: 'slopes', text: 'Places' }, { value: 'scatter', text: 'Distances' }] as const;
type Pane = (typeof panes)[number]['value'];

/** Left: places before and after. Right: the two distances of each candidate. One at a time where there is no room for both. */
function Picture(props: LookProps<Look>) {
  const [pane, setPane] = useState<Pane>('slopes');
  if (props.width >= narrow) return <Board {...props} pane={null} />;
  return (
    <>
      <div className={style.bar} style={{ height: tabs }}><Segments label="Part of the picture" options={panes} value={pane} onChange={setPane} /></div>
      <div className={style.pane} style={{ height: props.height - tabs }}><Board {...props} height={props.height - tabs} pane={pane} /></div>
    </>
  );
}

function Board({ pane, ...props }: LookProps<Look> & { pane: Pane | null }) {
  const { look, search, lit, selected, onSelect, onPick, hoverList, onHoverList, width, height } = props, [slopes, scatter] = [pane !== 'scatter', pane !== 'slopes'];
  const [pointed, setPointed] = useState<number | null>(null), span = pane ? width : width * 0.5, done = Math.min(lit ?? look.asked, look.asked), unseen = unseenOf(look, search);
  const kinds = kindsOf(search), frame = { left: gutter, right: span - gutter, top: head, bottom: height - foot - (unseen ? lost : 0) }, { placed, cut, kept } = placeAll(look, kinds, done, frame);
  const shown = placed.length, box = { left: (pane ? 0 : span) + 66, right: width - 20, top: head, bottom: height - 46 };
  const point = (i: number | null) => { const list = i === null ? -1 : look.lists[i] ?? -1; setPointed(i); onHoverList(list < 0 ? null : list); };
  const at = pointed === null ? undefined : placed[pointed], lines = at ? linesOf(look, search, at.i, done) : null, choose = () => at && onSelect(at.id === selected ? null : at.id), dots = scatterOf(look, shown, box);
  const under = (event: PointerEvent<Element>) => {
    const rect = event.currentTarget.getBoundingClientRect();
    const targets = placed.flatMap(({ i, left, right }) => [...(slopes ? [{ i, ...left }, ...(right ? [{ i, ...right }] : [])] : []), ...(scatter ? [{ i, ...dots.at(i) }] : [])]);
    return nearestTo(targets, { x: event.clientX - rect.left, y: event.clientY - rect.top });
  };
  const press = (event: KeyboardEvent) => {
    const by = steps[event.key];
    if (event.key === 'Escape') point(null);
    if (event.key === 'Enter' && at) { if (event.shiftKey) onPick(at.id); else choose(); }
    if (by === undefined) return;
    event.preventDefault();
    point(Math.max(0, Math.min(shown - 1, pointed === null ? 0 : pointed + by)));
  };
  return (
    <div className={style.ranks} tabIndex={0} role="application" aria-label="Candidates before and after re-ranking, nearest first" onKeyDown={press} onPointerLeave={() => point(null)} onPointerMove={(event) => point(under(event))} onPointerDown={(event) => point(under(event))} onClick={choose}>
      <svg width={width} height={height} aria-hidden="true">
        {slopes && <Slopes {...{ look, placed, cut, kept, selected, hoverList, unseen }} {...frame} pointed={at?.i ?? null} />}
        {scatter && <Scatter {...{ look, shown, done, box, kinds, selected }} pointed={at?.i ?? null} />}
      </svg>
      {at && lines && <Tooltip tip={{ ...(slopes ? at.left : dots.at(at.i)), label: search?.truth.find(({ id }) => id === at.id)?.label ?? null, lines }} width={width} height={height} />}
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
