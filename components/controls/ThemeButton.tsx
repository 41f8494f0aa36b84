import { useEffect } from 'react';

const root = () => document.documentElement;

/** Light or dark. Follows the system until it is pressed, then the choice is kept. */
export function ThemeButton() {
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = () => { if (!kept()) root().dataset.theme = dark.matches ? 'dark' : 'light'; };
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, []);
  const turn = () => {
    const theme = root().dataset.theme === 'dark' ? 'light' : 'dark';
    root().dataset.theme = theme;
    try { localStorage.setItem('theme', theme); } catch { /* storage refused: it holds for this page */ }
  };
  return (
    <button type="button" className="button button-quiet w-8 px-0" aria-label="Light or dark theme" title="Light or dark theme" onClick={turn}>
      <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden="true">
        <circle cx={8} cy={8} r={6} fill="none" stroke="currentColor" strokeWidth={1.5} />
        <path d="M8,2a6,6 0 0,1 0,12z" fill="currentColor" />
      </svg>
    </button>
  );
}

function kept(): boolean {
  try { return localStorage.getItem('theme') !== null; } catch { return false; }
}
