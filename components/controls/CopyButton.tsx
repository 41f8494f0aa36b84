import { useEffect, useState } from 'react';

type Props = {
  text: () => string;
  label: string;
  /** What screen readers call it. */
  name?: string;
  className?: string;
  onCopied?: () => void;
};

/** Copies a text and says whether it could. The label keeps its width. */
export function CopyButton({ text, label, name = label, className = 'button', onCopied }: Props) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(''), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('Copied');
      onCopied?.();
    } catch {
      setSaid('Not allowed');
    }
  };
  return (
    <button type="button" className={className} onClick={() => void copy()} aria-label={name}>
      <span className="grid">
        <span className="col-start-1 row-start-1" style={{ visibility: said ? 'hidden' : 'visible' }}>{label}</span>
        <span className="col-start-1 row-start-1 text-center" role="status">{said}</span>
      </span>
    </button>
  );
}
