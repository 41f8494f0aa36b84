import { scaleLinear } from 'd3';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { Bars } from './Bars';
import { useWidth } from './hooks';
import { Overview } from './Overview';
import { PanelCover } from './PanelCover';
import type { ListStripProps } from './props';
import { barWidth, makeBars, type Bar } from './stripLayout';
import style from './strip.module.css';
import theme from './theme.module.css';
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

function Filled({ bars, width, height, index, search, hoverList, onHoverList }: FilledProps) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [left, setLeft] = useState(0);
  const { each, scrolls } = barWidth(width, bars.length);
  const y = useMemo(() => scaleLinear([0, Math.max(1, ...bars.map(({ size }) => size))], [0, height]), [bars, height]);
  const longest = y.domain()[1] ?? 0;
  const hovered = bars.find(({ list }) => list === hoverList);
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const to = bars[Math.min(bars.length - 1, Math.max(0, (hovered?.rank ?? 0) - 1 + by))];
    if (!to) return;
    onHoverList(to.list);
    scroller?.scrollTo({ left: Math.min(Math.max(scroller.scrollLeft, to.rank * each - width), (to.rank - 1) * each) });
  };
  return (
    <>
      <span className={style.most}>{plural(longest, 'vector')}</span>
      <div
        ref={setScroller} className={style.scroller} data-picture tabIndex={0} role="application" aria-label="Lists by distance to the query" onKeyDown={walk}
        onScroll={(event) => setLeft(event.currentTarget.scrollLeft)} onPointerLeave={() => onHoverList(null)}
      >
        <Bars {...{ bars, each, y, height, hoverList, onHoverList }} from={Math.floor(left / each)} to={Math.ceil((left + width) / each)} />
      </div>
      <Overview bars={bars} width={width} y={y} from={left / each} shown={width / each} show={scrolls} onFrom={(rank) => scroller?.scrollTo({ left: rank * each })} />
      <figcaption className={style.caption}>{captionOf(bars, search?.truth.length ?? 0, index)}</figcaption>
      <p className={style.hovered} role="status">{hovered ? describe(hovered) : ''}</p>
    </>
  );
}

function describe({ list, rank, distance, size, probed, found, missed }: Bar): string {
  const truths = found + missed === 0 ? [] : [`${plural(found + missed, 'true neighbour')}, ${found} returned`];
  return [`List ${list}`, `${nthNearest(rank)}, at distance ${measure(distance)}`, plural(size, 'vector'), probed ? 'probed' : 'not probed', ...truths].join(' · ');
}

function captionOf(bars: Bar[], k: number, index: ListStripProps['index']): string {
  const probed = bars.filter((bar) => bar.probed);
  const covered = probed.reduce((sum, { found, missed }) => sum + found + missed, 0);
  const scanned = probed.reduce((sum, { size }) => sum + size, 0);
  const balance = index?.ivf ? ` Imbalance factor ${measure(index.ivf.imbalance)} (1 where all lists are equally long${index.ivf.emptyLists ? `; ${plural(index.ivf.emptyLists, 'list')} empty` : ''}).` : '';
  return `Lists by distance to the query, bars as high as lists are long: ${count(probed.length)} of ${count(bars.length)} probed, ${plural(scanned, 'vector')}, ${covered} of ${plural(k, 'true neighbour')}.${balance}`;
}
