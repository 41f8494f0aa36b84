import type { ReactNode } from 'react';
import { NeighbourGlyph, QueryGlyph } from '../glyphs';
import type { LookProps } from '../looks';
import { css } from '../palette';
import style from '../stage.module.css';
import { measure } from '../words';
import { frameAt, type Look } from './frame';
import { shadeColour, shades } from './ink';

/** The shapes on the picture now, each beside its name. */
export function LayersLegend({ look, lit, iteration, palette }: LookProps<Look>) {
  const frame = frameAt(look, lit, iteration), searching = frame.kind === 'search', probed = css(palette.probed), { quantiles: [low, , high] } = look.links;
  return (
    <ul className={style.legend}>
      {searching && <Item glyph={<QueryGlyph r={8} />}>query</Item>}
      {searching && <Item glyph={<circle r={3.6} fill={probed} />}>walked from</Item>}
      {searching && <Item glyph={<circle r={3.4} fill={css(palette.ground)} stroke={probed} strokeWidth={1.4} />}>in the list</Item>}
      {searching && <Item glyph={<circle r={2.4} fill={css(palette.scanned)} />}>met</Item>}
      {searching && <Item glyph={<NeighbourGlyph kind="found" />}>true, found</Item>}
      {searching && <Item glyph={<NeighbourGlyph kind={frame.ended ? 'missed' : 'waiting'} />}>{frame.ended ? 'true, missed' : 'true, not yet in the list'}</Item>}
      {!searching && look.graph === 'HNSW' && <Item glyph={<circle r={3} fill={probed} />}>inserted in this step</Item>}
      <li>
        <svg width={shades * 5} height={10} aria-hidden="true">{Array.from({ length: shades }, (_, shade) => <rect key={shade} x={shade * 5} y={2} width={5} height={6} fill={shadeColour(palette, shade, 1)} />)}</svg>
        link, stronger is longer: {measure(low)} to {measure(high)}
      </li>
    </ul>
  );
}

const Item = ({ glyph, children }: { glyph: ReactNode; children: ReactNode }) => <li><svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">{glyph}</svg>{children}</li>;
