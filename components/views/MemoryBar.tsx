import { bytes, percent } from '../marks';
import { Figure } from './Figure';

/** Bytes of a finished index by what they hold. `perVector` of the parts that grow with n. */
export type MemoryPart = { name: string; role: string; bytes: number; perVector: number | null };

type Props = { parts: MemoryPart[]; total: number; raw: number; height: number };

/** What the index takes, in parts, beside the raw vectors it stands for. */
export function MemoryBar({ parts, total, raw, height }: Props) {
  const table = {
    columns: ['part', 'bytes', 'bytes per vector'],
    rows: [...parts.map((part) => [part.name, part.bytes, part.perVector ?? '']), ['all', total, ''], ['raw vectors', raw, '']],
  };
  const caption = total === 0 ? 'Bytes on disk, as Faiss would write them' : `${percent(total / raw)} of the raw vectors, ${bytes(raw)}`;
  return (
    <Figure title="Memory" caption={caption} table={table} height={height}>
      <div className="flex h-full flex-col justify-start gap-2 pt-2" role="img" aria-label={`${bytes(total)} in all: ${parts.map((part) => `${part.name} ${bytes(part.bytes)}`).join(', ')}`}>
        <p className="text-xl font-medium">{total === 0 ? '\u00a0' : bytes(total)}</p>
        <div className="flex h-3 w-full gap-px overflow-hidden rounded-[3px] bg-wash">
          {parts.map((part) => <span key={part.name} style={{ width: `${(100 * part.bytes) / Math.max(total, raw)}%`, background: `var(--role-${part.role})` }} />)}
        </div>
        <ul className="text-xs">
          {parts.map((part) => (
            <li key={part.name} className="flex items-baseline gap-1.5">
              <span className="size-2 shrink-0 rounded-[2px]" style={{ background: `var(--role-${part.role})` }} />
              <span className="truncate text-ink-2">{part.name}</span>
              <span className="ml-auto whitespace-nowrap">{part.perVector === null ? bytes(part.bytes) : `${bytes(part.perVector)} × n`}</span>
            </li>
          ))}
        </ul>
      </div>
    </Figure>
  );
}
