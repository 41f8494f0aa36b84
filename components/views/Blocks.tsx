import { Toolbar } from 'radix-ui';
import { Fragment, useEffect, useRef, useState } from 'react';
import { bytes } from '../marks';
import { AddBlock } from '../controls/AddBlock';
import { BlockChip } from '../controls/BlockChip';
import type { BlockActions } from '../controls/BlockChip';
import { KnobChip } from '../controls/KnobChip';
import type { BlockKnob } from '../controls/KnobChip';
import type { TermOffer } from '../controls/OfferList';

/** A term of the factory string as a station that a vector passes. */
export type BlockView = {
  path: string; role: string; text: string; meaning: string; limits: string;
  /** What it does here, short: "128 → 128", "256 cells". */
  brief: string;
  /** Bytes of a vector after it; null where it stores a number of a cell beside the code. */
  bytesOut: number | null;
  knobs: BlockKnob[];
};
/** What can be done to the stack; null while the string cannot be read. */
export type StackActions = {
  at: (path: string) => BlockActions;
  inserts: (gap: number) => TermOffer[];
  opens: (gap: number) => boolean;
};
export type Totals = { here: number; perVector: number; billion: number };
type Props = { bytesIn: number; blocks: BlockView[]; dimmed: boolean; totals: Totals | null; actions: StackActions | null; onWrite: (index: string) => void; onKnob: (name: string, value: number) => void };

/** The bytes of one vector on their way through the stack: 512 B ─OPQ32─ 512 B ─IVF256─ [cell id] ─PQ32─ 32 B. One stop of
 *  the Tab key; arrow keys go from block to block. */
export function Blocks({ bytesIn, blocks, dimmed, totals, actions, onWrite, onKnob }: Props) {
  const { row, rebuild } = useRebuild(onWrite);
  const add = (gap: number) => (actions?.opens(gap)
    ? <AddBlock place={placeName(gap, blocks)} offers={() => actions.inserts(gap)} onChoose={(index) => rebuild(index, gap)} />
    : <span className="flow-line" />);
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-1 wide:flex-nowrap">
      <Toolbar.Root ref={row} className={`flow text-sm ${dimmed ? 'stale' : ''}`} aria-label="Blocks" loop={false}>
        <span title="One vector as float32">{bytes(bytesIn)}</span>
        {blocks.map((block, i) => (
          <Fragment key={block.path}>
            {add(i)}
            <span className="flow-term max-sm:flex-wrap">
              <BlockChip {...block} actions={actions && actions.at(block.path)} onRebuild={(index, step) => rebuild(index, i + step)} />
              {block.knobs.map((knob) => <KnobChip key={knob.name} knob={knob} onChange={(value) => onKnob(knob.name, value)} />)}
            </span>
            <span className="flow-line" />
            {block.bytesOut === null ? <span className="text-ink-2" title="The number of its cell goes with the vector">[cell id]</span> : <span>{bytes(block.bytesOut)}</span>}
          </Fragment>
        ))}
        {add(blocks.length)}
      </Toolbar.Root>
      {totals && <Sum {...totals} />}
    </div>
  );
}

function Sum({ here, perVector, billion }: Totals) {
  return (
    <p className="ml-auto text-sm whitespace-nowrap text-ink-2" title="The .index file that Faiss would write, with ids, centroids and codebooks">
      in all <strong className="font-medium text-ink">{bytes(here)}</strong> · <strong className="font-medium text-ink">{bytes(perVector)}</strong> per vector · of a billion <strong className="font-medium text-ink">{bytes(billion)}</strong>
    </p>
  );
}

const placeName = (gap: number, blocks: BlockView[]) => {
  const next = blocks[gap];
  return next ? `before ${next.text}` : `behind ${blocks.at(-1)?.text ?? 'the stack'}`;
};

/** Writes another stack; the focus goes to the block that stands at `at` in it, or the last one. */
function useRebuild(onWrite: (index: string) => void) {
  const row = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<{ at: number } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => { // after the closing popover has given its focus back
      const chips = row.current?.querySelectorAll<HTMLElement>('[data-block]') ?? [];
      chips[Math.max(0, Math.min(wanted.at, chips.length - 1))]?.focus();
    });
    return () => clearTimeout(timer);
  }, [wanted]);
  return { row, rebuild: (index: string, at: number) => { onWrite(index); setWanted({ at }); } };
}
