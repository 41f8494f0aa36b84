/** The kernels of additive codes once more in plain TypeScript: what they mean, and what the tests hold them to. */

/** `nbits` bits of a code from `bit` on, the lowest first. */
export function bitsAt(code: Uint8Array, bit: number, nbits: number): number {
  let v = 0;
  for (let b = 0; b < nbits; b++) v += (((code[(bit + b) >> 3] ?? 0) >> ((bit + b) & 7)) & 1) * 2 ** b;
  return v;
}

/** Σ_m rows[first row of m + code_m], each row at its own components of out (d). */
export function decodeSum(code: Uint8Array, layout: Int32Array, M: number, codebooks: Float32Array, d: number, dsub: number): Float32Array {
  const out = new Float32Array(d);
  for (let m = 0; m < M; m++) {
    const [bit = 0, width = 0, first = 0, to = 0] = layout.subarray(m * 4, m * 4 + 4), row = first + bitsAt(code, bit, width);
    for (let j = 0; j < dsub; j++) out[to + j] = (out[to + j] ?? 0) + (codebooks[row * dsub + j] ?? 0);
  }
  return out;
}

/** Σ of one table entry per field of the layout. */
export const scanSum = (code: Uint8Array, layout: Int32Array, fields: number, table: Float32Array) =>
  Array.from({ length: fields }, (_, m) => table[(layout[m * 4 + 2] ?? 0) + bitsAt(code, layout[m * 4] ?? 0, layout[m * 4 + 1] ?? 0)] ?? 0).reduce((a, b) => a + b, 0);

/** ‖x − Σ rows‖². */
export const errorOf = (x: Float32Array, rows: Float32Array[]) => x.reduce((sum, v, j) => sum + (v - rows.reduce((s, row) => s + (row[j] ?? 0), 0)) ** 2, 0);

export type Candidate = { codes: number[]; dist: number };

/** Every candidate extended by every row of the next book, the best `keep`; ties to the earlier candidate, then the smaller row. */
export function extend(x: Float32Array, books: Float32Array[][], candidates: Candidate[], keep: number): Candidate[] {
  const m = candidates[0]?.codes.length ?? 0, rowsOf = (codes: number[]) => codes.flatMap((c, b) => books[b]?.[c] ?? []);
  const all = candidates.flatMap(({ codes }) => (books[m] ?? []).map((_, k) => ({ codes: [...codes, k], dist: errorOf(x, rowsOf([...codes, k])) })));
  return all.sort((a, b) => a.dist - b.dist).slice(0, keep);
}

/** One round of local search: set the named codes, then sweep until nothing moves or `sweeps` sweeps are done. */
export function localRound(x: Float32Array, books: Float32Array[][], codes: number[], changes: [m: number, code: number][], sweeps: number): number[] {
  const next = codes.slice(), error = () => errorOf(x, next.flatMap((c, m) => books[m]?.[c] ?? []));
  for (const [m, code] of changes) next[m] = code;
  for (let step = 0; step < sweeps * next.length; step++) {
    const m = step % next.length, errors = (books[m] ?? []).map((_, k) => { next[m] = k; return error(); });
    next[m] = errors.indexOf(Math.min(...errors));
  }
  return next;
}

/** Solution of a·x = b (n, n) by Gaussian elimination with pivots; b (n, columns). */
export function solve(a: number[][], b: number[][]): number[][] {
  const rows = a.map((row, i) => [...row, ...(b[i] ?? [])]), n = a.length;
  for (let c = 0; c < n; c++) {
    const pivot = rows.slice(c).reduce((best, row, i) => (Math.abs(row[c] ?? 0) > Math.abs(rows[best]?.[c] ?? 0) ? c + i : best), c);
    [rows[c], rows[pivot]] = [rows[pivot] ?? [], rows[c] ?? []];
    const own = (rows[c] ?? []).map((v) => v / (rows[c]?.[c] ?? 1));
    rows.forEach((row, i) => { rows[i] = i === c ? own : row.map((v, j) => v - (row[c] ?? 0) * (own[j] ?? 0)); });
  }
  return rows.map((row) => row.slice(n));
}
