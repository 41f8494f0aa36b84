import { Popover, Toolbar } from 'radix-ui';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Field, Value } from '@/engine/factory/edit';
import { OfferList } from './OfferList';
import type { TermOffer } from './OfferList';
import { TermField } from './TermField';

/** What can be done to one block; each string answered is the whole index after it, null where it may not be done. */
export type BlockActions = {
  fields: () => Field[];
  set: (key: string, value: Value) => void;
  instead: () => TermOffer[];
  without: () => string | null;
  moved: (by: -1 | 1) => string | null;
};
type Props = {
  text: string; role: string; meaning: string; limits: string; brief: string;
  /** Null while the string cannot be read. */
  actions: BlockActions | null;
  /** The stack changes: `step` is where the focus goes, from this block. */
  onRebuild: (index: string, step: number) => void;
};

/** A term of the stack. Click, Enter or ↓ opens its editor. */
export function BlockChip({ text, role, meaning, limits, brief, actions, onRebuild }: Props) {
  const [open, setOpen] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    setOpen(true);
  };
  const rebuild = (index: string, step: number) => { setOpen(false); onRebuild(index, step); };
  return (
    <Popover.Root open={open && actions !== null} onOpenChange={setOpen}>
      <Toolbar.Button asChild disabled={actions === null}>
        <Popover.Trigger className="flow-chip" data-block="" title={meaning} onKeyDown={onKeyDown}>
          <span className={`mono font-medium role-${role}`}>{text}</span>
          {brief && <span className="label">{brief}</span>}
        </Popover.Trigger>
      </Toolbar.Button>
      <Popover.Portal>
        <Popover.Content className="floating z-30 w-96 max-w-[calc(100vw-16px)] px-3 py-2" align="start" sideOffset={6} collisionPadding={8} aria-label={`Block ${text}`}>
          {open && actions && <Editor {...{ text, role, meaning, limits, actions }} onRebuild={rebuild} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

type EditorProps = Omit<Props, 'actions' | 'brief'> & { actions: BlockActions };

function Editor({ text, role, meaning, limits, actions, onRebuild }: EditorProps) {
  const [exchanging, setExchanging] = useState(false);
  const instead = exchanging ? actions.instead() : [];
  const [left, right, rest] = [actions.moved(-1), actions.moved(1), actions.without()];
  return (
    <div className="grid gap-2">
      <p className="text-sm"><span className={`mono font-medium role-${role}`}>{text}</span> {meaning} <span className="text-ink-2">{limits}</span></p>
      {actions.fields().map((field) => <TermField key={field.key} field={field} onChange={(value) => actions.set(field.key, value)} />)}
      <div className="flex flex-wrap gap-1 border-t border-line pt-2">
        {left !== null && <button type="button" className="button button-small" onClick={() => onRebuild(left, -1)}>← Move left</button>}
        {right !== null && <button type="button" className="button button-small" onClick={() => onRebuild(right, 1)}>Move right →</button>}
        <button type="button" className="button button-small" aria-expanded={exchanging} onClick={() => setExchanging(!exchanging)}>Exchange</button>
        {rest !== null && <button type="button" className="button button-small ml-auto" onClick={() => onRebuild(rest, 0)}>Remove</button>}
      </div>
      {exchanging && (instead.length > 0
        ? <OfferList label={`Instead of ${text}`} offers={instead} onChoose={(index) => onRebuild(index, 0)} />
        : <p className="label">Nothing else can stand here.</p>)}
    </div>
  );
}
