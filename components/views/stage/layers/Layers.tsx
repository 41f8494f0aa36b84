import { useMemo, useState } from 'react';
import { Segments } from '@/components/controls/Segments';
import type { LookProps } from '../looks';
import { Candidates } from './Candidates';
import { Counts } from './Counts';
import { Descent } from './Descent';
import { frameAt, placeIn, type Look } from './frame';
import { Inserted } from './Inserted';
import style from './layers.module.css';
import { Planes } from './Planes';

const panes = [{ value: 'planes', text: 'Layers' }, { value: 'list', text: 'List' }, { value: 'descent', text: 'Descent' }, { value: 'counts', text: 'Counts' }] as const;
type Pane = (typeof panes)[number]['value'];

const [list, aside, bar] = [188, 236, 40], [narrow, wide, tabs] = [560, 780, 54];

/** The layers in space; beside them the list of candidates, then the descent and the counts. One at a time where there is no room. */
export function Layers(props: LookProps<Look>) {
  const { look, lit, iteration, search, palette, width, height } = props;
  const frame = useMemo(() => frameAt(look, lit, iteration), [look, lit, iteration]);
  const [pointed, onPointed] = useState<number | null>(null), [pane, setPane] = useState<Pane>('planes');
  const beside = pane === 'planes' ? 'list' : pane;
  const shared = { look, frame, search, palette, pointed: pointed ?? (look.over === 'lists' ? props.hoverList : null), onPointed: (id: number | null) => { onPointed(id); if (look.over === 'lists') props.onHoverList(id); } };
  const stepping = { ...placeIn(look, lit, iteration), onStep: props.onStep };
  const chosen = { selected: props.selected, onSelect: props.onSelect, onPick: props.onPick };
  const side = (w: number, h: number) => (frame.kind === 'search' ? <Candidates {...shared} {...chosen} width={w} height={h} /> : <Inserted {...shared} frame={frame} width={w} height={h} />);
  if (width < narrow) {
    return (
      <div className={style.panes}>
        <div className={style.bar} style={{ height: tabs }}><Segments label="Part of the picture" options={panes} value={pane} onChange={setPane} /></div>
        {pane === 'planes' && <Planes {...shared} {...chosen} width={width} height={height - tabs} />}
        {pane === 'list' && side(width, height - tabs)}
        {pane === 'descent' && <Descent {...shared} {...stepping} width={width} height={height - tabs} />}
        {pane === 'counts' && <Counts look={look} width={width} height={height - tabs} />}
      </div>
    );
  }
  if (width < wide) {
    const left = width - aside, room = height - bar - 2;
    return (
      <div className={style.whole}>
        <Planes {...shared} {...chosen} width={left - 2} height={height - 2} />
        <div className={style.column}>
          <div className={style.bar}><Segments label="Beside the planes" options={panes.slice(1)} value={beside} onChange={setPane} /></div>
          {beside === 'list' && side(aside, room)}
          {beside === 'descent' && <Descent {...shared} {...stepping} width={aside} height={room} />}
          {beside === 'counts' && <Counts look={look} width={aside} height={room} />}
        </div>
      </div>
    );
  }
  const charts = Math.round(Math.min(320, width * 0.3)), counts = Math.round(Math.min(210, height * 0.42));
  return (
    <div className={style.whole}>
      <Planes {...shared} {...chosen} width={width - list - charts - 2} height={height - 2} />
      <div className={style.column}>{side(list, height - 2)}</div>
      <div className={style.column}>
        <Descent {...shared} {...stepping} width={charts} height={height - counts - 3} />
        <div className={style.below}><Counts look={look} width={charts} height={counts} /></div>
      </div>
    </div>
  );
}
