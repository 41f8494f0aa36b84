import { useMemo, useState } from 'react';
import { Segments } from '@/components/controls/Segments';
import type { LookProps } from '../looks';
import { Candidates } from './Candidates';
import { Counts } from './Counts';
import { Descent } from './Descent';
import { frameAt, type Look } from './frame';
import { Inserted } from './Inserted';
import style from './layers.module.css';
import { Planes } from './Planes';

const panes = [{ value: 'planes', text: 'Layers' }, { value: 'list', text: 'List' }, { value: 'descent', text: 'Descent' }, { value: 'counts', text: 'Counts' }] as const;
type Pane = (typeof panes)[number]['value'];

const [aside, narrow, bar] = [248, 660, 40];

/** The layers in space; beside them the list of candidates, below them the descent, and the counts. On a narrow screen one at a time. */
export function Layers(props: LookProps<Look>) {
  const { look, lit, iteration, search, palette, width, height } = props;
  const frame = useMemo(() => frameAt(look, lit, iteration), [look, lit, iteration]);
  const [pointed, onPointed] = useState<number | null>(null), [pane, setPane] = useState<Pane>('planes');
  const shared = { look, frame, search, palette, pointed: pointed ?? (look.over === 'lists' ? props.hoverList : null), onPointed: (id: number | null) => { onPointed(id); if (look.over === 'lists') props.onHoverList(id); } };
  const chosen = { selected: props.selected, onSelect: props.onSelect, onPick: props.onPick };
  const side = (w: number, h: number) => (frame.kind === 'search' ? <Candidates {...shared} {...chosen} width={w} height={h} /> : <Inserted {...shared} frame={frame} width={w} height={h} />);
  if (width < narrow) {
    return (
      <div className={style.panes}>
        <div className={style.bar}><Segments label="Part of the picture" options={panes} value={pane} onChange={setPane} /></div>
        {pane === 'planes' && <Planes {...shared} {...chosen} width={width} height={height - bar} />}
        {pane === 'list' && side(width, height - bar)}
        {pane === 'descent' && <Descent {...shared} width={width} height={height - bar} />}
        {pane === 'counts' && <Counts look={look} width={width} height={height - bar} />}
      </div>
    );
  }
  const below = Math.round(Math.min(190, Math.max(104, height * 0.3))), counts = Math.round(Math.min(230, Math.max(120, height * 0.36)));
  return (
    <div className={style.whole} style={{ gridTemplateColumns: `minmax(0, 1fr) ${aside}px` }}>
      <div className={style.main}>
        <Planes {...shared} {...chosen} width={width - aside - 1} height={height - below - 3} />
        <div className={style.below}><Descent {...shared} width={width - aside - 1} height={below} /></div>
      </div>
      <div className={style.side}>
        {side(aside, height - counts - 3)}
        <div className={style.below}><Counts look={look} width={aside} height={counts} /></div>
      </div>
    </div>
  );
}
