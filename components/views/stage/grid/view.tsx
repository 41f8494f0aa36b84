import { useMemo, useState } from 'react';
import type { LookProps, LookView } from '../looks';
import { GridLegend } from './Legend';
import style from './grid.module.css';
import { Halves } from './Halves';
import { Heap } from './Heap';
import { Lattice } from './Lattice';
import { arrange, cornerOf, fitCells, truthsOf, waitingAt, type Look } from './layout';
import { Matrix } from './Matrix';
import { captionOf, linesOf, walkSteps } from './story';
import { Whole } from './Whole';

const [room, pad, narrow] = [56, 12, 620];

/** The square of lists; beside it all of it small and the heap or, in two dimensions, the lattice it stands for. */
function Picture({ look, search, lit, selected, hoverList, onHoverList, palette, width, height }: LookProps<Look>) {
  const { arranged, corner } = useMemo(() => { const own = arrange(look); return { arranged: own, corner: cornerOf(look, own) }; }, [look]);
  const shown = Math.min(lit ?? look.walk.lists.length, look.walk.lists.length);
  const taken = useMemo(() => look.walk.lists.subarray(0, shown), [look, shown]), waiting = useMemo(() => waitingAt(look, shown), [look, shown]);
  const truths = useMemo(() => truthsOf(search?.truth ?? []), [search]);
  const [flat, setFlat] = useState(false), { plane } = look, small = width < narrow;
  const half = small ? width - room - (plane ? 104 : 0) : (width - room) / (plane ? 2 : 1.5), side = Math.max(96, Math.min(height - room - pad, width - room - pad, half)), { block, pixels } = fitCells(Math.max(corner.rows, corner.columns), side);
  const wide = Math.ceil(corner.columns / block) * pixels, left = room + wide + 24, aside = width - left - pad, described = (list: number) => linesOf(look, arranged, search, list);
  const cut = corner.rows < look.ksub[0] || corner.columns < look.ksub[1], apart = aside > 500, overview = !cut ? 0 : apart ? Math.min(height - 3 * pad - 20, aside - 250) : Math.min(aside, (height - pad) * 0.45);
  const lattice = plane && ((w: number) => <Lattice {...{ look, plane, palette, search, taken, selected, hoverList, onHoverList }} width={w} height={height - 2} />);
  return (
    <div className={style.grid}>
      {small && plane && <button type="button" className={style.turn} aria-pressed={flat} onClick={() => setFlat(!flat)}>{flat ? 'Square' : 'In the plane'}</button>}
      {small && flat && lattice ? lattice(width - 2) : (
        <>
          <svg className={style.sides} width={room + wide} height={height} aria-hidden="true"><g transform={`translate(${room} ${room})`}><Halves look={look} corner={corner} scale={pixels / block} room={room} /></g></svg>
          <div className={style.place} style={{ left: room, top: room }}><Matrix {...{ look, arranged, palette, corner, taken, waiting, truths, side, hoverList, onHoverList }} describe={described} /></div>
          {!small && lattice && <div className={style.place} style={{ left, top: 0 }}>{lattice(width - left - 2)}</div>}
          {!small && !lattice && aside > 150 && (
            <div className={style.aside} data-apart={apart} style={{ left, width: aside, height: height - pad }}>
              {cut && <Whole {...{ look, arranged, palette, corner, taken, truths, hoverList }} side={overview} />}
              <Heap {...{ look, arranged, waiting, taken, hoverList, onHoverList }} lines={Math.floor((height - (apart ? 0 : overview) - 110) / 20)} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

export const gridView: LookView<Look> = {
  Picture,
  caption: ({ look, search, lit }) => captionOf(look, search, lit, cornerOf(look, arrange(look))),
  Legend: GridLegend,
  tracks: (look, search) => ({ training: null, search: { title: 'Cells', valueName: 'true neighbours covered', steps: walkSteps(look, arrange(look), search) } }),
};
