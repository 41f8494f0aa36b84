'use client';
import { useMemo, useState } from 'react';
import { problemsFor } from '@/state/factory';
import { viewFor } from '@/state/views';
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
  const [lit, setLit] = useLit(search);
  const height = useStageHeight();
  const problems = useMemo(() => problemsFor(setting, engine), [setting, engine]);
  const state = panelState({ built, job, failure, setting }, problems);
  const dimmed = state.kind === 'stale', hopping = viewFor(built?.of.index ?? setting.index, setting.view) === 'layers'; // its steps are hops, not lists
  return (
    <>
      <Header />
      <main>
        <Notices notices={notices} onDismiss={explorer.dismiss} />
        <FactoryBar />
        <div className="grid gap-x-8 gap-y-6 px-4 pt-2.5 pb-1.5 wide:grid-cols-[minmax(0,1fr)_25rem] wide:px-6">
          <StagePanel state={state} height={height} lit={lit} onLit={setLit} hoverList={hoverList} onHoverList={setHoverList} />
          <div className="relative min-w-0"><div className="wide:absolute wide:inset-0"><QueryPanel dimmed={dimmed} onHoverList={setHoverList} /></div></div>
        </div>
        <Figures state={state} dimmed={dimmed} lit={hopping ? null : lit} hoverList={hoverList} onHoverList={setHoverList} />
      </main>
      <Footer />
    </>
  );
}

/** How much of a search is lit in its replay; a new search is lit whole. */
function useLit(search: SearchAnswer | null): [number | null, (lit: number | null) => void] {
  const [replay, setReplay] = useState<{ search: SearchAnswer | null; lit: number | null }>({ search: null, lit: null });
  return [replay.search === search ? replay.lit : null, (lit) => setReplay({ search, lit })];
}
