'use client';
import { useMemo, useState } from 'react';
import { problemsFor } from '@/state/factory';
import { isLook, viewFor } from '@/state/views';
import type { View } from '@/state/views';
import type { SearchAnswer } from '@/workers/protocol';
import { Notices } from '../controls/Notices';
import { explorer, useExplorer } from './explorer';
import { FactoryBar } from './FactoryBar';
import { Figures } from './Figures';
import { Footer } from './Footer';
import { Header } from './Header';
import { panelState } from './panelState';
import { QueryPanel } from './QueryPanel';
import { StagePanel } from './StagePanel';
import { useBoot } from './useBoot';
import { useStageHeight } from './useStageHeight';

/** The explorer: which panels, in which order. */
export function Explore() {
  useBoot();
  const setting = useExplorer((s) => s.setting);
  const engine = useExplorer((s) => s.engine);
  const built = useExplorer((s) => s.built);
  const job = useExplorer((s) => s.job);
  const failure = useExplorer((s) => s.failure);
  const notices = useExplorer((s) => s.notices);
  const search = useExplorer((s) => s.search);
  const [hoverList, setHoverList] = useState<number | null>(null);
  const view = viewFor(built?.of.index ?? setting.index, setting.view), [lits, setLit] = useLit(search), track = trackOf(view);
  const height = useStageHeight();
  const problems = useMemo(() => problemsFor(setting, engine), [setting, engine]);
  const state = panelState({ built, job, failure, setting }, problems);
  const dimmed = state.kind === 'stale';
  return (
    <>
      <Header />
      <main>
        <Notices notices={notices} onDismiss={explorer.dismiss} />
        <FactoryBar />
        <div className="grid gap-x-8 gap-y-6 px-4 pt-2.5 pb-1.5 wide:grid-cols-[minmax(0,1fr)_25rem] wide:px-6">
          <StagePanel state={state} height={height} lit={lits[track] ?? null} onLit={(lit) => setLit(track, lit)} hoverList={hoverList} onHoverList={setHoverList} />
          <div className="relative min-w-0"><div className="wide:absolute wide:inset-0"><QueryPanel dimmed={dimmed} onHoverList={setHoverList} /></div></div>
        </div>
        <Figures state={state} dimmed={dimmed} lit={lits.plane ?? null} hoverList={hoverList} onHoverList={setHoverList} />
      </main>
      <Footer />
    </>
  );
}

/** Map and cells replay the same steps, each other view its own. */
const trackOf = (view: View) => (isLook(view) ? view : 'plane');
type Lits = { [track in ReturnType<typeof trackOf>]?: number | null };

/** How much of a search is lit in its replay, wherever each view stands; a new search is lit whole. */
function useLit(search: SearchAnswer | null): [Lits, (track: keyof Lits, lit: number | null) => void] {
  const [replay, setReplay] = useState<{ search: SearchAnswer | null; lits: Lits }>({ search: null, lits: {} });
  const lits = replay.search === search ? replay.lits : {};
  return [lits, (track, lit) => setReplay({ search, lits: { ...lits, [track]: lit } })];
}
