import { Fragment } from 'react';
import { bytes } from '../marks';

/** A term of the factory string as a stage that a vector passes. */
export type BlockView = {
  name: string;
  role: string;
  text: string;
  meaning: string;
  /** What it does here, short: "128 → 128", "256 cells". */
  brief: string;
  /** Bytes of a vector after it; null where it stores a number of a cell, or links, beside the code. */
  bytesOut: number | null;
};

type Props = { bytesIn: number; blocks: BlockView[]; dimmed: boolean; perVector: number | null; total: number | null };

/** The bytes of one vector on their way through the stack: 512 B ─OPQ32─ 512 B ─IVF256─ [cell id] ─PQ32─ 32 B. */
export function Blocks({ bytesIn, blocks, dimmed, perVector, total }: Props) {
  return (
    <div className={`flow text-sm ${dimmed ? 'stale' : ''}`} role="group" aria-label="Blocks">
      <span title="One vector as float32">{bytes(bytesIn)}</span>
      {blocks.map((block, i) => (
        <Fragment key={`${i} ${block.text}`}>
          <span className="flow-line" />
          <span className="flow-term" title={`${block.text}: ${block.meaning}`}>
            <span className={`mono font-medium role-${block.role}`}>{block.text}</span>
            <span className="label">{block.brief}</span>
          </span>
          <span className="flow-line" />
          {block.bytesOut === null ? <span className="text-ink-2">[cell id]</span> : <span>{bytes(block.bytesOut)}</span>}
        </Fragment>
      ))}
      {perVector !== null && total !== null && (
        <span className="ml-auto pl-4 whitespace-nowrap text-ink-2" title="The .index file that Faiss would write, with ids, centroids and codebooks">
          in all <strong className="font-medium text-ink">{bytes(total)}</strong> · <strong className="font-medium text-ink">{bytes(perVector)}</strong> per vector
        </span>
      )}
    </div>
  );
}
