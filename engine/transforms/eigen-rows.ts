/** The steps of eigen.ts that take O(n²), on rows of one matrix: plain, and by kernels with the same bits. */
import type { Arena } from '../memory';
import { take } from '../memory';
import type { Thread } from '../thread';

export type EigenRows = {
  q: Float64Array; // (n, n)
  v: Float64Array; // (n) a reflector
  /** The leading i × i block ← H·block·H, H = I − tau·v·vᵀ. Lower triangle only. */
  rankTwo(i: number, tau: number): void;
  /** Rows of the leading i × i block: each r ← r − tau·⟨r, v⟩·v. */
  reflect(i: number, tau: number): void;
  /** Row i and the one after it: (a, b) → (c·a − s·b, s·a + c·b). */
  turn(i: number, c: number, s: number): void;
};

export function plainRows(n: number): EigenRows {
  const q = new Float64Array(n * n), v = new Float64Array(n), w = new Float64Array(n);
  return { q, v, rankTwo: (i, tau) => rankTwo(q, v, w, tau, i, n), reflect: (i, tau) => reflectBlock(q, v, tau, i, n), turn: (i, c, s) => rotateRows(q, i * n, n, c, s) };
}

/** In an arena, on one thread. */
export function kernelRows({ build, buffer }: Thread, arena: Arena, n: number): EigenRows {
  const of = (count: number) => new Float64Array(buffer, take(arena, count * 8, 'the eigenvectors'), count), q = of(n * n), v = of(n), w = of(n), row = n * 8;
  return {
    q, v,
    rankTwo: (i, tau) => build.rankTwo(q.byteOffset, n, v.byteOffset, w.byteOffset, i, tau),
    reflect: (i, tau) => build.reflectRows(q.byteOffset, n, v.byteOffset, i, tau),
    turn: (i, c, s) => build.turnRows(q.byteOffset + i * row, n, c, s),
  };
}

/** block − v·wᵀ − w·vᵀ, w = tau·(p − ½tau·⟨p, v⟩·v), p = block·v. */
function rankTwo(q: Float64Array, v: Float64Array, w: Float64Array, tau: number, i: number, n: number): void {
  w.fill(0, 0, i);
  for (let r = 0; r < i; r++) {
    const at = r * n, vr = v[r] ?? 0;
    let sum = 0;
    for (let c = 0; c < r; c++) {
      const a = q[at + c] ?? 0;
      sum += a * (v[c] ?? 0);
      w[c] = (w[c] ?? 0) + a * vr;
    }
    w[r] = (w[r] ?? 0) + sum + (q[at + r] ?? 0) * vr;
  }
  let dot = 0;
  for (let r = 0; r < i; r++) dot += (w[r] ?? 0) * (v[r] ?? 0);
  const half = 0.5 * tau * dot;
  for (let r = 0; r < i; r++) w[r] = tau * ((w[r] ?? 0) - half * (v[r] ?? 0));
  for (let r = 0; r < i; r++) {
    const at = r * n, vr = v[r] ?? 0, wr = w[r] ?? 0;
    for (let c = 0; c <= r; c++) q[at + c] = (q[at + c] ?? 0) - vr * (w[c] ?? 0) - wr * (v[c] ?? 0);
  }
}

function reflectBlock(q: Float64Array, v: Float64Array, tau: number, i: number, n: number): void {
  for (let r = 0; r < i; r++) {
    const at = r * n;
    let dot = 0;
    for (let c = 0; c < i; c++) dot += (q[at + c] ?? 0) * (v[c] ?? 0);
    dot *= tau;
    for (let c = 0; c < i; c++) q[at + c] = (q[at + c] ?? 0) - dot * (v[c] ?? 0);
  }
}

function rotateRows(q: Float64Array, at: number, n: number, c: number, s: number): void {
  for (let j = at; j < at + n; j++) {
    const a = q[j] ?? 0, b = q[j + n] ?? 0;
    q[j] = c * a - s * b;
    q[j + n] = s * a + c * b;
  }
}
