import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';

type Option = { index: number; text: string };
type Props = {
  /** What stands in the field while nobody types. */
  value: string;
  placeholder: string;
  disabled: boolean;
  find: (text: string) => Option[];
  onPick: (index: number) => void;
};

/** A held-out query by its name or number: type, choose with arrows or pointer. ARIA's combobox with a list. */
export function QueryPicker({ value, placeholder, disabled, find, onPick }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const options = typed === null ? [] : find(typed);
  const close = () => { setTyped(null); setActive(0); };
  const pick = (option: Option | undefined) => { if (option) onPick(option.index); close(); };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') pick(options[active]);
    else if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown') setActive(Math.min(active + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else return;
    event.preventDefault();
  };
  return (
    <div className="relative min-w-0 grow">
      <input className="control w-full text-query" role="combobox" aria-label="Query" aria-expanded={options.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list"
        aria-activedescendant={options[active] ? `${id}-${active}` : undefined} value={typed ?? value} placeholder={placeholder} disabled={disabled}
        onFocus={(event) => event.target.select()} onChange={(event) => { setTyped(event.target.value); setActive(0); }} onKeyDown={onKeyDown} onBlur={close} />
      <ul id={`${id}-list`} role="listbox" aria-label="Queries" hidden={options.length === 0} className="floating absolute top-full right-0 left-0 z-20 mt-1 max-h-72 overflow-auto py-1">
        {options.map((option, i) => (
          <li key={option.index} id={`${id}-${i}`} role="option" aria-selected={i === active} className="flex cursor-pointer justify-between gap-3 px-2.5 py-1 aria-selected:bg-wash"
            onPointerDown={(event) => { event.preventDefault(); pick(option); }} onPointerEnter={() => setActive(i)}>
            <span className="truncate">{option.text}</span><span className="text-ink-2">{option.index}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
