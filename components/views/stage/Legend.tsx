import type { ReactNode } from 'react';
import { CentroidGlyph, DotGlyph, NeighbourGlyph, ProbedGlyph, QueryGlyph, SelectedGlyph } from './glyphs';
import type { StageProps } from './props';
import style from './stage.module.css';
import { count } from './words';

/** The shapes on the picture now, each beside its name. */
export function Legend({ view, index, plane, slice, search, lit, iteration, selected }: StageProps) {
  const lists = Boolean(index?.ivf);
  const searching = search !== null && iteration === null;
  const replaying = searching && lit !== null && lit < search.probed.length;
  const hued = lists && (iteration === null || Boolean(slice?.lists));
  const flat = plane?.badge.exact === true || plane?.kind === 'umap';
  return (
    <ul className={style.legend}>
      <Item show={iteration === null} glyph={<QueryGlyph r={8} />} name="query" />
      <Item show={searching && lists && view === 'cells'} glyph={<ProbedGlyph />} name="probed, in order" />
      <Item show={searching && search.scanned.length > 0} glyph={<DotGlyph kind="scanned" />} name={scannedName(search)} />
      <Item show={searching} glyph={<NeighbourGlyph kind="found" />} name="true, returned" />
      <Item show={searching} glyph={<NeighbourGlyph kind="missed" />} name="true, missed" />
      <Item show={replaying} glyph={<NeighbourGlyph kind="waiting" />} name="true, not reached yet" />
      <Item show={searching && !replaying} glyph={<NeighbourGlyph kind="returned" />} name="returned, not true" />
      <Item show={typeof selected === 'number'} glyph={<SelectedGlyph r={8} />} name="selected; lines to its true neighbours" />
      <Item show={lists && view === 'cells'} glyph={<CentroidGlyph />} name={iteration === null ? 'centroid' : 'centroid; the path between iterations is interpolated'} />
      <Item show={!searching || search.scanned.length === 0} glyph={<DotGlyph kind={hued ? 'list' : 'neutral'} />} name={`${!hued ? 'vector' : iteration === null ? 'vector, hue of its list' : 'vector, hue of its list at this iteration'}${flat ? '' : '; fainter farther from the plane'}`} />
    </ul>
  );
}

/** The engine sends a bounded number of scanned ids. */
function scannedName(search: StageProps['search']): string {
  if (!search || search.scanned.length >= search.scannedTotal) return 'scanned';
  return `scanned, ${count(search.scanned.length)} of ${count(search.scannedTotal)} drawn`;
}

function Item({ show, glyph, name }: { show: boolean; glyph: ReactNode; name: string }) {
  if (!show) return null;
  return <li><svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">{glyph}</svg>{name}</li>;
}
