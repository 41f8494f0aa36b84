import { useMemo, useState } from 'react';
import { ListStrip } from '@/components/views/stage/ListStrip';
import type { PanelState, View } from '@/components/views/stage/props';
import { Stage } from '@/components/views/stage/Stage';
import { objectiveName, searchSteps, trainingSteps } from '@/components/views/stage/steps';
import { Timeline } from '@/components/views/stage/Timeline';
import type { QueryRef, SliceAnswer } from '@/workers/protocol';
import { basisOf, labelOf, lift, makeWorld, nearOf, planeOf, searchOf, sliceOf, vectorAt, type Recipe, type World } from './fixtures';
import style from './gallery.module.css';

/** Each example is a small page around the views: it holds what a visitor would change and answers from a fixture. */

const flat: Recipe = { n: 1500, d: 2, nlist: 32, seed: 7 };
const deep: Recipe = { n: 3000, d: 16, nlist: 48, seed: 11 };
const many: Recipe = { n: 6000, d: 8, nlist: 400, seed: 5, iterations: 3 };

const ready: PanelState = { kind: 'ready' };
const worlds = new Map<Recipe, World>();
function worldOf(recipe: Recipe): World {
  const world = worlds.get(recipe) ?? makeWorld(recipe);
  worlds.set(recipe, world);
  return world;
}

/** Plane, slice and search of one world around held-out query 0, which is the mean of two vectors. */
function useWorld(recipe: Recipe, first: number | null = null) {
  const world = worldOf(recipe);
  const start = useMemo(() => vectorAt(world, 1).map((x, j) => (x + (vectorAt(world, 4)[j] ?? 0)) / 2), [world]);
  const basis = useMemo(() => basisOf(world, start), [world, start]);
  const plane = useMemo(() => planeOf(world, basis, start), [world, basis, start]);
  const [nprobe, setNprobe] = useState(4);
  const [ref, setRef] = useState<QueryRef>({ kind: 'heldOut', index: 0 });
  const [slice, setSlice] = useState<SliceAnswer | null>(null);
  const [hoverList, onHoverList] = useState<number | null>(null);
  const query = useMemo(() => (ref.kind === 'plane' ? lift(basis, ref.x, ref.y) : ref.kind === 'base' ? vectorAt(world, ref.id) : start), [ref, basis, world, start]);
  const search = useMemo(() => searchOf(world, query, ref, nprobe), [world, query, ref, nprobe]);
  const [selected, onSelect] = useState(first);
  const near = useMemo(() => (selected === null ? null : nearOf(world, selected)), [world, selected]);
  const stage = {
    selected, near, onSelect,
    state: ready, index: world.index, plane, slice, search, lit: null, iteration: null, hoverList, onHoverList, labelOf,
    onQueryMove: (x: number, y: number) => setRef({ kind: 'plane', index: 0, x, y }),
    onPick: (id: number) => setRef({ kind: 'base', id }),
    onWindow: (window: SliceAnswer['window'], width: number, height: number, iteration: number | null) => setSlice(sliceOf(world, basis, window, width, height, iteration)),
  };
  return { world, plane, search, stage, nprobe, setNprobe };
}

function Searching({ recipe, view, selected }: { recipe: Recipe; view: View; selected?: number }) {
  const { world, search, stage, nprobe, setNprobe } = useWorld(recipe, selected);
  const steps = useMemo(() => searchSteps(search, world.n), [search, world]);
  const [step, setStep] = useState<number | null>(null);
  const last = steps.length - 1;
  const shown = Math.min(step ?? last, last);
  const lit = shown === last ? null : shown;
  return (
    <>
      <Stage {...stage} view={view} lit={lit} />
      <div className={style.controls}>
        <label>nprobe <input type="range" min={1} max={16} value={nprobe} onChange={(event) => { setNprobe(event.target.valueAsNumber); setStep(null); }} /> {nprobe}</label>
      </div>
      <Timeline title="Search" steps={steps} step={shown} onStep={setStep} valueName="true neighbours in the probed lists" />
      <ListStrip state={ready} index={world.index} search={search} lit={lit} hoverList={stage.hoverList} onHoverList={stage.onHoverList} />
    </>
  );
}

export const CellsExample = () => <Searching recipe={flat} view="cells" />;
export const SliceExample = () => <Searching recipe={deep} view="cells" />;
export const MapExample = () => <Searching recipe={flat} view="map" />;
/** Off the plane: what is near there need not be near here. */
export const SelectedExample = () => <Searching recipe={deep} view="map" selected={40} />;

export function TrainingExample() {
  const { world, plane, stage } = useWorld(flat);
  const [step, setStep] = useState(2);
  const steps = useMemo(() => trainingSteps(world.index, plane), [world, plane]);
  return (
    <>
      <Stage {...stage} view="cells" search={null} iteration={step} />
      <Timeline title="Training" steps={steps} step={step} onStep={setStep} valueName={objectiveName(world.index.metric)} />
    </>
  );
}

/** The search is that of a flat index: everything is scanned, nothing is missed. */
export function NoListsExample() {
  const { world, plane, search, stage } = useWorld(deep);
  const all = useMemo(() => ({ ...searchOf(world, search.query.vector, search.query.ref, world.nlist), listOrder: null, probed: new Int32Array(), scanned: new Int32Array() }), [world, search]);
  const noLists = useMemo(() => ({ ...plane, lists: plane.lists.map(() => -1), centroids: new Float32Array(), history: [], badge: { ...plane.badge, agreement: null } }), [plane]);
  return <Stage {...stage} view="map" index={{ ...world.index, ivf: null, kmeans: null }} plane={noLists} search={all} slice={null} />;
}

export function ManyListsExample() {
  const { world, search, stage } = useWorld(many);
  return (
    <>
      <Stage {...stage} view="cells" height={360} />
      <ListStrip state={ready} index={world.index} search={search} lit={null} hoverList={stage.hoverList} onHoverList={stage.onHoverList} />
    </>
  );
}

/** The finished search; its replay after two lists; more lists than can be named. */
export function StripExample() {
  const few = useWorld(deep), all = useWorld(many);
  const strip = (of: typeof few, lit: number | null) => <ListStrip state={ready} index={of.world.index} search={of.search} lit={lit} hoverList={of.stage.hoverList} onHoverList={of.stage.onHoverList} />;
  return <>{strip(few, null)}{strip(few, 2)}{strip(all, null)}</>;
}

const states: PanelState[] = [
  { kind: 'empty', hint: 'Build the index to see its cells.' },
  { kind: 'waiting' },
  { kind: 'working', progress: { stage: 'Training 32 centroids', done: 7, total: 10, left: 4 }, onCancel: () => undefined },
  { kind: 'stale', hint: 'The string has changed since.', action: { label: 'Rebuild', run: () => undefined } },
  { kind: 'wrong', message: 'The index needs 412 MB and the tab has 256 MB left. Take fewer vectors or a smaller code.', action: { label: 'Use 20 000 vectors', run: () => undefined } },
  { kind: 'wrong', message: 'The engine stopped answering.' },
];

export function StatesExample() {
  const { stage } = useWorld(flat);
  return (
    <div className={style.states}>
      {states.map((state, i) => <div key={i}><h3>{state.kind}</h3><Stage {...stage} view="cells" state={state} height={260} /></div>)}
    </div>
  );
}
