/** The codebooks that best explain given codes: (BᵀB + λI)·C = BᵀX in double precision, B having a one for every code of every row
 *  (Babenko & Lempitsky, CVPR 2014, §3.2). Solved by a blocked Cholesky factorization whose row blocks go to the threads (Golub &
 *  Van Loan, Matrix Computations, 4th ed., §4.2.6). Knows codes and vectors; not how codes were found. */
import type { Arena } from './memory';
import { take } from './memory';
import type { Engine } from './pool';
import { run } from './pool';
import type { Thread } from './thread';

/** Room for the equations of M codebooks of K rows in d dimensions: square (N, N), right (N, ldr) with N = M·K, ldr a multiple of four. */
export type Equations = { M: number; K: number; d: number; N: number; ldr: number; square: Float64Array; right: Float64Array };

export function openEquations(arena: Arena, M: number, K: number, d: number): Equations {
  const N = M * K, ldr = Math.ceil(d / 4) * 4, { buffer } = arena.memory.memory;
  const square = new Float64Array(buffer, take(arena, N * N * 8, 'the equations of the codebooks'), N * N);
  return { M, K, d, N, ldr, square, right: new Float64Array(buffer, take(arena, N * ldr * 8, 'the equations of the codebooks'), N * ldr) };
}

/** Codebooks (M, K, d) for codes (n, M) i32 of rows x, `stride` floats apart. */
export async function solveCodebooks(engine: Engine, e: Equations, codes: number, x: number, stride: number, n: number, lambda: number, out: Float32Array): Promise<void> {
  const { M, K, d, N, ldr, square, right } = e;
  square.fill(0);
  right.fill(0);
  const at = { square: square.byteOffset, right: right.byteOffset };
  await run(engine, 'normalEquations', { ...at, codes, n, M, K, x, stride, d, ldr }, M);
  for (let i = 0; i < N; i++) square[i * N + i] = (square[i * N + i] ?? 0) + lambda;
  for (let from = 0; from < N; from += PANEL) {
    const width = Math.min(PANEL, N - from), below = N - from - width;
    const corner = at.square + (from * N + from) * 8;
    if (from > 0) await run(engine, 'choleskyUpdate', { square: at.square, N, from, width }, Math.ceil((N - from) / ROWS));
    engine.own.build.choleskyBlock(corner, width, N);
    if (below > 0) await run(engine, 'choleskyRows', { square: at.square, N, from, width }, Math.ceil(below / ROWS));
  }
  await run(engine, 'choleskySolve', { ...at, N, ldr }, ldr / 4);
  for (let i = 0; i < N; i++) for (let j = 0; j < d; j++) out[i * d + j] = right[i * ldr + j] ?? 0;
}

const PANEL = 64; // columns factored at a time
const ROWS = 32;  // rows of a block

export type NormalArgs = { codes: number; n: number; M: number; K: number; x: number; stride: number; d: number; square: number; right: number; ldr: number };

/** One codebook's rows of the equations, summed over the vectors in order. */
export const normalBlock = (thread: Thread, a: NormalArgs, m: number) => thread.build.normalEquations(a.codes, a.n, a.M, m, a.K, a.x, a.stride, a.d, a.square, a.right, a.ldr);

export type PanelArgs = { square: number; N: number; from: number; width: number };

/** Rows of a panel, less the products with the columns before it. The panel's own rows come first. */
export function choleskyUpdateBlock(thread: Thread, { square, N, from, width }: PanelArgs, block: number): void {
  const first = from + block * ROWS, rows = Math.min(ROWS, N - first), row = (i: number) => square + i * N * 8;
  for (let k = 0; k < from; k += STRIPE) {
    thread.build.subtractProducts(row(first) + k * 8, rows, row(from) + k * 8, width, Math.min(STRIPE, from - k), row(first) + from * 8, N);
  }
}

const STRIPE = 256; // columns whose panel rows stay in the second-level cache: 64 × 256 × 8 bytes

/** Rows below a factored panel. */
export function choleskyRowsBlock(thread: Thread, { square, N, from, width }: PanelArgs, block: number): void {
  const first = from + width + block * ROWS;
  thread.build.solveRows(square + (from * N + from) * 8, width, square + (first * N + from) * 8, Math.min(ROWS, N - first), N);
}

export type SolveArgs = { square: number; right: number; N: number; ldr: number };

/** Four columns of the right side. */
export const choleskySolveBlock = (thread: Thread, { square, right, N, ldr }: SolveArgs, block: number) => thread.build.solveFour(square, N, right + block * 32, ldr);
