import { useSyncExternalStore } from 'react';

/** What the page needs around the picture at its widest layout: header, string, transport, charts. */
const around = 552;

function subscribe(changed: () => void): () => void {
  window.addEventListener('resize', changed);
  return () => window.removeEventListener('resize', changed);
}

/** The picture takes what is left of a wide window, and a fixed share of a narrow one. */
function measured(): number {
  const { innerWidth, innerHeight } = window;
  if (innerWidth >= 1200) return Math.max(320, innerHeight - around);
  return innerWidth >= 640 ? 420 : 320;
}

export const useStageHeight = (): number => useSyncExternalStore(subscribe, measured, () => 356);
