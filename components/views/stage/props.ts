import type { IndexInfo, Label, NearAnswer, PlaneAnswer, Progress, SearchAnswer, SliceAnswer, Window2 } from '@/workers/protocol';

/** What Stage, Timeline and ListStrip take. All three are functions of these props; what they keep to themselves is
 *  only where the visitor looks (zoom), what the pointer is over, and a tween that is under way.
 *
 *  Plane: x to the right, y upwards. Row 0 of a slice lies at `window.y0` (its lowest y), column 0 at `window.x0`;
 *  the Stage turns it over when it paints. */

export type View = 'map' | 'cells';

/** The states of a panel. Nothing changes size between them. */
export type PanelState =
  | { kind: 'ready' }
  /** Nothing to show yet; the hint says what to do. */
  | { kind: 'empty'; hint: string }
  /** Asked, not answered. */
  | { kind: 'waiting' }
  | { kind: 'working'; progress: Progress; onCancel?: () => void }
  /** The string changed since: what is shown is dimmed. */
  | { kind: 'stale'; hint: string; action?: Action }
  | { kind: 'wrong'; message: string; action?: Action };
export type Action = { label: string; run: () => void };

/** What the pointer or the keyboard is on. `list` is −1 where there are no lists. */
export type Hover =
  | { kind: 'dot'; id: number; list: number }
  | { kind: 'cell'; list: number };

export type StageProps = {
  view: View;
  state: PanelState;
  index: IndexInfo | null;
  plane: PlaneAnswer | null;
  /** The latest slice, of any window of this plane: shown stretched to its own window until a better one comes. */
  slice: SliceAnswer | null;
  /** Null while training is shown or nothing was searched. */
  search: SearchAnswer | null;
  /** How many of `search.probed` are lit, for a replay; null lights them all. */
  lit: number | null;
  /** The k-means state shown: an index into `plane.history`; null shows the finished centroids and the search.
   *  When it changes the centroids glide there; the slice of that iteration is asked for through `onWindow`. */
  iteration: number | null;
  /** The list the pointer is on, here or in another view. */
  hoverList: number | null;
  onHoverList: (list: number | null) => void;
  /** Short text or picture of a base vector, if the page knows it. Hits and true neighbours bring their own. */
  labelOf?: (id: number) => Label | null;
  /** While the query is dragged (done false) and once when it is let go (done true), in plane coordinates.
   *  Left out: the query cannot be moved on this plane. */
  onQueryMove?: (x: number, y: number, done: boolean) => void;
  /** A dot was chosen as the query. */
  onPick?: (id: number) => void;
  /** Base vector looked at closely, the same in every view, and its true neighbours: they are tied to it by lines. */
  selected?: number | null;
  near?: NearAnswer | null;
  /** A dot was clicked, or a place without one. Left out: a click takes the dot as the query. */
  onSelect?: (id: number | null) => void;
  onHover?: (hover: Hover | null) => void;
  /** The visitor looks at another window, the Stage changed its size, or `iteration` changed: answer with a slice of
   *  `window`, `widthPx` × `heightPx`. Called only where an index with lists is there, in the cells view and, while training
   *  is shown, on the map: the slice of an iteration brings the lists of the dots. */
  onWindow?: (window: Window2, widthPx: number, heightPx: number, iteration: number | null) => void;
  /** The text below the picture is made here unless the page has something better to say. */
  caption?: string;
  /** Height of the picture in CSS pixels (its width is its container's). Default 520. */
  height?: number;
};

/** One state of a timeline. Made by `trainingSteps(index)` and `searchSteps(search)` in steps.ts. */
export type Step = {
  /** What happened, with this step's numbers. */
  sentence: string;
  /** Drawn as a small curve beside the transport; null leaves a gap. */
  value: number | null;
  /** A coarse replay stops here too, besides the first step and the last. */
  main?: boolean;
};

export type TimelineProps = {
  /** Names the transport for screen readers and stands before it: "Training", "Search". */
  title: string;
  steps: Step[];
  /** 0 … steps.length − 1 */
  step: number;
  onStep: (step: number) => void;
  /** What `Step.value` is, with its unit: "mean squared distance". */
  valueName?: string;
  /** Steps a second at speed 1. Default 4. */
  rate?: number;
  /** Also listen for space, ←, →, Home and End on the page, not only inside the transport. Default false. */
  global?: boolean;
  disabled?: boolean;
};

export type ListStripProps = {
  state: PanelState;
  index: IndexInfo | null;
  /** `search.listOrder` holds the lists by distance to the query; nothing is drawn without it. */
  search: SearchAnswer | null;
  /** As in Stage. */
  lit: number | null;
  hoverList: number | null;
  onHoverList: (list: number | null) => void;
  /** Recall of the query set over nprobe, which is what the strip shows of one query; null while it is not measured. */
  curve?: { name: string; points: { value: number; recall: number }[] } | null;
  /** Height of the bars' area in CSS pixels. Default 96. */
  height?: number;
};

/** How the page mounts them:
 *
 *    const steps = useMemo(() => trainingSteps(index), [index]);            // or searchSteps(search)
 *    <Stage view="cells" … iteration={training ? step : null} lit={replaying ? step : null} />
 *    <Timeline title="Training" steps={steps} step={step} onStep={setStep} valueName="mean squared distance" />
 *    <ListStrip index={index} search={search} lit={replaying ? step : null} hoverList={hoverList} onHoverList={setHoverList} … />
 *
 *  Training: step i is `plane.history[i]`. Search: step 0 is the query alone, step j has j lists lit.
 *
 *  CSS variables read: --query --probed --scanned --found --missed --returned --untouched, and for the ground
 *  --bg --panel --ink --ink-2 --line, on an ancestor carrying data-theme. The ten list hues are the stage's own. */
