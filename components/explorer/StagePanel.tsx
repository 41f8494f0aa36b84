import { useMemo, useState } from 'react';
import { choose, chooseBaseVector, dragQuery } from '@/state/actions';
import { dataSetOf, planesOf } from '@/state/fit';
import { refOf } from '@/state/session';
import { Segments } from '../controls/Segments';
import { Stage } from '../views/stage/Stage';
import { objectiveName, searchSteps, trainingSteps } from '../views/stage/steps';
import { Timeline } from '../views/stage/Timeline';
import type { PanelState } from '../views/stage/props';
import { explorer, useExplorer } from './explorer';

const views = [{ value: 'cells', text: 'Cells' }, { value: 'map', text: 'Map' }] as const;
const planeNames = { query: 'Through the query', pca: 'Main axes', data: 'The data’s own' } as const;

type Props = { state: PanelState; height: number; lit: number | null; onLit: (lit: number | null) => void; hoverList: number | null; onHoverList: (list: number | null) => void };

/** The picture; below it what of it is shown, and the transport of training and search. */
export function StagePanel({ state, height, lit, onLit, hoverList, onHoverList }: Props) {
  const setting = useExplorer((s) => s.setting);
  const built = useExplorer((s) => s.built);
  const plane = useExplorer((s) => s.plane);
  const slice = useExplorer((s) => s.slice);
  const search = useExplorer((s) => s.search);
  const index = built?.index ?? null;
  const hasCells = Boolean(index?.ivf);
  const ref = built ? refOf(setting, built.data) : null;
  const spans = ref && ref.kind !== 'base' && (plane?.kind === 'query' || plane?.kind === 'data') ? ref.index : null;
  const move = (x: number, y: number, done: boolean) => {
    if (spans !== null && built) explorer.drag((s) => dragQuery(s, spans, x, y, built.data.queryNames), done);
  };
  return (
    <section aria-label="Stage" className="min-w-0">
      <Stage view={hasCells ? setting.view : 'map'} state={state} index={index} plane={plane} slice={slice} search={search} lit={lit} iteration={setting.iteration}
        hoverList={hoverList} onHoverList={onHoverList} height={height} onQueryMove={spans === null ? undefined : move}
        onPick={(id) => explorer.change((s) => chooseBaseVector(s, id))} onWindow={(window, width, heightPx, iteration) => explorer.slice({ window, width, height: heightPx, iteration })} />
      <div className="mt-1 flex flex-wrap items-start gap-x-4 gap-y-2">
        <Looks hasCells={hasCells || !index} />
        <Transport lit={lit} onLit={onLit} />
      </div>
    </section>
  );
}

/** Which view of the plane, and which plane. */
function Looks({ hasCells }: { hasCells: boolean }) {
  const setting = useExplorer((s) => s.setting);
  const planes = planesOf(dataSetOf(setting)).map((value) => ({ value, text: planeNames[value] }));
  return (
    <div className="flex flex-wrap items-start gap-1.5 pt-1 sm:flex-col">
      <Segments label="View" options={views} value={hasCells ? setting.view : 'map'} disabled={!hasCells} onChange={(view) => explorer.change((s) => choose(s, 'view', view))} />
      {planes.length > 1 && <Segments label="Plane" options={planes} value={setting.plane} onChange={(value) => explorer.change((s) => choose(s, 'plane', value))} />}
    </div>
  );
}

/** Training or search, step by step. Choosing training shows its last step; choosing search shows the finished index. */
function Transport({ lit, onLit }: Pick<Props, 'lit' | 'onLit'>) {
  const iteration = useExplorer((s) => s.setting.iteration);
  const built = useExplorer((s) => s.built);
  const plane = useExplorer((s) => s.plane);
  const search = useExplorer((s) => s.search);
  const index = built?.index ?? null;
  const training = useMemo(() => trainingSteps(index, plane), [index, plane]);
  const searching = useMemo(() => searchSteps(search, index?.n ?? 0), [search, index]);
  const [wanted, setWanted] = useState<'search' | 'training'>('search');
  const shown = iteration !== null ? 'training' : wanted === 'training' && training.length > 0 ? 'training' : 'search';
  const show = (which: 'search' | 'training') => {
    setWanted(which);
    onLit(null);
    explorer.change((s) => choose(s, 'iteration', which === 'training' ? Math.max(0, training.length - 1) : null));
  };
  return (
    <div className="flex min-w-0 grow basis-96 flex-wrap items-start gap-x-3 gap-y-2">
      <div className="pt-1"><Segments label="Steps of" value={shown} disabled={training.length === 0} onChange={show} options={[{ value: 'search', text: 'Search' }, { value: 'training', text: 'Training' }]} /></div>
      <div className="min-w-64 grow basis-64">
        {shown === 'training'
          ? <Timeline title="Iterations" steps={training} step={iteration ?? Math.max(0, training.length - 1)} valueName={objectiveName(index?.metric ?? 'L2')} disabled={!index} onStep={(step) => explorer.change((s) => choose(s, 'iteration', step))} />
          : <Timeline title="Lists" steps={searching} step={lit ?? Math.max(0, searching.length - 1)} valueName="true neighbours covered" disabled={searching.length === 0} onStep={onLit} />}
      </div>
    </div>
  );
}
