import { autocompletion, closeCompletion } from '@codemirror/autocomplete';
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, Prec, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView, hoverTooltip, keymap } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';
import type { Explanation, Mistake, Suggestion, Token } from './FactoryField';

/** The one-line editor of factory strings: CodeMirror's parts put together. Knows text and positions; what they mean is
 *  asked of the functions it is given. */
export type Language = {
  read: (text: string) => Token[];
  complete: (text: string, at: number) => Suggestion[];
  explain: (text: string, at: number) => Explanation | null;
  /** The factory string within pasted code; null where there is none. */
  fromCode: (text: string) => string | null;
};

export const setMistakes = StateEffect.define<Mistake[]>();

/** What the editor tells: each change, Enter, and Alt+Enter, which mends the first mistake. */
export type Heard = { change: (text: string) => void; enter: () => void; mend: () => void };

export function factoryExtensions(language: Language, { change, enter, mend }: Heard): Extension {
  return [
    history(),
    oneLine,
    Prec.high(keymap.of([
      { key: 'Alt-Enter', run: () => { mend(); return true; } },
      { key: 'Enter', run: (view) => { closeCompletion(view); enter(); return true; } },
    ])),
    keymap.of([...historyKeymap, ...defaultKeymap]),
    EditorView.updateListener.of((update) => { if (update.docChanged) change(update.state.doc.toString()); }),
    tokens(language),
    mistakes,
    completion(language),
    explanation(language),
    pasting(language),
    EditorView.contentAttributes.of({
      'aria-label': 'Factory string', 'aria-multiline': 'false', 'aria-describedby': 'factory-problem', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off',
    }),
  ];
}

/** A pasted line break becomes nothing: factory strings have one line. */
const oneLine = EditorState.transactionFilter.of((transaction) => {
  if (transaction.newDoc.lines < 2) return transaction;
  const insert = transaction.newDoc.toString().replace(/\s*\n\s*/g, '');
  return { changes: { from: 0, to: transaction.startState.doc.length, insert }, selection: { anchor: insert.length } };
});

/** Code that calls the factory stands for its string, which replaces what was there. */
function pasting({ fromCode }: Language): Extension {
  return EditorView.domEventHandlers({
    paste(event, view) {
      const insert = fromCode(event.clipboardData?.getData('text/plain') ?? '');
      if (insert === null) return false;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert }, selection: { anchor: insert.length }, userEvent: 'input.paste' });
      return true;
    },
  });
}

function tokens({ read }: Language): Extension {
  const mark = (state: EditorState) => {
    const marks = new RangeSetBuilder<Decoration>();
    for (const { from, to, role } of read(state.doc.toString())) if (to > from) marks.add(from, to, Decoration.mark({ class: `role-${role}` }));
    return marks.finish();
  };
  return StateField.define<DecorationSet>({
    create: mark,
    update: (marks, transaction) => (transaction.docChanged ? mark(transaction.state) : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
}

/** Underlines; a mistake of no length ("an index is missing here") underlines the character before it. */
const mistakes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let now = marks.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMistakes)) now = underline(effect.value, transaction.newDoc.length);
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function underline(list: Mistake[], length: number): DecorationSet {
  const ranges = list.flatMap(({ from, to, advice }) => {
    const end = Math.min(Math.max(to, from + 1), length);
    const begin = Math.min(from, Math.max(0, end - 1));
    return end > begin ? [Decoration.mark({ class: advice ? 'cm-advice' : 'cm-wrong' }).range(begin, end)] : [];
  });
  return Decoration.set(ranges, true);
}

/** Nothing is chosen until an arrow key chooses it, so that Enter builds while the list is open. */
function completion({ complete }: Language): Extension {
  const source = ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    if (!explicit && pos === 0) return null;
    const text = state.doc.toString();
    const options = complete(text, pos).filter((option) => option.text !== text.slice(option.from, pos)); // what stands there is no offer
    const from = options[0]?.from;
    if (from === undefined) return null;
    return { from, filter: false, options: options.map(({ text: label, detail, meaning }) => ({ label, detail, info: meaning })) };
  };
  return autocompletion({ override: [source], selectOnOpen: false, interactionDelay: 0, icons: false, closeOnBlur: true, aboveCursor: false });
}

function explanation({ explain }: Language): Extension {
  return hoverTooltip((view, at) => {
    const found = explain(view.state.doc.toString(), at);
    if (!found) return null;
    return {
      pos: found.from, end: found.to, above: false,
      create() {
        const dom = document.createElement('div');
        dom.className = 'cm-explain';
        const title = dom.appendChild(document.createElement('strong'));
        title.textContent = found.title;
        dom.appendChild(document.createElement('p')).textContent = found.meaning;
        return { dom };
      },
    };
  }, { hoverTime: 250 });
}
