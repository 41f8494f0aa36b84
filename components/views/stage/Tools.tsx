import type { ReactNode } from 'react';
import style from './stage.module.css';
import type { ZoomActions } from './useZoom';

type ToolsProps = { actions: ZoomActions; moving: boolean; onMoving?: (moving: boolean) => void };

/** The buttons on the picture. */
export function Tools({ actions, moving, onMoving }: ToolsProps) {
  return (
    <div className={style.tools} role="toolbar" aria-label="View">
      {onMoving && (
        <Tool name="Move the query with the arrow keys (M)" pressed={moving} onClick={() => onMoving(!moving)}>
          <path d="M8 2v12M2 8h12M6.2 3.8 8 2l1.8 1.8M6.2 12.2 8 14l1.8-1.8M3.8 6.2 2 8l1.8 1.8M12.2 6.2 14 8l-1.8 1.8" />
        </Tool>
      )}
      <Tool name="Zoom in (+)" onClick={() => actions.zoomBy(1.6)}><path d="M8 3v10M3 8h10" /></Tool>
      <Tool name="Zoom out (−)" onClick={() => actions.zoomBy(1 / 1.6)}><path d="M3 8h10" /></Tool>
      <Tool name="Reset the view (0)" onClick={actions.reset}><path d="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3" /></Tool>
    </div>
  );
}

function Tool({ name, pressed, onClick, children }: { name: string; pressed?: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className={style.tool} aria-label={name} title={name} aria-pressed={pressed} onClick={onClick}>
      <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden="true">{children}</svg>
    </button>
  );
}
