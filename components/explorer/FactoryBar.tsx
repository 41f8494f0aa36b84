import { useMemo, useState } from 'react';
import { writeIndex } from '@/state/actions';
import { blocksFor, costFor, language, mistakesFor, problemsFor, stops } from '@/state/factory';
import { dataSetOf } from '@/state/fit';
import { FactoryField } from '../controls/FactoryField';
import { Blocks } from '../views/Blocks';
import { explorer, useExplorer } from './explorer';
import { ExperimentControls } from './ExperimentControls';

const write = (index: string) => explorer.change((setting) => writeIndex(setting, index));

/** The string, what is wrong with it, and the stack it stands for. */
export function FactoryBar() {
  const setting = useExplorer((state) => state.setting);
  const engine = useExplorer((state) => state.engine);
  const { index, data, metric, n } = setting;
  const { d } = dataSetOf(setting);
  const words = useMemo(() => language({ d, metric }), [d, metric]);
  const problems = useMemo(() => problemsFor({ index, data, metric, n }, engine), [index, data, metric, n, engine]);
  const mistakes = useMemo(() => mistakesFor(problems), [problems]);
  const cost = useMemo(() => costFor({ index, data, metric, n }), [index, data, metric, n]);
  const blocks = useMemo(() => blocksFor({ index, data, metric, n }), [index, data, metric, n]);
  const [readable, setReadable] = useState(blocks); // while a term is half typed, the last stack that could be read
  if (blocks.length > 0 && blocks !== readable) setReadable(blocks);
  return (
    <section aria-label="Index" className="border-b border-line px-4 pt-3 pb-2 wide:px-6">
      <div className="grid gap-x-8 gap-y-2 wide:grid-cols-[minmax(0,1fr)_auto]">
        <FactoryField value={index} onChange={write} onBuild={explorer.build} language={words} mistakes={mistakes} />
        <ExperimentControls wrong={stops(problems)} />
      </div>
      <Blocks bytesIn={4 * d} blocks={blocks.length > 0 ? blocks : readable} dimmed={blocks.length === 0} perVector={cost?.bytesPerVector ?? null} total={cost?.totalBytes ?? null} />
    </section>
  );
}
