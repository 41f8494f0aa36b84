import { scaleLinear } from 'd3';
import { useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import { Bars } from './Bars';
import { useWidth } from './hooks';
import { apart } from './neighbours';
import { Overview } from './Overview';
import { PanelCover } from './PanelCover';
import type { ListStripProps } from './props';
import { barWidth, listsPerLine, makeBars, type Bar } from './stripLayout';
import style from './strip.module.css';
import theme from './theme.module.css';
import { listName } from './tips';
import { count, measure, nthNearest, plural } from './words';

/** Every list, by the true distance of its centroid to the query: no projection, exact in any dimension. The share
 *  of true neighbours left of a rank is recall as a function of nprobe. */
export function ListStrip(props: ListStripProps) {
  const { state, search, lit, height = 96 } = props;
  const [box, setBox] = useState<HTMLElement | null>(null);
  const width = useWidth(box);
  const bars = useMemo(() => (search ? makeBars(search, lit) : []), [search, lit]);
  return (
    <figure ref={setBox} className={`${theme.colours} ${style.strip}`}>
      <PanelCover state={state}>
        {width > 0 && bars.length ? <Filled {...props} bars={bars} width={width} height={height} /> : <div style={{ height: height + stripRoom }} />}
      </PanelCover>
    </figure>
  );
}

/** Above and below the bars: neighbours, ticks, overview, caption. */
const stripRoom = 136;

type FilledProps = ListStripProps & { bars: Bar[]; width: number; height: number };

function Filled({ bars, width, height, index, search, hoverList, onHoverList, curve = null }: FilledProps) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [left, setLeft] = useState(0);
  const { each, scrolls } = barWidth(width, bars.length);
  const y = useMemo(() => scaleLinear([0, bars.reduce((most, { size }) => Math.max(most, size), 1)], [0, height]), [bars, height]);
  const longest = y.domain()[1] ?? 0;
  const hovered = bars.find(({ list }) => list === hoverList);
  const rank = hovered?.rank ?? 0, page = Math.max(1, Math.floor(width / each));
  useEffect(() => {
    // pointed at in another view, or reached by keys: into sight
    if (rank && scroller) scroller.scrollTo({ left: Math.min(Math.max(scroller.scrollLeft, rank * each - width), (rank - 1) * each) });
  }, [scroller, rank, each, width]);
  const walk = (event: KeyboardEvent) => {
    const to = rankBy(event.key, rank, page, bars.length), bar = to === null ? undefined : bars[to - 1];
    if (event.key === 'Escape') onHoverList(null);
    if (!bar) return;
    event.preventDefault();
    onHoverList(bar.list);
  };
  return (
    <>
      <span className={style.most} style={{ left: Math.min(width, bars.length * each) }}>{plural(longest, 'vector')}</span>
      <div
        ref={setScroller} className={style.scroller} data-picture tabIndex={0} role="application" aria-label={`Lists by ${apart(index?.metric ?? 'L2')} to the query; arrow keys, Page Up and Page Down, Home and End walk through them`} onKeyDown={walk}
        onScroll={(event) => setLeft(event.currentTarget.scrollLeft)} onPointerLeave={() => onHoverList(null)}
      >
        <Bars {...{ bars, each, y, height, hoverList, onHoverList }} from={Math.floor(left / each)} to={Math.ceil((left + width) / each)} />
      </div>
      <Overview bars={bars} width={width} y={y} from={left / each} shown={width / each} hovered={hovered?.rank ?? null} show={scrolls} onFrom={(rank) => scroller?.scrollTo({ left: rank * each })} />
      <figcaption className={style.caption}>{captionOf(bars, search?.truth.length ?? 0, index)}{scrolls ? binned(bars.length, width) : ''}</figcaption>
      <p className={style.hovered} role="status">{hovered ? describe(hovered, index) + recallAt(curve, hovered.rank) : ''}</p>
    </>
  );
}

/** Where a key leads from a rank; 0 stands before the first bar. */
function rankBy(key: string, rank: number, page: number, last: number): number | null {
  const to = { ArrowRight: rank + 1, ArrowLeft: rank - 1, PageDown: rank + page, PageUp: rank - page, Home: 1, End: last }[key];
  return to === undefined ? null : Math.min(last, Math.max(1, to));
}

/** Recall of the query set where the lists up to this rank are probed, as far as it was measured. */
function recallAt(curve: ListStripProps['curve'], rank: number): string {
  if (!curve) return '';
  const at = curve.points.filter(({ value }) => value <= rank).at(-1), beyond = rank > (curve.points.at(-1)?.value ?? 0);
  return at && !beyond ? ` · ${curve.name} ${at.recall.toFixed(3)} over the query set at nprobe ${count(at.value)}` : '';
}

/** Of the small picture of all lists below the bars. */
function binned(nlist: number, width: number): string {
  const per = listsPerLine(nlist, width);
  return per === 1 ? ' Below, all of them.' : ` Below, all of them: each line is ${per} lists, as high as the longest.`;
}

function describe({ list, rank, distance, size, probed, found, missed }: Bar, index: ListStripProps['index']): string {
  const truths = found + missed === 0 ? [] : [`${plural(found + missed, 'true neighbour')}, ${found} returned`];
  return [listName(list, index), `${nthNearest(rank)}, ${apart(index?.metric ?? 'L2')} ${measure(distance)}`, plural(size, 'vector'), probed ? 'probed' : 'not probed', ...truths].join(' · ');
}

function captionOf(bars: Bar[], k: number, index: ListStripProps['index']): string {
  const probed = bars.filter((bar) => bar.probed);
  const covered = probed.reduce((sum, { found, missed }) => sum + found + missed, 0);
  const scanned = probed.reduce((sum, { size }) => sum + size, 0);
  const balance = index?.ivf ? ` Imbalance factor ${measure(index.ivf.imbalance)} (1 where all lists are equally long${index.ivf.emptyLists ? `; ${plural(index.ivf.emptyLists, 'list')} empty` : ''}).` : '';
  return `Lists by ${apart(index?.metric ?? 'L2')} to the query, bars as high as lists are long: ${count(probed.length)} of ${count(bars.length)} probed, ${plural(scanned, 'vector')}, ${covered} of ${plural(k, 'true neighbour')}.${balance}`;
}
