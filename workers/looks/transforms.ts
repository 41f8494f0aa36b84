import { openArena, release, takeF32 } from '../../engine/memory';
import { chainOf } from '../../engine/plane';
import { transformQuery } from '../../engine/search';
import type { Transform } from '../../engine/types';
import { newWork } from '../../engine/work';
import { loaded, ready } from '../session';
import type { Session } from '../session';

/** The space before the chain, then after each transform of it, measured on an evenly spaced sample of the base. */
export type TransformsLook = { sampled: number; spaces: Space[] };
export type Space = {
  /** Kind of the transform that leads here; null for the data's own space. */
  after: Transform['spec']['kind'] | null;
  d: number;
  covariance: Float32Array; // (d, d)
};

const SAMPLE = 2048;

export async function transforms(session: Session): Promise<TransformsLook> {
  const { base, n, d } = loaded(session), { index } = ready(session), chain = chainOf(index), sampled = Math.min(SAMPLE, n);
  const rows: Float32Array[] = Array.from({ length: sampled }, (_, i) => { const id = Math.floor((i * n) / sampled); return base.slice(id * d, (id + 1) * d); });
  const spaces: Space[] = [{ after: null, d, covariance: covariance(rows, d) }];
  let at = rows;
  for (const transform of chain) {
    at = at.map((row) => mapped(session, transform, row));
    spaces.push({ after: transform.spec.kind, d: transform.dOut, covariance: covariance(at, transform.dOut) });
  }
  return { sampled, spaces };
}

function mapped({ engine }: Session, transform: Transform, row: Float32Array): Float32Array {
  const arena = openArena(engine.memory), thread = engine.own, { top } = thread;
  const x = takeF32(arena, row.length);
  x.set(row);
  const out = new Float32Array(thread.buffer, transformQuery(thread, [transform], x.byteOffset, newWork()), transform.dOut).slice();
  thread.top = top;
  release(arena);
  return out;
}

/** Of rows (·, d), about their mean. */
function covariance(rows: Float32Array[], d: number): Float32Array {
  const mean = new Float64Array(d), sums = new Float64Array(d * d), out = new Float32Array(d * d), n = rows.length;
  for (const row of rows) for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (row[j] ?? 0) / n;
  for (const row of rows) {
    for (let i = 0; i < d; i++) {
      const a = (row[i] ?? 0) - (mean[i] ?? 0);
      for (let j = i; j < d; j++) sums[i * d + j] = (sums[i * d + j] ?? 0) + a * ((row[j] ?? 0) - (mean[j] ?? 0));
    }
  }
  for (let i = 0; i < d; i++) for (let j = i; j < d; j++) out[i * d + j] = out[j * d + i] = (sums[i * d + j] ?? 0) / n;
  return out;
}
