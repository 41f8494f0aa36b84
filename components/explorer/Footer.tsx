import { bytes } from '../marks';
import { useExplorer } from './explorer';

/** Which engine runs, where the vectors come from. */
export function Footer() {
  const engine = useExplorer((state) => state.engine);
  const data = useExplorer((state) => state.built?.data ?? null);
  return (
    <footer className="label flex min-h-10 flex-wrap items-center gap-x-6 border-t border-line px-4 py-2 wide:px-6">
      <span data-testid="engine">{engine ? [threadsText(engine), `${engine.simd} SIMD`, `${bytes(engine.memoryBytes)} of memory`].join(' · ') : 'The engine is starting'}</span>
      {data && <span className="min-w-0">Data: {data.attribution}; {data.licence}</span>}
      <span className="wide:ml-auto">Everything is computed in this tab; nothing is sent anywhere.</span>
    </footer>
  );
}

const threadsText = ({ shared, threads }: { shared: boolean; threads: number }) =>
  shared ? `${threads} ${threads === 1 ? 'thread' : 'threads'}` : '1 thread: this page is not cross-origin isolated';
