import { SelectedGlyph } from './glyphs';
import type { StageProps } from './props';
import style from './stage.module.css';
import { count } from './words';

type Props = Pick<StageProps, 'plane' | 'selected' | 'near' | 'onSelect' | 'onPick'>;

/** The vector looked at closely, in words, and what can be done with it. */
export function Chosen({ plane, selected = null, near, onSelect, onPick }: Props) {
  if (selected === null || !plane || selected >= plane.lists.length) return null;
  const list = plane.lists[selected] ?? -1, ids = near?.id === selected ? near.ids : null;
  const own = ids && list >= 0 ? `; ${ids.filter((id) => plane.lists[id] === list).length} of its ${ids.length} true neighbours share its list` : ids ? `, tied to its ${ids.length} true neighbours` : '';
  return (
    <div className={style.chosen} role="group" aria-label="Selected vector">
      <svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true"><SelectedGlyph r={8} /></svg>
      <span role="status">Vector {count(selected)}{list >= 0 ? `, list ${list}` : ''}<span className={style.long}>{own}</span></span>
      {onPick && <button type="button" className={style.do} onClick={() => onPick(selected)}>Make it the query</button>}
      {onSelect && <button type="button" className={style.do} aria-label="Let go of the vector" title="Let go of the vector" onClick={() => onSelect(null)}>×</button>}
    </div>
  );
}

/** Lines from the vector to its true neighbours, in plane coordinates: x, y of either end. */
export function tiesOf({ plane, selected = null, near }: Props): { from: { x: number; y: number }; to: { x: number; y: number }[] } | null {
  if (selected === null || !plane || selected >= plane.lists.length) return null;
  const at = (id: number) => ({ x: plane.points[3 * id] ?? NaN, y: plane.points[3 * id + 1] ?? NaN });
  return { from: at(selected), to: near?.id === selected ? Array.from(near.ids, at) : [] };
}
