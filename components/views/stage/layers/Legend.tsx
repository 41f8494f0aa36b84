import type { ReactNode } from 'react';
import { NeighbourGlyph, QueryGlyph } from '../glyphs';
import type { LookProps } from '../looks';
import { css } from '../palette';
import style from '../stage.module.css';
import { count, measure } from '../words';
import { frameAt, type Look } from './frame';
import { shadeColour, shades } from './scene';

/** The shapes on the picture now, each beside its name, and how much of the graph is drawn. */
export function LayersLegend({ look, lit, iteration, palette }: LookProps<Look>) {
  const frame = frameAt(look, lit, iteration), searching = frame.kind === 'search', probed = css(palette.probed), { quantiles: [low, , high] } = look.links;
  const all = look.levels.reduce((sum, { links }) => sum + links, 0), standing = look.links.rows.reduce((sum, gone, i) => sum + (i % 5 === 4 && gone === -1 ? 1 : 0), 0);
  return (
    <ul className={style.legend}>
      {searching && <Item glyph={<QueryGlyph r={8} />}>query</Item>}
      {searching && <Item glyph={<circle r={3.6} fill={probed} />}>walked from</Item>}
      {searching && <Item glyph={<circle r={3.4} fill={css(palette.ground)} stroke={probed} strokeWidth={1.4} />}>in the list</Item>}
      {searching && <Item glyph={<circle r={2.4} fill={css(palette.scanned)} />}>met</Item>}
      {searching && <Item glyph={<NeighbourGlyph kind="found" />}>true, found</Item>}
      {searching && <Item glyph={<NeighbourGlyph kind={frame.ended ? 'missed' : 'waiting'} />}>{frame.ended ? 'true, missed' : 'true, not yet in the list'}</Item>}
      {!searching && <Item glyph={<circle r={3} fill={probed} />}>inserted in this step</Item>}
      <li>
        <svg width={shades * 5} height={10} aria-hidden="true">{Array.from({ length: shades }, (_, shade) => <rect key={shade} x={shade * 5} y={2} width={5} height={6} fill={shadeColour(palette, shade, 1)} />)}</svg>
        link, darker is longer: {measure(low)} to {measure(high)}
      </li>
      <li>{drawnWords(look, standing, all)}</li>
    </ul>
  );
}

/** Whole or sampled: never silently. */
function drawnWords({ n, over, nodes: { sampled }, levels }: Look, standing: number, all: number): string {
  const things = over === 'lists' ? 'centroids' : 'vectors';
  if (sampled === n) return `all ${count(n)} ${things} and ${count(all)} links are drawn`;
  return `drawn: ${count(sampled)} of ${count(n)} ${things}${levels.length > 1 ? ', upper layers first' : ''}, ${count(standing)} of ${count(all)} links, and all that the walk met`;
}

const Item = ({ glyph, children }: { glyph: ReactNode; children: ReactNode }) => <li><svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">{glyph}</svg>{children}</li>;
