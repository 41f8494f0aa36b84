import { useId } from 'react';
import type { Field, Value } from '@/engine/factory/edit';

type Props = { field: Field; onChange: (value: Value) => void };

/** One number or word of a term: a slider over its legal values, a menu of words, or a tick. */
export function TermField({ field, onChange }: Props) {
  const id = useId();
  const { name, meaning, value, options } = field;
  const at = options.indexOf(value);
  const numbers = options.filter((option) => typeof option === 'number').length;
  const choose = (i: number) => { if (i !== at && i in options) onChange(options[i]); };
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-3">
      <label htmlFor={id} className="min-w-0 truncate text-xs" title={meaning}><strong className="font-medium">{name}</strong> <span className="text-ink-2">{meaning}</span></label>
      {numbers > 2 ? (
        <>
          <output htmlFor={id} className="text-right text-sm font-medium">{textOf(value)}</output>
          <input id={id} className="col-span-2" type="range" aria-valuetext={textOf(value)} min={0} max={options.length - 1} step={1} value={at} onChange={(event) => choose(event.target.valueAsNumber)} />
        </>
      ) : typeof value === 'boolean' ? (
        <input id={id} type="checkbox" className="size-4" checked={value} onChange={() => onChange(!value)} />
      ) : (
        <select id={id} className="control my-0.5 h-7 text-sm" value={at} onChange={(event) => choose(Number(event.target.value))}>
          {options.map((option, i) => <option key={i} value={i}>{textOf(option)}</option>)}
        </select>
      )}
    </div>
  );
}

/** Words of the tree that say too little by themselves. */
const words: { [word: string]: string } = { Flat: 'comparing with all', HNSW: 'an HNSW graph', NSG: 'an NSG', IMI: 'two halves (IMI)', Index: 'an index of its own', g: 'global mean', c: 'centroid', m: 'median' };

function textOf(value: Value): string {
  if (value === undefined) return 'left out';
  if (value === null) return 'no suffix';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : words[value] ?? String(value);
}
