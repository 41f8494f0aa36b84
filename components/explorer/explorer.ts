import { useStore } from 'zustand';
import { createExplorer } from '@/state/explorer';
import type { State } from '@/state/store';
import { layOut, theEngine } from '@/workers/client';

/** The page's one explorer. The engine behind it is not started before it is asked. */
export const explorer = createExplorer(theEngine, layOut);

/** A part of the state; the component is drawn again when that part changes. */
export const useExplorer = <T,>(select: (state: State) => T): T => useStore(explorer.store, select);
