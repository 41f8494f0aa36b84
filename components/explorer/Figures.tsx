import { useState } from 'react';
import { Segments } from '../controls/Segments';
import { ListStrip } from '../views/stage/ListStrip';
import type { PanelState } from '../views/stage/props';
import { Charts } from './Charts';
import { useExplorer } from './explorer';

const figures = [{ value: 'charts', text: 'Measurements' }, { value: 'lists', text: 'Lists' }] as const;

type Props = { state: PanelState; dimmed: boolean; lit: number | null; hoverList: number | null; onHoverList: (list: number | null) => void };

/** Below the stage, in one place: what the query set measures, or every list by its distance to the query. */
export function Figures({ state, dimmed, lit, hoverList, onHoverList }: Props) {
  const built = useExplorer((s) => s.built);
  const search = useExplorer((s) => s.search);
  const [wanted, setWanted] = useState<'charts' | 'lists'>('charts');
  const hasLists = Boolean(built?.index.ivf);
  const switcher = <Segments label="Figures" options={figures} value={hasLists ? wanted : 'charts'} disabled={!hasLists} onChange={setWanted} />;
  if (!hasLists || wanted === 'charts') return <Charts dimmed={dimmed} switcher={switcher} />;
  return (
    <section aria-label="All lists" className={`relative min-h-55 border-t border-line px-4 pt-12 wide:px-6 wide:pt-4.5 ${dimmed ? 'stale' : ''}`}>
      <div className="absolute top-1.5 right-4 z-10 wide:right-6">{switcher}</div>
      <ListStrip state={dimmed ? { kind: 'ready' } : state} index={built?.index ?? null} search={search} lit={lit} hoverList={hoverList} onHoverList={onHoverList} height={44} />
    </section>
  );
}
