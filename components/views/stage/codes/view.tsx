import { css } from '../palette';
import type { LookView } from '../looks';
import { NeighbourGlyph, QueryGlyph, SelectedGlyph } from '../glyphs';
import stage from '../stage.module.css';
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
import { captionOf } from './words';

/** The codes of an index: what stands for one vector, and how its distance is made of that. */
function Picture(props: Props) {
  const { look, palette, onSelect, width, height } = props, pointed = usePointed(partsOf(look)), [first, second] = familyPanels(props, pointed);
  return <Board width={width} height={height} panels={[first, second, scatterPanel(props), vectorPanel(look, palette, onSelect)]} />;
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

function vectorPanel({ selected, n }: Look, palette: Props['palette'], onSelect: Props['onSelect']): PanelSpec {
  return { name: 'Vector', title: <SelectedHead key={selected.id} selected={selected} n={n} onSelect={onSelect} />, label: 'The vector and what its code stands for', note: { text: vectorNote(selected), lines: 1 }, draw: (width, height) => <VectorPanel selected={selected} palette={palette} width={width} height={height} /> };
}

function Legend({ look, palette }: Props) {
  const item = (name: string, mark: React.ReactNode) => <li key={name}><svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">{mark}</svg>{name}</li>;
  const product = look.family.kind === 'product';
  return (
    <ul className={stage.legend}>
      {item('query', <QueryGlyph r={8} />)}
      {item('vector looked at', <SelectedGlyph r={7} />)}
      {product && item('its code', <circle className={style.code} r={4.5} />)}
      {product && item('the query’s code', <circle className={style.queryRing} r={5} />)}
      {product && item('code, by use', <circle r={4} fill={css(palette.probed, 0.7)} />)}
      {item('true, returned', <NeighbourGlyph kind="found" r={5} />)}
      {item('true, missed', <NeighbourGlyph kind="missed" r={5} />)}
      {item('returned, not true', <NeighbourGlyph kind="returned" r={5} />)}
    </ul>
  );
}

export const codesView: LookView<Look> = { Picture, Legend, caption: ({ look, lit, iteration }) => captionOf(look, lit, iteration), tracks: tracksOf };
