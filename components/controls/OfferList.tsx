import type { KeyboardEvent } from 'react';
import { bytes } from '../marks';

export type TermOffer = { text: string; meaning: string; bytesPerVector: number; index: string };
type Props = { label: string; offers: TermOffer[]; onChoose: (index: string) => void };

/** Terms to choose from: what each does in one line, and what a vector then takes. */
export function OfferList({ label, offers, onChoose }: Props) {
  const walk = (event: KeyboardEvent<HTMLUListElement>) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    buttons[buttons.findIndex((one) => one === document.activeElement) + by]?.focus();
  };
  return (
    <ul aria-label={label} className="-mx-2 max-h-72 overflow-auto" onKeyDown={walk}>
      {offers.map(({ text, meaning, bytesPerVector, index }) => (
        <li key={text}>
          <button type="button" className="offer" onClick={() => onChoose(index)}>
            <span className="mono font-medium">{text}</span>
            <span className="text-right text-xs whitespace-nowrap" title="Bytes per vector of the whole index">{bytes(bytesPerVector)}<span className="sr-only"> per vector</span></span>
            <span className="col-span-2 text-xs text-ink-2">{meaning}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
