import { useState, type ReactNode } from 'react';
import { Segments } from '../../../controls/Segments';
import { DotGlyph, NeighbourGlyph, QueryGlyph, SelectedGlyph } from '../glyphs';
import type { LookProps, LookView } from '../looks';
import stage from '../stage.module.css';
import { count, measure, percent, plural } from '../words';
import { Dots } from './Dots';
import { Energy } from './Energy';
import { Heat } from './Heat';
import { layoutOf } from './layout';
import { Lengths } from './Lengths';
import { keepsUnits, momentOf } from './moment';
import type { Frame, Look, Moment } from './moment';
import { gradientOf, mostOf } from './shades';
import { captionOf, chainSteps, lossName, roundSteps } from './story';
import style from './transforms.module.css';

type Props = LookProps<Look>;

const tabs = [{ value: 'matrices', text: 'Covariance' }, { value: 'dots', text: 'Dots' }] as const;

/** What one map of the chain does: covariance and variance before and after it, and a few vectors on their way between. */
function Picture(props: Props) {
  const { look, lit, iteration, width, height } = props, moment = momentOf(look, lit, iteration), layout = layoutOf(width, height);
  const [tab, setTab] = useState<(typeof tabs)[number]['value']>('matrices');
  if (!moment) return null;
  const dots = <Dots look={look} moment={moment} title={dotsTitle(moment)} side={layout.dots} search={iteration === null ? props.search : null} selected={props.selected} onSelect={props.onSelect} onPick={props.onPick} palette={props.palette} hues={props.hues} />;
  const matrices = <Matrices moment={moment} look={look} palette={props.palette} {...layout} />;
  return (
    <div className={style.picture} data-narrow={layout.narrow} data-picture>
      {layout.narrow && <div className={style.tabs}><Segments label="Shown" options={tabs} value={tab} onChange={setTab} /></div>}
      {layout.narrow ? (tab === 'dots' ? dots : matrices) : <>{matrices}{dots}</>}
    </div>
  );
}

/** The shade and the bars of both sides have one scale where lengths mean the same, and one would not leave the other side blank. */
function Matrices({ look, moment, palette, side, energy }: Pick<Props, 'look' | 'palette'> & { moment: Moment; side: number; energy: number }) {
  const { map, before, after, shown, round } = moment, spectrum = round === null ? map.spectrum : null;
  const barsOf = (frame: Frame) => (frame === shown && spectrum && !map.whitens ? spectrum : frame.energies);
  const scale = (of: (frame: Frame) => number, frame: Frame) => (sharesScale(moment, of) ? Math.max(of(before), of(shown)) : of(frame));
  return (
    <div className={style.columns}>
      {[before, shown].map((frame, i) => (
        <div key={i} className={style.column}>
          <Heat title={i === 0 ? beforeTitle(look, moment) : afterTitle(moment)} frame={frame} most={scale(({ covariance }) => mostOf(covariance.values), frame)} side={side} palette={palette} />
          {map.kind === 'L2norm' ? <Lengths space={i === 0 ? before : after} width={side} height={energy} /> : <Energy frame={frame} spectrum={i === 1 && !map.whitens ? spectrum : null} most={sameBars(before, shown, spectrum) ? scale((f) => mostOf(barsOf(f)), frame) : mostOf(barsOf(frame))} width={side} height={energy} />}
        </div>
      ))}
    </div>
  );
}

function sharesScale({ map, before, shown }: Moment, of: (frame: Frame) => number): boolean {
  const [a, b] = [of(before), of(shown)];
  return keepsUnits(map) && Math.max(a, b) <= MOST_RATIO * Math.min(a, b);
}
const MOST_RATIO = 4;

/** Bars of parts and bars of components are not of one kind. */
const sameBars = (before: Frame, shown: Frame, spectrum: Float32Array | null) => (before.parts < before.d) === (shown.parts < shown.d && !spectrum);

const beforeTitle = ({ maps }: Look, { at, before }: Moment) => `${at === 0 ? 'Before' : `After ${maps[at - 1]?.name ?? ''}`}, d = ${count(before.d)}`;
const afterTitle = ({ map, shown, round, drawn }: Moment) =>
  `${round === null ? `After ${map.name}` : drawn === -1 ? `${map.name}, at the start` : `${map.name}, round ${count((drawn ?? 0) + 1)}`}, d = ${count(shown.d)}`;
const dotsTitle = ({ map, shown, t, round }: Moment) => `Components 1 and 2${t === 1 && shown.parts < shown.d && shown.d / shown.parts > 1 ? ', of part 1' : ''}${round !== null || t === 1 ? '' : t === 0 ? `, before ${map.name}` : `, ${percent(t)} of the way`}`;

function Legend({ look, lit, iteration, palette, selected, search }: Props) {
  const moment = momentOf(look, lit, iteration);
  if (!moment) return <ul className={stage.legend}><li>&nbsp;</li></ul>;
  const { before, shown, map } = moment, [a, b] = [mostOf(before.covariance.values), mostOf(shown.covariance.values)];
  const most = sharesScale(moment, ({ covariance }) => mostOf(covariance.values)) ? measure(Math.max(a, b)) : `${measure(a)} and ${measure(b)}`, per = Math.max(before.covariance.per, shown.covariance.per);
  return (
    <ul className={stage.legend}>
      <li>covariance −<span className={style.scale} style={{ background: gradientOf(palette) }} />+ to {most}{per > 1 ? `, the largest of ${count(per)} × ${count(per)} a square` : ''}</li>
      <li>{map.kind === 'L2norm' ? 'bars: how many vectors are how long' : shown.parts < shown.d ? 'bars: variance of a part; dark: for its codes to cover; dashed: mean' : 'bars: variance; dashed: mean'}</li>
      <li><Glyph><DotGlyph kind={look.lists ? 'list' : 'neutral'} /></Glyph>{plural(look.ids.length, 'vector')}{look.lists ? ', hue of the list' : ''}</li>
      <li><Glyph><QueryGlyph r={8} /></Glyph>query</li>
      {search && iteration === null && <><li><Glyph><NeighbourGlyph kind="found" /></Glyph>true, returned</li><li><Glyph><NeighbourGlyph kind="missed" /></Glyph>true, missed</li><li><Glyph><NeighbourGlyph kind="returned" /></Glyph>returned, not true</li></>}
      {selected !== null && <li><Glyph><SelectedGlyph r={8} /></Glyph>looked at</li>}
    </ul>
  );
}

const Glyph = ({ children }: { children: ReactNode }) => <svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">{children}</svg>;

function tracks(look: Look) {
  const rounds = roundSteps(look);
  return {
    training: rounds.length ? { title: 'Rounds', valueName: lossName(look), steps: rounds } : null,
    search: { title: 'Chain', valueName: 'spread of the dots', steps: chainSteps(look) },
  };
}

export const transformsView: LookView<Look> = { Picture, caption: ({ look, lit, iteration }) => captionOf(look, lit, iteration), Legend, tracks };
