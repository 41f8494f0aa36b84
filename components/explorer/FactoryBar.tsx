import { useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { choose, chooseNumber, writeIndex } from '@/state/actions';
import { language, mistakesFor, problemsFor, pythonFor, stops } from '@/state/factory';
import { dataSetOf } from '@/state/fit';
import { isParameter } from '@/state/setting';
import { FactoryField } from '../controls/FactoryField';
import type { FactoryHistory } from '../controls/FactoryField';
import { FactoryPython } from '../controls/FactoryPython';
import { BlockStack } from './BlockStack';
import { explorer, useExplorer } from './explorer';
import { ExperimentControls } from './ExperimentControls';

const write = (index: string) => explorer.change((setting) => writeIndex(setting, index));

function set(name: string, value: number) {
  if (name === 'n') explorer.change((setting) => chooseNumber(setting, 'n', value));
  else if (isParameter(name)) explorer.change((setting) => choose(setting, name, value));
}

/** The string, what is wrong with it, and the stack it stands for. */
export function FactoryBar() {
  const setting = useExplorer((state) => state.setting);
  const engine = useExplorer((state) => state.engine);
  const history = useRef<FactoryHistory>(null);
  const { index, metric } = setting;
  const { d } = dataSetOf(setting);
  const words = useMemo(() => language({ d, metric }), [d, metric]);
  const problems = useMemo(() => problemsFor(setting, engine), [setting, engine]);
  const mistakes = useMemo(() => mistakesFor(problems), [problems]);
  return (
    <section aria-label="Index" className="border-b border-line px-4 pt-2 pb-1.5 wide:px-6">
      <div className="grid gap-x-8 gap-y-2 wide:grid-cols-[minmax(0,1fr)_auto]">
        <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-2">
          <FactoryField value={index} onChange={write} onBuild={explorer.build} onSet={set} language={words} mistakes={mistakes} recorded={engine !== null} ref={history} />
          <FactoryPython code={() => pythonFor(setting)} disabled={problems.some(({ kind }) => kind === 'refused')} />
        </div>
        <ExperimentControls wrong={stops(problems)} />
      </div>
      <div onKeyDown={(event) => undoKey(event, history.current)}><BlockStack onWrite={write} /></div>
    </section>
  );
}

/** Blocks and string have one history; fields of text keep their own. */
function undoKey(event: KeyboardEvent, history: FactoryHistory | null) {
  const { target, key } = event;
  const typing = target instanceof HTMLInputElement && target.type === 'number';
  if (!history || typing || !(event.ctrlKey || event.metaKey) || key.toLowerCase() !== 'z') return;
  event.preventDefault();
  if (event.shiftKey) history.redo();
  else history.undo();
}
