import { useId, useState } from 'react';

type Props = {
  label: string;
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  /** What it means, on hover. */
  hint?: string;
  wrong?: string | null;
  width?: string;
  /** Sizes offered in a list under the field. */
  offers?: readonly number[];
};

/** A whole number. It counts when the field is left, Enter is pressed or an arrow steps it, not at every key. */
export function NumberField({ label, value, onChange, min, max, hint, wrong, width = '5.5rem', offers }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    if (typed === null) return;
    setTyped(null);
    if (typed.trim() !== '') onChange(Math.min(max, Math.max(min, Math.round(Number(typed)))));
  };
  return (
    <label className="flex items-center gap-1.5" title={hint}>
      <span className="label">{label}</span>
      <input className="control" style={{ width }} type="number" inputMode="numeric" min={min} max={max} step={1} value={typed ?? value}
        list={offers ? `${id}-offers` : undefined} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => setTyped(event.target.value)} onBlur={commit} onKeyDown={(event) => { if (event.key === 'Enter') commit(); }} />
      {offers && <datalist id={`${id}-offers`}>{offers.map((offer) => <option key={offer} value={offer} />)}</datalist>}
      {wrong && <span id={`${id}-wrong`} role="status" className="text-xs text-wrong">{wrong}</span>}
    </label>
  );
}
