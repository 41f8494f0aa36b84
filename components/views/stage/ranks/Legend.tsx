import type { ReactNode } from 'react';
import { NeighbourGlyph, SelectedGlyph } from '../glyphs';
import type { LookProps } from '../looks';
import stage from '../stage.module.css';
import type { Look } from './layout';
import style from './ranks.module.css';

/** The marks on the picture, each beside its name. */
export function RanksLegend({ look, search, selected }: LookProps<Look>) {
  return (
    <ul className={stage.legend}>
      <Item glyph={<path className={style.dots} d="M0,0h0" />} name="candidate" />
      {search && <Item glyph={<NeighbourGlyph kind="found" />} name="true, returned" />}
      {search && <Item glyph={<NeighbourGlyph kind="missed" />} name="true, missed" />}
      {search && <Item glyph={<NeighbourGlyph kind="returned" />} name="returned, not true" />}
      <Item glyph={<path className={style.cut} d="M-9,0H9" />} name={`cut at k · ${look.param}`} />
      <Item glyph={<path className={style.kept} d="M-9,0H9" />} name="k-th after re-ranking" />
      {selected !== null && <Item glyph={<SelectedGlyph r={8} />} name="selected vector" />}
    </ul>
  );
}

const Item = ({ glyph, name }: { glyph: ReactNode; name: string }) => <li><svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">{glyph}</svg>{name}</li>;
