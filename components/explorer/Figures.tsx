import { useState } from 'react';
import type { ReactNode } from 'react';
import { knobsFor, mainKnob } from '@/state/factory';
import { Segments } from '../controls/Segments';
import { RecallCurve } from '../views/RecallCurve';
import { ListStrip } from '../views/stage/ListStrip';
import type { PanelState } from '../views/stage/props';
import { Charts } from './Charts';
import { useExplorer } from './explorer';

const figures = [{ value: 'charts', text: 'Measurements' }, { value: 'lists', text: 'Lists' }] as const;

type Props = { state: PanelState; dimmed: boolean; lit: number | null; hoverList: number | null; onHoverList: (list: number | null) => void };

/** Below the stage, in one place: what the query set measures, or every list by its distance to the query. */
export function Figures({ state, dimmed, lit, hoverList, onHoverList }: Props) {
  const built = useExplorer((s) => s.built);
  const [wanted, setWanted] = useState<'charts' | 'lists'>('charts');
  const hasLists = Boolean(built?.index.ivf);
  const switcher = <Segments label="Figures" options={figures} value={hasLists ? wanted : 'charts'} disabled={!hasLists} onChange={setWanted} />;
  if (!hasLists || wanted === 'charts') return <Charts dimmed={dimmed} switcher={switcher} />;
  return (
    <section aria-label="All lists" className="border-t border-line px-4 pt-1.5 wide:px-6">
      <Lists switcher={switcher} state={dimmed ? { kind: 'ready' } : state} dimmed={dimmed} lit={lit} hoverList={hoverList} onHoverList={onHoverList} />
    </section>
  );
}

/** The lists of one query, and beside them what they come to over the query set: recall over nprobe is the share of true neighbours in
 *  the lists up to that rank, so a rank pointed at in one is marked in the other. */
function Lists({ switcher, state, dimmed, lit, hoverList, onHoverList }: Props & { switcher: ReactNode }) {
  const built = useExplorer((s) => s.built);
  const search = useExplorer((s) => s.search);
  const setting = useExplorer((s) => s.setting);
  const run = useExplorer((s) => s.runs.find(({ id }) => id === built?.run)) ?? null;
  const knob = run && mainKnob(run.of.index), byLists = knob === 'nprobe', order = search?.listOrder?.list;
  const rank = hoverList === null || !order ? 0 : order.indexOf(hoverList) + 1;
  const points = run?.curve ?? run?.points.map((p) => ({ value: p.value, recall: p.recall['k@k'] })) ?? [];
  return (
    <>
      {/* beside the strip, above the curve: the strip needs no row of its own for it */}
      <div className={`relative z-10 flex justify-end ${byLists && run ? 'wide:-mb-8' : ''}`}>{switcher}</div>
      <div className={`grid gap-x-8 gap-y-4 ${byLists ? 'wide:grid-cols-[minmax(0,1fr)_17rem]' : ''} ${dimmed ? 'stale' : ''}`}>
        <ListStrip state={state} index={built?.index ?? null} search={search} lit={lit} hoverList={hoverList} onHoverList={onHoverList} height={44}
          curve={byLists && run ? { name: `recall ${run.k}@${run.k}`, points } : null} />
        {byLists && run && (
          <div className="min-w-0 wide:pt-8"><RecallCurve runs={[{ id: run.id, label: run.of.index, current: true, knob: run.knob, k: run.k, points: run.points, curve: run.curve }]} knob={knob}
            values={knobsFor(run.of.index).find(({ name }) => name === knob)?.values ?? []} at={setting.nprobe} height={144}
            mark={rank || null} onMark={(x) => onHoverList(x === null ? null : order?.[Math.round(x) - 1] ?? null)} /></div>
        )}
      </div>
    </>
  );
}
