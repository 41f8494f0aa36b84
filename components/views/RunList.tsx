import { runColour, runMarker } from '../marks';
import type { RunView } from './runs';

type Props = { runs: RunView[]; onChoose: (id: number) => void };

/** The runs in the charts, by marker and string. One press brings an earlier one back. */
export function RunList({ runs, onChoose }: Props) {
  return (
    <ul className="flex min-h-8 flex-wrap items-center gap-x-1" aria-label="Runs">
      {runs.map((run) => (
        <li key={run.id}>
          <button type="button" className="button button-quiet mono px-2 text-xs" aria-pressed={run.current} title={run.current ? 'On screen' : 'Build it again'} disabled={run.current} onClick={() => onChoose(run.id)}
            style={run.current ? { opacity: 1, color: 'var(--ink)' } : undefined}>
            <svg width={12} height={12} viewBox="-6 -6 12 12" aria-hidden="true">
              <path d={runMarker(run.id)} fill={run.current ? runColour(run.id) : 'none'} stroke={runColour(run.id)} strokeWidth={1.5} />
            </svg>
            {run.label}
          </button>
        </li>
      ))}
    </ul>
  );
}
