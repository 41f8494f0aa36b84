import { useState } from 'react';
import type { Looks } from '@/workers/protocol';
import style from './codes.module.css';

type Props = { selected: Looks['codes']['selected']; n: number; searched: boolean; onSelect: (id: number | null) => void };

const words = { missed: 'first missed', hit: 'first hit', nearest: 'nearest in truth' };

/** Which vector is looked at; another by its id, or none of one's own choice. */
export function SelectedHead({ selected: { id, why }, n, searched, onSelect }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const take = () => {
    const wanted = Number(typed);
    if (typed !== null && typed.trim() !== '' && Number.isInteger(wanted) && wanted >= 0 && wanted < n) onSelect(wanted);
    setTyped(null);
  };
  return (
    <>
      <label><strong>Vector</strong> <input className={style.id} type="number" min={0} max={n - 1} value={typed ?? id} aria-label={`Vector looked at, by id from 0 to ${n - 1}`} onChange={(event) => setTyped(event.target.value)} onBlur={take} onKeyDown={(event) => { if (event.key === 'Enter') take(); }} /></label>
      {why === 'asked' ? <button type="button" className={style.back} onClick={() => onSelect(null)}>{searched ? 'first missed' : 'nearest'}</button> : <span>{words[why]}</span>}
    </>
  );
}
