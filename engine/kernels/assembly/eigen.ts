// The steps of an eigenvector computation that take O(n²), in double precision. Sums are taken in the order of their terms, of four rows
// side by side: the same bits as in plain arithmetic, and no waiting for one addition before the next.

/** The leading i × i block of q, rows `ld` apart, ← block − v·wᵀ − w·vᵀ, w = tau·(p − ½tau·⟨p, v⟩·v), p = block·v. Lower triangle only.
 *  v, w (i); w is written. */
export function rankTwo(q: usize, ld: i32, v: usize, w: usize, i: i32, tau: f64): void {
  memory.fill(w, 0, <usize>i << 3);
  const row = <usize>ld << 3;
  let r = 0;
  for (; r + 4 <= i; r += 4) symmetricRows(q + <usize>r * row, row, v, w, r);
  for (; r < i; r++) symmetricRow(q + <usize>r * row, v, w, 0, r, 0);
  let dot: f64 = 0;
  for (let c: usize = 0; c < <usize>i << 3; c += 8) dot += load<f64>(w + c) * load<f64>(v + c);
  const half = 0.5 * tau * dot;
  for (let c: usize = 0; c < <usize>i << 3; c += 8) store<f64>(w + c, tau * (load<f64>(w + c) - half * load<f64>(v + c)));
  for (let at = q, c: usize = 0; c < <usize>i << 3; c += 8, at += row) subtractTwo(at, v, w, c);
}

// w += the columns, and w[r] += the row, of four rows of a symmetric block that begin with row r.
function symmetricRows(q: usize, row: usize, v: usize, w: usize, r: i32): void {
  const end = <usize>r << 3, q1 = q + row, q2 = q1 + row, q3 = q2 + row;
  const v0 = load<f64>(v + end), v1 = load<f64>(v + end, 8), v2 = load<f64>(v + end, 16), v3 = load<f64>(v + end, 24);
  let s0: f64 = 0, s1: f64 = 0, s2: f64 = 0, s3: f64 = 0;
  for (let c: usize = 0; c < end; c += 8) {
    const a0 = load<f64>(q + c), a1 = load<f64>(q1 + c), a2 = load<f64>(q2 + c), a3 = load<f64>(q3 + c), x = load<f64>(v + c);
    s0 += a0 * x; s1 += a1 * x; s2 += a2 * x; s3 += a3 * x;
    store<f64>(w + c, load<f64>(w + c) + a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3);
  }
  symmetricRow(q, v, w, r, r, s0);
  symmetricRow(q1, v, w, r, r + 1, s1);
  symmetricRow(q2, v, w, r, r + 2, s2);
  symmetricRow(q3, v, w, r, r + 3, s3);
}

// The rest of row r, from column `from` on.
function symmetricRow(q: usize, v: usize, w: usize, from: i32, r: i32, sum: f64): void {
  const at = <usize>r << 3, vr = load<f64>(v + at);
  for (let c = <usize>from << 3; c < at; c += 8) {
    const a = load<f64>(q + c);
    sum += a * load<f64>(v + c);
    store<f64>(w + c, load<f64>(w + c) + a * vr);
  }
  store<f64>(w + at, load<f64>(w + at) + sum + load<f64>(q + at) * vr);
}

// Row c/8 less v_r·w and w_r·v, up to its diagonal.
function subtractTwo(q: usize, v: usize, w: usize, c: usize): void {
  const vr = load<f64>(v + c), wr = load<f64>(w + c), vs = f64x2.splat(vr), ws = f64x2.splat(wr);
  let j: usize = 0;
  for (; j + 8 <= c; j += 16) {
    v128.store(q + j, f64x2.sub(f64x2.sub(v128.load(q + j), f64x2.mul(vs, v128.load(w + j))), f64x2.mul(ws, v128.load(v + j))));
  }
  if (j <= c) store<f64>(q + j, load<f64>(q + j) - vr * load<f64>(w + j) - wr * load<f64>(v + j));
}

/** Each of the first i rows of q, `ld` apart: its first i entries r ← r − tau·⟨r, v⟩·v. */
export function reflectRows(q: usize, ld: i32, v: usize, i: i32, tau: f64): void {
  const row = <usize>ld << 3, end = <usize>i << 3;
  let r = 0;
  for (; r + 4 <= i; r += 4, q += row << 2) {
    const q1 = q + row, q2 = q1 + row, q3 = q2 + row;
    let s0: f64 = 0, s1: f64 = 0, s2: f64 = 0, s3: f64 = 0;
    for (let c: usize = 0; c < end; c += 8) {
      const x = load<f64>(v + c);
      s0 += load<f64>(q + c) * x; s1 += load<f64>(q1 + c) * x; s2 += load<f64>(q2 + c) * x; s3 += load<f64>(q3 + c) * x;
    }
    subtractScaled(q, v, i, tau * s0); subtractScaled(q1, v, i, tau * s1);
    subtractScaled(q2, v, i, tau * s2); subtractScaled(q3, v, i, tau * s3);
  }
  for (; r < i; r++, q += row) {
    let s: f64 = 0;
    for (let c: usize = 0; c < end; c += 8) s += load<f64>(q + c) * load<f64>(v + c);
    subtractScaled(q, v, i, tau * s);
  }
}

function subtractScaled(q: usize, v: usize, n: i32, by: f64): void {
  const s = f64x2.splat(by), whole = <usize>(n & ~1) << 3;
  let j: usize = 0;
  for (; j < whole; j += 16) v128.store(q + j, f64x2.sub(v128.load(q + j), f64x2.mul(s, v128.load(v + j))));
  if (n & 1) store<f64>(q + j, load<f64>(q + j) - by * load<f64>(v + j));
}

/** Turns the row at q (n) and the one after it: (a, b) → (c·a − s·b, s·a + c·b). */
export function turnRows(q: usize, n: i32, c: f64, s: f64): void {
  const cs = f64x2.splat(c), ss = f64x2.splat(s), whole = <usize>(n & ~1) << 3;
  let p = q + (<usize>n << 3), j: usize = 0;
  for (; j < whole; j += 16) {
    const a = v128.load(q + j), b = v128.load(p + j);
    v128.store(q + j, f64x2.sub(f64x2.mul(cs, a), f64x2.mul(ss, b)));
    v128.store(p + j, f64x2.add(f64x2.mul(ss, a), f64x2.mul(cs, b)));
  }
  if (!(n & 1)) return;
  const a = load<f64>(q + j), b = load<f64>(p + j);
  store<f64>(q + j, c * a - s * b); store<f64>(p + j, s * a + c * b);
}
