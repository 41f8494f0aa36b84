import { useState } from 'react';
import { css } from '../palette';
import type { LookView } from '../looks';
import { NeighbourGlyph, QueryGlyph, SelectedGlyph } from '../glyphs';
import stage from '../stage.module.css';
import { plural } from '../words';
import type { Looks } from '@/workers/protocol';
import { Board } from './Board';
import type { PanelSpec } from './Board';
import style from './codes.module.css';
import { familyPanels, partsOf, usePointed } from './panels';
import type { Props } from './panels';
import { Scatter, neighbourByRank, scatterNote } from './Scatter';
import { SelectedHead } from './SelectedHead';
import { tracksOf } from './tracks';
import { VectorPanel, vectorNote } from './VectorPanel';
import { lookOf, standingOf } from './which';
import { captionOf } from './words';

/** The codes of an index: what stands for one vector, and how its distance is made of that. */
function Picture(props: Props) {
  const { palette, onSelect, width, height } = props, [asked, setAsked] = useState<{ second: boolean; lit: number | null } | null>(null);
  const { second, ...now } = standingOf(props.look, props.lit, props.iteration, asked && asked.lit === props.lit ? asked.second : null), look = lookOf(props.look, second);
  const pointed = usePointed(partsOf(look)), [left, middle] = familyPanels({ ...props, ...now, look }, pointed);
  const which = props.look.second && <Which look={props.look} second={second} onSecond={(wanted) => setAsked({ second: wanted, lit: props.lit })} />;
  const titled = (panel: PanelSpec): PanelSpec => (which ? { ...panel, title: <>{which}{panel.title}</> } : panel);
  return <Board width={width} height={height} panels={[titled(left), middle, scatterPanel(props), vectorPanel(look, palette, onSelect)]} />;
}

/** Of an index that re-ranks by codes: the code of the search, or the one that results are sorted by. */
function Which({ look, second, onSecond }: { look: Look; second: boolean; onSecond: (second: boolean) => void }) {
  const names = ['1st code', '2nd'], sizes = [look.codeSize, look.second?.codeSize ?? 0];
  return <span className={style.which} role="group" aria-label="Which code">{names.map((name, i) => <button key={name} type="button" aria-label={i ? 'Second code' : 'First code'} title={`${plural(sizes[i] ?? 0, 'byte')} a vector`} aria-pressed={second === (i === 1)} onClick={() => onSecond(i === 1)}>{name}</button>)}</span>;
}

type Look = Looks['codes'];

function scatterPanel({ look, palette, onSelect, onPick }: Props): PanelSpec {
  const walk = (by: number) => { const id = neighbourByRank(look, by); if (id !== null) onSelect(id); };
  const keys: Record<string, () => void> = { Enter: () => onPick(look.selected.id), Escape: () => onSelect(null), ArrowLeft: () => walk(-1), ArrowRight: () => walk(1) };
  const onKey = (key: string) => { keys[key]?.(); return key in keys; };
  return {
    name: 'Truth', title: <><strong>True and by code</strong><span>press a dot to look at it</span></>, label: 'True distance against distance by code. Left and right look at the next vector by code, Enter takes it as the query, Escape goes back.', onKey, note: { text: scatterNote(look), lines: 1 },
    draw: (width, height) => <Scatter look={look} palette={palette} onSelect={onSelect} width={width} height={height} />,
  };
}

function vectorPanel({ selected, n, scanned: { searched } }: Look, palette: Props['palette'], onSelect: Props['onSelect']): PanelSpec {
  return { name: 'Vector', title: <SelectedHead key={selected.id} selected={selected} n={n} searched={searched} onSelect={onSelect} />, label: 'The vector and what its code stands for', note: { text: vectorNote(selected), lines: 1 }, draw: (width, height) => <VectorPanel selected={selected} palette={palette} width={width} height={height} /> };
}

function Legend({ look, palette }: Props) {
  const item = (name: string, mark: React.ReactNode) => <li key={name}><svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">{mark}</svg>{name}</li>;
  const product = look.family.kind === 'product', signs = look.family.kind === 'signs';
  return (
    <ul className={stage.legend}>
      {item('query', <QueryGlyph r={8} />)}
      {item('vector looked at', <SelectedGlyph r={7} />)}
      {signs && item('query along a bit’s axis', <rect className={style.queryMark} x={-6} y={-1.5} width={12} height={3} />)}
      {signs && item('vector along it', <circle className={style.code} r={4} />)}
      {product && item('its code', <circle className={style.code} r={4.5} />)}
      {product && item('the query’s code', <circle className={style.queryRing} r={5} />)}
      {product && item('code, by use', <circle r={4} fill={css(palette.probed, 0.7)} />)}
      {item(look.scanned.searched ? 'true, returned' : 'true neighbour', <NeighbourGlyph kind="found" r={5} />)}
      {look.scanned.searched && item('true, missed', <NeighbourGlyph kind="missed" r={5} />)}
      {look.scanned.searched && item('returned, not true', <NeighbourGlyph kind="returned" r={5} />)}
    </ul>
  );
}

export const codesView: LookView<Look> = { Picture, Legend, caption: ({ look, lit, iteration }) => captionOf(look, lit, iteration), tracks: tracksOf };
