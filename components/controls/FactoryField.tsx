import { isolateHistory, redo, undo } from '@codemirror/commands';
import { EditorState, Transaction } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';
import type { Ref } from 'react';
import { factoryExtensions, setMistakes } from './factoryEditor';
import type { Language } from './factoryEditor';

export type Token = { from: number; to: number; role: string };
/** `text` replaces the characters from `from` to the cursor. */
export type Suggestion = { text: string; from: number; detail: string; meaning: string };
export type Explanation = { from: number; to: number; title: string; meaning: string };
/** Characters [from, to) are wrong, or could be better. */
export type Mistake = {
  from: number; to: number; message: string; advice: boolean;
  /** The string that mends it, or what to set beside the string. */
  fix?: string; set?: { name: string; value: number };
};

type Props = {
  value: string;
  onChange: (value: string) => void;
  onBuild: () => void;
  onSet: (name: string, value: number) => void;
  language: Language;
  mistakes: Mistake[];
  /** False while a value comes from the address: that is no edit to undo. */
  recorded: boolean;
  ref?: Ref<FactoryHistory>;
};
/** Characters that fit beside the controls of a page 1440 px wide. */
const LONG = 32;
/** One history for what is typed and for what blocks write. */
export type FactoryHistory = { undo: () => void; redo: () => void };

/** The factory string. Below it room for one sentence about its first mistake, at its place, and a button where there is
 *  an obvious way out. The height never changes. */
export function FactoryField({ value, onChange, onBuild, onSet, language, mistakes, recorded, ref }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const change = useEffectEvent((text: string) => { if (text !== value) onChange(text); });
  const build = useEffectEvent(onBuild);
  const mend = useEffectEvent(() => {
    const { fix, set } = mistakes[0] ?? {};
    if (fix !== undefined) onChange(fix);
    else if (set) onSet(set.name, set.value);
  });
  const initial = useEffectEvent(() => value);
  const isRecorded = useEffectEvent(() => recorded);
  useImperativeHandle(ref, () => ({
    undo: () => { if (editor.current) undo(editor.current); },
    redo: () => { if (editor.current) redo(editor.current); },
  }), []);

  useEffect(() => {
    if (!place.current) return;
    const extensions = factoryExtensions(language, { change: (text) => change(text), enter: () => build(), mend: () => mend() });
    const view = new EditorView({ parent: place.current, state: EditorState.create({ doc: initial(), extensions }) });
    editor.current = view;
    return () => view.destroy();
  }, [language]);

  useEffect(() => {
    const view = editor.current;
    if (!view || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value }, annotations: [Transaction.addToHistory.of(isRecorded()), isolateHistory.of('full')] });
  }, [value]);

  useEffect(() => editor.current?.dispatch({ effects: setMistakes.of(mistakes) }), [mistakes, value]);

  const first = mistakes[0];
  return (
    <div className="min-w-0">
      <div ref={place} className="factory-editor" data-long={value.length > LONG ? '' : undefined} data-wrong={first && !first.advice ? '' : undefined} />
      <div className="mono factory-caret" aria-hidden="true">
        {first && <span style={{ left: `${first.from}ch` }} data-advice={first.advice ? '' : undefined} />}
      </div>
      <MistakeLine mistake={first} onUse={(text) => { onChange(text); editor.current?.focus(); }} onSet={(name, to) => { onSet(name, to); editor.current?.focus(); }} />
    </div>
  );
}

type LineProps = { mistake: Mistake | undefined; onUse: (text: string) => void; onSet: Props['onSet'] };

function MistakeLine({ mistake, onUse, onSet }: LineProps) {
  const { fix, set } = mistake ?? {};
  return (
    <div className="flex min-h-16 items-center gap-2 sm:h-8 sm:min-h-0">
      <p id="factory-problem" role="status" className={`text-xs ${mistake && !mistake.advice ? 'text-wrong' : 'text-ink-2'}`}>{mistake?.message}</p>
      {fix !== undefined && (
        <button type="button" className="button h-7 shrink-0 px-2 text-xs" title="Alt+Enter" onClick={() => onUse(fix)}>
          Use <span className="sm:hidden" aria-hidden="true">fix</span> <span className="mono max-sm:sr-only">{fix}</span>
        </button>
      )}
      {set && <button type="button" className="button h-7 shrink-0 px-2 text-xs" title="Alt+Enter" onClick={() => onSet(set.name, set.value)}>Set <span className="sm:hidden" aria-hidden="true">it</span> <span className="mono max-sm:sr-only">{set.name} = {set.value}</span></button>}
    </div>
  );
}
