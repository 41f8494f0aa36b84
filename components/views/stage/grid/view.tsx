import { useMemo, useState, type ReactNode } from 'react';
import type { LookProps, LookView } from '../looks';
import { GridLegend } from './Legend';
import style from './grid.module.css';
import { Distortions } from './Distortions';
import { Halves } from './Halves';
import { Lattice } from './Lattice';
import { arrange, cornerOf, fitCells, listCount, nextOf, pairOf, pairSymbols, truthsOf, waitingAt, type Look } from './layout';
import { Levels } from './Levels';
import { Matrix } from './Matrix';
import { during, roundCaption, roundSteps, stateOf } from './rounds';
import { captionOf, linesOf, walkSteps } from './story';
import { Sums } from './Sums';
import { Whole } from './Whole';

type Props = LookProps<Look>;

const [room, pad, narrow] = [56, 12, 620];

/** What is drawn now: the finished index, or a state of its training. */
function sceneOf(look: Look, iteration: number | null) {
  const arranged = arrange(look), corner = cornerOf(look, arranged), state = iteration === null || !look.training ? null : stateOf(look.training, iteration);
  if (iteration !== null && look.books) return { look: { ...look, walk: null, selected: null }, arranged, corner: { rows: arranged.rows, columns: arranged.columns } };
  return state ? { ...during(look, arranged, state), corner: { rows: arranged.rows, columns: arranged.columns } } : { look, arranged, corner };
}

/** The square of lists; beside it all of it small and the sums in order, the codebooks after the second, or, in two dimensions, the lattice
 *  it stands for. Lists of a single symbol stand in a row. During training all of the square, and what each part or codebook leaves. */
function Picture(props: Props) {
  const { iteration, width, height } = props, whole = props.look, search = iteration === null ? props.search : null;
  const { look, arranged, corner } = useMemo(() => sceneOf(whole, iteration), [whole, iteration]);
  const shown = look.walk ? Math.min(props.lit ?? look.walk.lists.length, look.walk.lists.length) : 0;
  const taken = useMemo(() => look.walk?.lists.subarray(0, shown) ?? new Int32Array(0), [look, shown]), nearest = useMemo(() => nearestPath(look), [look]);
  const [chosen, setChosen] = useState<number[] | null>(null), path = chosen?.every((symbol, m) => symbol < (look.ksub[m] ?? 0)) ? [...chosen, ...nearestPath(look, chosen).slice(chosen.length)] : nearest;
  const levels = (from: number, w: number, h: number) => <Levels {...{ look, arranged, search, taken, path, from }} onPath={setChosen} width={w} height={h} />;
  if (look.ksub.length === 1) return <div className={style.grid}><div className={style.place} style={{ left: pad, top: pad }}>{levels(0, width - 2 * pad - 2, height - 2 * pad)}</div></div>;
  return <Square {...props} {...{ look, arranged, corner, taken, path, search, shown, levels }} onPath={setChosen} />;
}

/** The greedy choice: of each level the symbol nearest to the query after those before. */
function nearestPath(look: Look, start: number[] = []): number[] {
  return look.ksub.slice(start.length).reduce((path) => { const next = nextOf(look, path); return [...path, next.indexOf(next.reduce((a, b) => Math.min(a, b), Infinity))]; }, start);
}

type SquareProps = Props & ReturnType<typeof sceneOf> & {
  taken: Int32Array; path: number[]; onPath: (path: number[]) => void; shown: number; levels: (from: number, width: number, height: number) => ReactNode;
};

function Square(props: SquareProps) {
  const { look, arranged, corner, taken, path, onPath, search, shown, levels, palette, width, height, selected, iteration } = props, learnt = iteration === null ? null : look.books?.errors.map((left) => ({ distortion: [left] })) ?? look.training?.iterations ?? null, deep = look.ksub.length > 2;
  const { hover, onHover } = useHover(props, deep), [flat, setFlat] = useState(false), { plane } = look, small = width < narrow;
  const waiting = useMemo(() => (look.by === 'parts' ? waitingAt(look, shown) : look.walk?.beams[1] ?? new Int32Array(0)), [look, shown]);
  const pairs = useMemo(() => taken.map((list) => pairOf(look, list)), [look, taken]), truths = useMemo(() => truthsOf(search?.truth ?? [], (list) => pairOf(look, list)), [look, search]);
  const { side, scale, left, aside, cut, apart, overview } = measured(props, small, Boolean(plane)), describe = (pair: number) => linesOf(look, arranged, search, pair);
  const lattice = plane && ((w: number) => <Lattice {...{ look, plane, palette, search, taken, selected }} hoverList={hover} onHoverList={onHover} width={w} height={height - 2} />);
  const turned = lattice ? ['Square', 'In the plane'] : deep ? ['Square', 'Next codebook'] : null, row = hover === null ? 0 : arranged.cellOf(hover).row;
  const matrix = { arranged, palette, corner, taken: pairs, waiting, truths, side, hover, onHover, describe, stairs: look.walk !== null && look.by === 'parts', chosen: look.selected === null ? null : pairOf(look, look.selected) };
  const lines = Math.floor((height - (apart ? 0 : overview) - 110) / 20), sums = <Sums {...{ look, arranged, waiting, taken, lines, hover, onHover }} columns={aside - (cut ? overview + 16 : 0) > 500 ? 2 : 1} />;
  if (small && turned && flat) return <div className={style.grid}><Turn names={turned} flat={flat} onTurn={setFlat} />{lattice ? lattice(width - 2) : <div className={style.place} style={{ left: pad, top: 48 }}>{levels(2, width - 2 * pad - 2, height - 60)}</div>}</div>;
  return (
    <div className={style.grid}>
      {small && turned && <Turn names={turned} flat={flat} onTurn={setFlat} />}
      <svg className={style.sides} width={left} height={height} aria-hidden="true"><g transform={`translate(${room} ${room})`}><Halves {...{ look, arranged, corner, scale, room }} row={look.by === 'codebooks' ? row : 0} /></g></svg>
      <div className={style.place} style={{ left: room, top: room }}><Matrix {...matrix} open={deep && !learnt ? (path[0] ?? 0) + (path[1] ?? 0) * arranged.rows : null} onOpen={deep ? (pair) => onPath(pairSymbols(look, pair)) : undefined} /></div>
      {!small && lattice && <div className={style.place} style={{ left, top: 0 }}>{lattice(width - left - 2)}</div>}
      {!small && !lattice && aside > 150 && (
        <div className={style.aside} data-apart={apart} style={{ left, width: aside, height: height - pad }}>
          {learnt ? null : deep ? levels(2, apart ? aside - 256 : aside, height - 2 * pad) : cut && <Whole {...matrix} side={overview} />}
          {learnt ? <Distortions iterations={learnt} by={look.books ? 'codebook' : 'iteration'} iteration={iteration ?? 0} width={Math.min(360, aside - 16)} height={Math.min(220, height - 2 * pad)} /> : (apart || !deep) && sums}
        </div>
      )}
    </div>
  );
}

/** The cell pointed at: with other views where it is a list, else of this square alone. */
function useHover({ look, hoverList, onHoverList }: Pick<SquareProps, 'look' | 'hoverList' | 'onHoverList'>, deep: boolean) {
  const [own, setOwn] = useState<number | null>(null);
  if (look.walk && !deep) return { hover: hoverList !== null && hoverList < listCount(look) ? hoverList : null, onHover: onHoverList };
  return { hover: own ?? (look.walk && hoverList !== null ? pairOf(look, hoverList) : null), onHover: setOwn };
}

/** Where things stand. */
function measured({ look, corner, width, height }: SquareProps, small: boolean, plane: boolean) {
  const half = small ? width - room - (plane || look.ksub.length > 2 ? 104 : 0) : (width - room) / (plane ? 2 : 1.5), side = Math.max(96, Math.min(height - room - pad, width - room - pad, half));
  const { block, pixels } = fitCells(Math.max(corner.rows, corner.columns), side), wide = Math.ceil(corner.columns / block) * pixels, left = room + wide + 24, aside = width - left - pad;
  const [rows = 1, columns = 1] = look.ksub, cut = corner.rows < rows || corner.columns < columns, apart = aside > 500;
  const overview = !cut ? 0 : apart ? Math.min(height - 3 * pad - 20, aside - 250) : Math.min(aside, (height - pad) * 0.45);
  return { side, scale: pixels / block, left, aside, cut, apart, overview };
}

const Turn = ({ names, flat, onTurn }: { names: string[]; flat: boolean; onTurn: (flat: boolean) => void }) =>
  <button type="button" className={style.turn} aria-pressed={flat} onClick={() => onTurn(!flat)}>{names[flat ? 0 : 1]}</button>;

export const gridView: LookView<Look> = {
  Picture,
  caption: ({ look, search, lit, iteration }) => {
    const { corner, look: now } = sceneOf(look, iteration);
    return iteration === null ? captionOf(look, search, lit, corner) : roundCaption(now, iteration);
  },
  Legend: GridLegend,
  tracks: (look, search) => {
    const steps = walkSteps(look, arrange(look), search), rounds = roundSteps(look);
    return {
      training: rounds.length ? { title: look.books ? 'Codebooks' : 'Iterations', valueName: look.books ? 'mean squared distance that is left' : 'mean squared distance to the centroids', steps: rounds } : null,
      search: look.walk ? { title: 'Cells', valueName: 'true neighbours covered', steps } : null,
    };
  },
};
