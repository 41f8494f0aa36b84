/** Rows measured so far, kept as they come, so that a run of hours may be ended and taken up again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../engine/test/figures';
import type { Ours } from './measure';

export type Store = { find(row: Row): Ours | undefined; keep(row: Row, ours: Ours): void };

export const nameOf = ({ set, metric, s }: Pick<Row, 'set' | 'metric' | 's'>) => `${set} ${metric} ${s}`;

export function openStore(folder = '.cache/agree'): Store {
  const path = join(folder, 'rows.json'), rows = new Map<string, Ours>(read(path));
  return {
    find: (row) => rows.get(nameOf(row)),
    keep(row, ours) {
      rows.set(nameOf(row), ours);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, JSON.stringify([...rows]));
    },
  };
}

function read(path: string): [string, Ours][] {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return []; // no earlier run
  }
}
