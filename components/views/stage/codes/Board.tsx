import { useState, type KeyboardEvent, type ReactNode } from 'react';
import style from './codes.module.css';

/** One of the pictures side by side: `draw` is given the pixels that it has. */
export type PanelSpec = {
  name: string;
  title: ReactNode;
  /** Said by screen readers; the panel takes the keys it is given. */
  label: string;
  onKey?: (key: string) => boolean;
  draw: (width: number, height: number) => ReactNode;
  /** Below, in so many lines: what it says may change without moving anything. */
  note?: { text: string; lines: 1 | 2 };
};

const NARROW = 760, HEAD = 20, LINE = 17, PAD = 10, GAP = 16;

/** Three columns, the last of two panels; on a narrow screen one panel at a time. */
export function Board({ panels, width, height }: { panels: [PanelSpec, PanelSpec, PanelSpec, PanelSpec]; width: number; height: number }) {
  const [first, second, third, fourth] = panels;
  if (width < NARROW) return <Tabs panels={panels} width={width} height={height} />;
  const inner = width - 2 * PAD - 2 * GAP - 2, columns = [0.4, 0.32, 0.28].map((share) => Math.floor(inner * share)), tall = height - 12, upper = Math.round(tall * 0.58);
  const [a = 0, b = 0, c = 0] = columns;
  return (
    <div className={style.board} style={{ gridTemplateColumns: columns.map((w) => `${w}px`).join(' ') }}>
      <Panel {...first} width={a} height={tall} />
      <Panel {...second} width={b} height={tall} />
      <div className={style.column} style={{ gridTemplateRows: `${upper}px ${tall - upper}px` }}>
        <Panel {...third} width={c} height={upper} />
        <Panel {...fourth} width={c} height={tall - upper} />
      </div>
    </div>
  );
}

function Panel({ title, label, onKey, draw, note, width, height }: PanelSpec & { width: number; height: number }) {
  const below = (note?.lines ?? 0) * LINE, room = height - HEAD - below;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target === event.currentTarget && !event.ctrlKey && !event.metaKey && !event.altKey && onKey?.(event.key)) event.preventDefault();
  };
  return (
    <div className={style.panel}>
      <div className={style.head}>{title}</div>
      <div className={style.body} role={onKey ? 'application' : 'group'} aria-label={label} tabIndex={onKey ? 0 : undefined} onKeyDown={onKeyDown} style={{ height: room }}>{draw(width, room)}</div>
      {note && <div className={style.note} data-lines={note.lines} role="status" style={{ height: below }}>{note.text}</div>}
    </div>
  );
}

function Tabs({ panels, width, height }: { panels: PanelSpec[]; width: number; height: number }) {
  const [name, setName] = useState(panels[0]?.name ?? ''), shown = panels.find((panel) => panel.name === name) ?? panels[0];
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key], at = panels.findIndex((panel) => panel.name === shown?.name), to = by === undefined ? undefined : panels[(at + by + panels.length) % panels.length];
    if (!to) return;
    event.preventDefault();
    setName(to.name);
    event.currentTarget.querySelector<HTMLElement>(`[data-name="${to.name}"]`)?.focus();
  };
  return (
    <>
      <div className={style.tabs} role="tablist" aria-label="Pictures of the codes" onKeyDown={walk}>
        {panels.map((panel) => <button key={panel.name} type="button" role="tab" className={style.tab} data-name={panel.name} aria-selected={panel === shown} tabIndex={panel === shown ? 0 : -1} onClick={() => setName(panel.name)}>{panel.name}</button>)}
      </div>
      {shown && <div style={{ padding: '4px 10px' }}><Panel {...shown} width={width - 22} height={height - 58} /></div>}
    </>
  );
}

/** Left and right arrows for one thing, up and down for another. */
export function arrowKeys(across: (by: number) => void, along?: (by: number) => void): (key: string) => boolean {
  const keys: Record<string, () => void> = { ArrowLeft: () => across(-1), ArrowRight: () => across(1), ...(along && { ArrowUp: () => along(-1), ArrowDown: () => along(1) }) };
  return (key) => {
    keys[key]?.();
    return key in keys;
  };
}
