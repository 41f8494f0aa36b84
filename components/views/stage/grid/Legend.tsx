import type { ReactNode } from 'react';
import { NeighbourGlyph, ProbedGlyph, SelectedGlyph } from '../glyphs';
import type { LookProps } from '../looks';
import { css } from '../palette';
import stage from '../stage.module.css';
import { plural } from '../words';
import style from './grid.module.css';
import { arrange, type Look } from './layout';
import { shade } from './paint';

/** The marks on the square, each beside its name. */
export function GridLegend({ look, search, palette, iteration }: LookProps<Look>) {
  const { by, ksub, walk } = look, found = search && walk && iteration === null, square = ksub.length > 1, most = arrange(look).sizes.reduce((a, b) => Math.max(a, b), 0);
  return (
    <ul className={stage.legend}>
      {square && <Item glyph={<rect className={style.none} x={-6} y={-6} width={12} height={12} />} name="empty" />}
      {square && <Item glyph={[0, 1, 2, 3].map((i) => <rect key={i} x={-10 + 5 * i} y={-6} width={5} height={12} fill={css(shade(palette, ((i + 0.5) / 4) ** 2, false))} />)} name={iteration === null ? `1 to ${plural(most, 'vector')}` : 'the fuller the darker'} />}
      {!square && <Item glyph={<rect className={style.full} x={-6} y={-6} width={12} height={12} />} name="up: vectors" />}
      {!square && <Item glyph={<rect className={style.half} x={-6} y={-6} width={12} height={12} />} name="down: squared distance" />}
      {walk && iteration === null && <Item glyph={<ProbedGlyph />} name="probed, in order" />}
      {walk && iteration === null && by === 'parts' && <Item glyph={<rect className={style.waits} x={-6} y={-6} width={12} height={12} />} name="waits in the heap" />}
      {walk && iteration === null && by === 'codebooks' && square && <Item glyph={<rect className={style.kept} x={-8} y={-4} width={16} height={8} />} name="row in the beam" />}
      {walk && iteration === null && by === 'codebooks' && ksub.length > 2 && <Item glyph={<rect className={style.waits} x={-6} y={-6} width={12} height={12} />} name="pair in the beam" />}
      {ksub.length > 2 && iteration === null && <Item glyph={<rect className={style.open} x={-6} y={-6} width={12} height={12} />} name="its next level is shown" />}
      {found && <Item glyph={<NeighbourGlyph kind="found" />} name="true, returned" />}
      {found && <Item glyph={<NeighbourGlyph kind="missed" />} name="true, missed" />}
      {look.selected !== null && iteration === null && <Item glyph={<SelectedGlyph r={8} />} name="list of the selected vector" />}
    </ul>
  );
}

const Item = ({ glyph, name }: { glyph: ReactNode; name: string }) => <li><svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">{glyph}</svg>{name}</li>;
