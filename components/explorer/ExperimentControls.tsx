import { choose, chooseData, chooseNumber } from '@/state/actions';
import { catalogue, dataSetOf } from '@/state/fit';
import { bounds, hasOpq } from '@/state/setting';
import { isStale } from '@/state/store';
import { count, timeLeft } from '../marks';
import { Choice } from '../controls/Choice';
import { NumberField } from '../controls/NumberField';
import { explorer, useExplorer } from './explorer';

const sets = catalogue.map((set) => ({ value: set.name, text: set.title }));
const metrics = [{ value: 'L2', text: 'L2' }, { value: 'IP', text: 'inner product' }] as const;

/** As engine/transforms/opq.ts tells them. */
const opqs = [{ value: 'quick', text: 'OPQ quick' }, { value: 'matched', text: 'OPQ matched' }, { value: 'faiss', text: 'OPQ as Faiss' }] as const;
const opqHint = 'How OPQ is trained. quick: 4 rounds from balanced axes, recall no worse than Faiss. matched: Faiss’s 50 rounds on half the vectors. as Faiss: its own 50 rounds.';

/** Data, size, metric and seed; Build, or Cancel while there is something to cancel. */
export function ExperimentControls({ wrong }: { wrong: boolean }) {
  const setting = useExplorer((state) => state.setting);
  const working = useExplorer((state) => state.job !== null && state.job.name !== 'start');
  const stale = useExplorer((state) => isStale(state) || !state.built);
  const set = dataSetOf(setting);
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 wide:h-11 wide:flex-nowrap">
        <Choice label="data" value={setting.data} options={sets} hint={set.teaches} onChange={(data) => explorer.change((s) => chooseData(s, data))} />
        <NumberField label="n" hint="Base vectors, from the start of the set" value={setting.n} min={bounds.n[0]} max={set.nMax} offers={set.sizes} onChange={(n) => explorer.change((s) => chooseNumber(s, 'n', n))} />
        <Choice label="metric" value={setting.metric} options={metrics} onChange={(metric) => explorer.change((s) => choose(s, 'metric', metric))} />
        <NumberField label="seed" hint="0: Faiss’s own seeds, so that the index is drawn as Faiss draws it; another number shifts all of them. The same seed gives the same index, bit for bit." value={setting.seed} min={bounds.seed[0]} max={bounds.seed[1]} width="4.5rem" onChange={(seed) => explorer.change((s) => chooseNumber(s, 'seed', seed))} />
        {working
          ? <button type="button" className="button w-24 max-sm:w-full" onClick={explorer.cancel}>Cancel</button>
          : <button type="button" className={`button w-24 max-sm:w-full ${stale ? 'button-main' : ''}`} disabled={wrong} onClick={explorer.build}>{stale ? 'Build' : 'Rebuild'}</button>}
      </div>
      <div className="flex min-h-13 items-start gap-3 wide:min-h-0">
        <JobLine />
        {hasOpq(setting.index) && <div className="mt-1"><Choice label="training" value={setting.opq} options={opqs} hint={opqHint} onChange={(opq) => explorer.change((s) => choose(s, 'opq', opq))} /></div>}
      </div>
    </div>
  );
}

/** What the engine does now, how far it is and how long it will take; or how long the index on screen took. */
function JobLine() {
  const job = useExplorer((state) => state.job);
  const failure = useExplorer((state) => state.failure);
  const built = useExplorer((state) => state.built);
  const names = { start: 'Starting the engine', load: 'Loading the vectors', build: 'Building', search: 'Searching' };
  const { done = 0, total = 0, left = null, stage = job ? names[job.name] : '' } = job?.progress ?? {};
  const text = job ? [stage, total > 1 ? `${count(done)} of ${count(total)}` : '', timeLeft(left)].filter(Boolean).join(' · ') : '';
  return (
    <div className="mt-2 grid min-h-8 min-w-0 grow content-start" aria-busy={job !== null}>
      <progress className="job-bar" aria-label={job ? stage : 'No job'} value={job ? (total > 0 ? done / total : undefined) : 0} max={1} data-idle={job ? undefined : ''} />
      <p className={`label truncate ${failure && !job ? 'text-wrong' : ''}`} title={failure ?? undefined}>
        {job ? text : failure ?? (built ? builtText(built.index) : '\u00a0')}
      </p>
      <p role="status" className="sr-only">{job ? stage : failure ?? (built ? `${built.of.index} is ready` : '')}</p>
    </div>
  );
}

const builtText = ({ trainMs, addMs }: { trainMs: number; addMs: number }) => `Trained in ${seconds(trainMs)}, filled in ${seconds(addMs)}`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 9950 ? 2 : 1)}\u202fs`;
