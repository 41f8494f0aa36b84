/** Rows timed so far, kept as they come, so that a long run may be ended and taken up again. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './compare';

export type Store = { find(index: string): Row | string | undefined; keep(index: string, row: Row | string): void };

/** `kind`: set, size and rivals; rows of another kind do not stand beside these. */
export function openStore(kind: string, resume: boolean, folder = '.cache/bench/rows'): Store {
  const path = join(folder, `${kind.replace(/[^a-z0-9.]+/gi, '-')}.json`);
  if (!resume) rmSync(path, { force: true });
  const rows = new Map<string, Row | string>(resume ? read(path) : []);
  return {
    find: (index) => rows.get(index),
    keep(index, row) {
      rows.set(index, row);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, JSON.stringify([...rows]));
    },
  };
}

function read(path: string): [string, Row | string][] {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return []; // no earlier run
  }
}
