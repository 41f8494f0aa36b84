import { choose, chooseBaseVector, chooseNumber, chooseQuery, nextQuery } from '@/state/actions';
import { isOff, knobsFor } from '@/state/factory';
import { offered } from '@/state/lost';
import { findQueries } from '@/state/query';
import { paramsOf, refOf } from '@/state/session';
import { isParameter } from '@/state/setting';
import type { Built } from '@/state/store';
import type { QueryRef, SearchAnswer } from '@/workers/protocol';
import { count, micros, percent, plural } from '../marks';
import { NumberField } from '../controls/NumberField';
import { ParameterSlider } from '../controls/ParameterSlider';
import { QueryPicker } from '../controls/QueryPicker';
import { Results } from '../views/Results';
import { StageTimes } from '../views/StageTimes';
import { Thumb } from '../views/Thumb';
import { explorer, useExplorer } from './explorer';

type Props = { dimmed: boolean; onHoverList: (list: number | null) => void };

/** One query: which, what came back, what was missed and why, and the parameters that decide it. */
export function QueryPanel({ dimmed, onHoverList }: Props) {
  const built = useExplorer((state) => state.built);
  const search = useExplorer((state) => state.search);
  const failure = useExplorer((state) => state.searchFailure);
  const setting = useExplorer((state) => state.setting);
  const waits = useExplorer((state) => state.job !== null || state.engine === null && state.failure === null);
  return (
    <section aria-label="Query" className="flex min-h-0 min-w-0 flex-col gap-2 wide:h-full">
      <Picker built={built} search={search} />
      <p className="label min-h-4" role="status">{failure ? <span className="line-clamp-2 text-wrong" title={failure}>{failure}</span> : search && built ? summary(search, built) : '\u00a0'}</p>
      {search && !failure && <StageTimes us={search.usPerStage} />}
      <div className={`flex min-h-60 grow flex-col overflow-hidden wide:min-h-0 ${dimmed ? 'stale' : ''}`} role="region" aria-label="Results">
        {search && built ? (
          <Results search={search} k={search.truth.length} params={paramsOf(setting, built.of.index)} metricName={built.of.metric === 'L2' ? 'squared L2' : 'inner product'}
            selected={setting.selected} onSelect={(id) => explorer.change((s) => choose(s, 'selected', id))} onHoverList={onHoverList} onPick={(id) => explorer.change((s) => chooseBaseVector(s, id))}
            remedyOf={({ param, value }) => (offered(built.of.index, param, value) ? () => explorer.change((s) => choose(s, param, value)) : null)} />
        ) : built?.index.unsearchable ? <p className="pt-2">{built.index.unsearchable}</p> : waits ? <Skeleton /> : <p className="label pt-2">Results stand here once an index is built.</p>}
      </div>
      <Parameters />
    </section>
  );
}

function Picker({ built, search }: { built: Built | null; search: SearchAnswer | null }) {
  const setting = useExplorer((state) => state.setting);
  const names = built?.data.queryNames ?? [];
  const ref = built ? refOf(setting, built.data) : null;
  const live = built?.live ?? false;
  return (
    <>
      <div className="flex items-center gap-2">
        {search?.query.label.kind === 'image' && <Thumb label={{ ...search.query.label, text: '' }} size={32} />}
        <QueryPicker value={ref ? nameOf(ref, names) : ''} placeholder="A name or a number" disabled={!live}
          find={(text) => findQueries(text, names, 50).map((index) => ({ index, text: names[index] ?? '' }))} onPick={(index) => explorer.change((s) => chooseQuery(s, index, names))} />
        <button type="button" className="button" disabled={!live} onClick={() => explorer.change((s) => nextQuery(s, ref && ref.kind !== 'base' ? ref.index : 0, names))}>New query</button>
        <button type="button" className="button" disabled={!live} title="Search the same query again" onClick={explorer.rerun}>Rerun</button>
      </div>
      {ref?.kind === 'base' && <p className="label">A vector of the base set, so it finds itself: queries held out are harder.</p>}
    </>
  );
}

const nameOf = (ref: QueryRef, names: string[]): string => {
  if (ref.kind === 'base') return `base vector ${ref.id}`;
  const name = names[ref.index] ?? String(ref.index);
  return ref.kind === 'heldOut' ? name : `${name}, moved`;
};

function summary({ truth, scannedTotal, usPerStage, counts }: SearchAnswer, { index }: Built): string {
  const found = truth.filter((neighbour) => neighbour.found).length;
  const scanned = index.ivf ? `${plural(scannedTotal, 'vector')} scanned (${percent(scannedTotal / index.n)})` : `${count(counts.ndis)} distances`;
  return `${found} of ${truth.length} true neighbours · ${scanned} · ${micros(usPerStage.total)}`;
}

/** Rows of the results' own height, so that nothing moves when they come. */
const Skeleton = () => <div aria-hidden="true">{Array.from({ length: 11 }, (_, i) => <div key={i} className="skeleton my-1 h-[22px]" />)}</div>;

/** The parameters of the index on screen, and k beside the first of them. What is off is switched on at its block. */
function Parameters() {
  const setting = useExplorer((state) => state.setting);
  const index = useExplorer((state) => state.built?.of.index ?? state.setting.index);
  const n = useExplorer((state) => state.built?.of.n ?? state.setting.n);
  const tooMany = setting.k > n ? `more than the ${n} vectors` : null;
  const [first, ...rest] = knobsFor(index).flatMap(({ name, ...knob }) => (isParameter(name) ? [{ ...knob, name }] : []));
  const slider = ({ name, meaning, min, max, values }: NonNullable<typeof first>) => (
    <ParameterSlider key={name} name={name} meaning={meaning} min={min} max={max} stops={values} value={Math.min(setting[name], max)} onChange={(value) => explorer.change((s) => choose(s, name, value))} />
  );
  return (
    <fieldset className="grid gap-1 border-t border-line pt-2">
      <legend className="sr-only">Search parameters</legend>
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-1">
        {first && <div className="grow">{slider(first)}</div>}
        <NumberField label="k" hint="Neighbours asked for" value={setting.k} min={1} max={100} width="3.5rem" wrong={tooMany} onChange={(k) => explorer.change((s) => chooseNumber(s, 'k', k))} />
      </div>
      {rest.filter((knob) => !isOff(knob, setting[knob.name])).map(slider)}
    </fieldset>
  );
}
