import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { choose, chooseBaseVector, dragQuery } from '@/state/actions';
import { dataSetOf, planesOf } from '@/state/fit';
import { refOf } from '@/state/session';
import { isLook, viewFor, viewsOf } from '@/state/views';
import type { View } from '@/state/views';
import type { LookKind } from '@/workers/protocol';
import { Segments } from '../controls/Segments';
import { percent } from '../marks';
import { LookStage } from '../views/stage/LookStage';
import { tracksOf } from '../views/stage/looks';
import type { Tracks } from '../views/stage/looks';
import { Stage } from '../views/stage/Stage';
import { objectiveName, searchSteps, trainingSteps } from '../views/stage/steps';
import { Timeline } from '../views/stage/Timeline';
import type { PanelState } from '../views/stage/props';
import { explorer, useExplorer } from './explorer';
import { Twin } from './Twin';

const planeNames = { query: 'Through the query', pca: 'Main axes', data: 'The data’s own', umap: 'UMAP' } as const;

type Props = { state: PanelState; height: number; lit: number | null; onLit: (lit: number | null) => void; hoverList: number | null; onHoverList: (list: number | null) => void };

/** The picture; below it what of it is shown, and the transport of training and search. */
export function StagePanel(props: Props) {
  const setting = useExplorer((s) => s.setting);
  const built = useExplorer((s) => s.built);
  const string = built?.of.index ?? setting.index, view = viewFor(string, setting.view);
  const flat = dataSetOf(built ? { ...setting, data: built.of.data } : setting).exact2d;
  return (
    <section aria-label="Stage" className="min-w-0">
      <div className={flat ? 'grid gap-x-6 gap-y-4 sm:grid-cols-[minmax(0,1fr)_15rem]' : ''}>
        {isLook(view) ? <Look {...props} kind={view} /> : <Plane {...props} view={view} />}
        {flat && <Twin height={props.height} />}
      </div>
      <Transport lit={props.lit} onLit={props.onLit} view={view}><Looks string={string} view={view} /></Transport>
    </section>
  );
}

function Plane({ view, state, height, lit, hoverList, onHoverList }: Props & { view: 'map' | 'cells' }) {
  const setting = useExplorer((s) => s.setting);
  const built = useExplorer((s) => s.built);
  const plane = useExplorer((s) => s.plane);
  const slice = useExplorer((s) => s.slice);
  const search = useExplorer((s) => s.search);
  const near = useExplorer((s) => s.near);
  const ref = built ? refOf(setting, built.data) : null, laid = setting.plane === 'umap';
  const spans = ref && ref.kind !== 'base' && (plane?.kind === 'query' || plane?.kind === 'data') ? ref.index : null;
  const move = (x: number, y: number, done: boolean) => {
    if (spans !== null && built) explorer.drag((s) => dragQuery(s, spans, x, y, built.data.queryNames), done);
  };
  return (
    <Stage view={laid ? 'map' : view} state={state} index={built?.index ?? null} plane={plane} slice={slice} search={search} lit={lit} iteration={setting.iteration}
      hoverList={hoverList} onHoverList={onHoverList} height={height} onQueryMove={spans === null ? undefined : move}
      selected={setting.selected} near={near} onSelect={(id) => explorer.change((s) => choose(s, 'selected', id))}
      onPick={(id) => explorer.change((s) => chooseBaseVector(s, id))} onWindow={(window, width, heightPx, iteration) => explorer.slice({ window, width, height: heightPx, iteration })} />
  );
}

/** A view that is not drawn on a plane; an answer of another view is not shown as this one's. */
function Look({ kind, state, height, lit, onLit, hoverList, onHoverList }: Props & { kind: LookKind }) {
  const { iteration, selected } = useExplorer((s) => s.setting);
  const search = useExplorer((s) => s.search);
  const look = useExplorer((s) => s.look), index = useExplorer((s) => s.built?.index ?? null);
  return (
    <LookStage look={look?.kind === kind ? look : null} index={index} state={state} height={height} search={search} lit={lit} iteration={iteration} hoverList={hoverList} onHoverList={onHoverList}
      onStep={iteration === null ? onLit : (to) => explorer.change((s) => choose(s, 'iteration', to))} selected={selected} onSelect={(id) => explorer.change((s) => choose(s, 'selected', id))} onPick={(id) => explorer.change((s) => chooseBaseVector(s, id))} />
  );
}

/** Which view, and which plane where it is drawn on one. */
function Looks({ string, view }: { string: string; view: View }) {
  const setting = useExplorer((s) => s.setting);
  const show = (chosen: View) => {
    // iterations of one view are not those of another; map and cells share theirs
    explorer.change((s) => ({ ...s, view: chosen, plane: chosen === 'cells' && s.plane === 'umap' ? 'query' : s.plane, iteration: isLook(chosen) || isLook(view) ? null : s.iteration }));
  };
  const laying = useExplorer((s) => s.laying), share = laying ? ` ${percent(laying.done / laying.total)}` : '';
  const planes = planesOf(dataSetOf(setting)).map((value) => ({ value, text: planeNames[value] + (value === 'umap' ? share : '') }));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <Segments label="View" options={viewsOf(string)} value={view} onChange={show} />
      {planes.length > 1 && !isLook(view) && <Segments label="Plane" options={planes} value={setting.plane} onChange={(value) => explorer.change((s) => ({ ...choose(s, 'plane', value), ...(value === 'umap' ? { view: 'map' as const, iteration: null } : {}) }))} />}
      <p className="sr-only" role="status">{laying ? `Laying out ${laying.n} vectors; until then the main axes are shown` : ''}</p>
    </div>
  );
}

/** What can be played in this view. */
function useTracks(view: View): Tracks {
  const built = useExplorer((s) => s.built);
  const plane = useExplorer((s) => s.plane);
  const search = useExplorer((s) => s.search);
  const look = useExplorer((s) => s.look);
  return useMemo(() => {
    const index = built?.index ?? null;
    if (isLook(view)) return look?.kind === view ? tracksOf(look, search) : { training: null, search: null };
    return {
      training: { title: 'Iterations', valueName: objectiveName(index?.metric ?? 'L2'), steps: trainingSteps(index, plane) },
      search: { title: 'Lists', valueName: 'true neighbours covered', steps: searchSteps(search, index?.n ?? 0) },
    };
  }, [view, built, plane, search, look]);
}

/** What can be looked at, and below it training or search step by step. Choosing training shows its last step; choosing search shows the finished index. */
function Transport({ lit, onLit, view, children }: Pick<Props, 'lit' | 'onLit'> & { view: View; children: ReactNode }) {
  const iteration = useExplorer((s) => s.setting.iteration);
  const tracks = useTracks(view);
  const [wanted, setWanted] = useState<'search' | 'training'>('search');
  const training = tracks.training?.steps.length ? tracks.training : null, searching = tracks.search?.steps.length ? tracks.search : null;
  const shown = training && (iteration !== null || wanted === 'training' || !searching) ? 'training' : 'search';
  const show = (which: 'search' | 'training') => {
    setWanted(which);
    onLit(null);
    explorer.change((s) => choose(s, 'iteration', which === 'training' ? Math.max(0, (training?.steps.length ?? 1) - 1) : null));
  };
  const track = (shown === 'training' ? training : searching) ?? { title: 'Steps', valueName: '', steps: [] };
  const last = Math.max(0, track.steps.length - 1), step = Math.min((shown === 'training' ? iteration : lit) ?? last, last);
  return (
    <div className="mt-1 grid">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5">
        {children}
        <Segments label="Steps of" value={shown} disabled={!training || !searching} onChange={show} options={[{ value: 'search', text: 'Search' }, { value: 'training', text: 'Training' }]} />
      </div>
      <Timeline {...track} step={step} disabled={track.steps.length === 0} onStep={shown === 'training' ? (to) => explorer.change((s) => choose(s, 'iteration', to)) : onLit} />
    </div>
  );
}
