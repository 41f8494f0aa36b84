// The k nearest so far: a binary max-heap on (distance, id), so that the answer does not depend on the order of arrival.
// distances (k) f32 and ids (k) i32 apart; empty places hold 3.4e38 and −1.

// @ts-ignore: decorator
@inline export function worse(a: f32, ai: i32, b: f32, bi: i32): bool { return a > b || (a == b && ai > bi); }

export function sink(dis: usize, ids: usize, k: i32, v: f32, id: i32): void {
  let i = 0;
  for (;;) {
    let c = 2 * i + 1;
    if (c >= k) break;
    let cv = load<f32>(dis + (<usize>c << 2)), ci = load<i32>(ids + (<usize>c << 2));
    if (c + 1 < k) {
      const r = load<f32>(dis + (<usize>c << 2), 4), ri = load<i32>(ids + (<usize>c << 2), 4);
      if (worse(r, ri, cv, ci)) { c++; cv = r; ci = ri; }
    }
    if (!worse(cv, ci, v, id)) break;
    store<f32>(dis + (<usize>i << 2), cv); store<i32>(ids + (<usize>i << 2), ci);
    i = c;
  }
  store<f32>(dis + (<usize>i << 2), v); store<i32>(ids + (<usize>i << 2), id);
}

/** Empties the heap. */
export function heapClear(dis: usize, ids: usize, k: i32): void {
  for (let i = 0; i < k; i++) { store<f32>(dis + (<usize>i << 2), 3.4e38); store<i32>(ids + (<usize>i << 2), i32.MAX_VALUE); }
}

/** Offers n values; value i has id idOf[i], or first + i where idOf = 0. Reads whole groups of four: values has room for ⌈n/4⌉·4. */
export function heapPush(values: usize, n: i32, idOf: usize, first: i32, dis: usize, ids: usize, k: i32): void {
  let worst = load<f32>(dis), wv = f32x4.splat(worst);
  for (let i = 0; i < n; i += 4) {
    const p = values + (<usize>i << 2), m = f32x4.le(v128.load(p), wv);
    if (!v128.any_true(m)) continue;
    let bits = i32x4.bitmask(m);
    if (i + 4 > n) bits &= (1 << (n - i)) - 1;
    while (bits) {
      const b = ctz(bits); bits &= bits - 1;
      const v = load<f32>(p + (<usize>b << 2)), id = idOf ? load<i32>(idOf + (<usize>(i + b) << 2)) : first + i + b;
      if (worse(worst, load<i32>(ids), v, id)) { sink(dis, ids, k, v, id); worst = load<f32>(dis); }
    }
    wv = f32x4.splat(worst);
  }
}

/** As heapPush, but what comes first stays: an equal distance does not enter, and of equal ones the largest id leaves. Where distances are
 *  counts, lists are scanned from the nearest on, and most distances are equal, this is what Faiss does and what finds more. */
export function heapPushFirst(values: usize, n: i32, idOf: usize, first: i32, dis: usize, ids: usize, k: i32): void {
  let worst = load<f32>(dis);
  for (let i = 0; i < n; i++) {
    const v = load<f32>(values + (<usize>i << 2));
    if (v >= worst) continue;
    sink(dis, ids, k, v, idOf ? load<i32>(idOf + (<usize>i << 2)) : first + i);
    worst = load<f32>(dis);
  }
}

/** Turns the heap into an ascending list; places never filled become (3.4e38, −1). Returns how many were filled. */
export function heapSort(dis: usize, ids: usize, k: i32): i32 {
  let filled = 0;
  for (let end = k - 1; end >= 0; end--) {
    const v = load<f32>(dis), id = load<i32>(ids);
    const lastV = load<f32>(dis + (<usize>end << 2)), lastId = load<i32>(ids + (<usize>end << 2));
    sink(dis, ids, end, lastV, lastId);
    const real = id != i32.MAX_VALUE;
    store<f32>(dis + (<usize>end << 2), v); store<i32>(ids + (<usize>end << 2), real ? id : -1);
    filled += <i32>real;
  }
  return filled;
}
