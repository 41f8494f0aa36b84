// The multi-sequence algorithm: the k least sums of one entry of each of two lists, ascending (Babenko & Lempitsky, The inverted
// multi-index, PAMI 2015, §3.2). Distances are not negative, so the bits of a float order as the float does and a key of
// (float, number) is one 64-bit word.

// @ts-ignore: decorator
@inline function keyOf(value: f32, number: i32): u64 { return (<u64>reinterpret<u32>(value) << 32) | <u64>number; }
// @ts-ignore: decorator
@inline function valueOf(key: u64): f32 { return reinterpret<f32>(<u32>(key >> 32)); }

/** Puts `key` into the min-heap of `n` keys at `heap` whose place `i` is free, going down. */
function sinkKey(heap: usize, n: i32, i: i32, key: u64): void {
  for (;;) {
    let c = 2 * i + 1;
    if (c >= n) break;
    let child = load<u64>(heap + (<usize>c << 3));
    if (c + 1 < n) {
      const right = load<u64>(heap + (<usize>c << 3), 8);
      if (right < child) { child = right; c++; }
    }
    if (key <= child) break;
    store<u64>(heap + (<usize>i << 3), child);
    i = c;
  }
  store<u64>(heap + (<usize>i << 3), key);
}

/** The same from place `i` upwards. */
function riseKey(heap: usize, i: i32, key: u64): void {
  while (i > 0) {
    const up = (i - 1) >> 1, parent = load<u64>(heap + (<usize>up << 3));
    if (parent <= key) break;
    store<u64>(heap + (<usize>i << 3), parent);
    i = up;
  }
  store<u64>(heap + (<usize>i << 3), key);
}

function openHalf(heap: usize, values: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<u64>(heap + (<usize>i << 3), keyOf(load<f32>(values + (<usize>i << 2)), i));
  for (let i = (n >> 1) - 1; i >= 0; i--) sinkKey(heap, n, i, load<u64>(heap + (<usize>i << 3)));
}

/** Takes the least of the first n keys and keeps it in place n − 1: the half is sorted from its end, as far as it is asked for. */
function takeLeast(heap: usize, n: i32): void {
  const least = load<u64>(heap), last = heap + (<usize>(n - 1) << 3);
  sinkKey(heap, n - 1, 0, load<u64>(last));
  store<u64>(last, least);
}

function leastOf(values: usize, n: i32): i32 {
  let at = 0;
  for (let i = 1; i < n; i++) if (load<f32>(values + (<usize>i << 2)) < load<f32>(values + (<usize>at << 2))) at = i;
  return at;
}

/** table (2, ksub), no entry negative → dis (k) ascending and lists (k) = first | second << nbits; k ≤ ksub². Equal sums come in
 *  order of rank in the first list. `room` has 28·ksub bytes, 8-aligned. */
export function multiSequence(table: usize, ksub: i32, nbits: i32, k: i32, dis: usize, lists: usize, room: usize): void {
  const half = table + (<usize>ksub << 2), size = <usize>ksub << 3;
  if (k == 1) {
    const i = leastOf(table, ksub), j = leastOf(half, ksub);
    store<f32>(dis, load<f32>(table + (<usize>i << 2)) + load<f32>(half + (<usize>j << 2)));
    store<i32>(lists, i | (j << nbits));
    return;
  }
  const a = room, b = a + size, open = b + size, column = open + size, lastA = a + size - 8, lastB = b + size - 8;
  openHalf(a, table, ksub);
  openHalf(b, half, ksub);
  takeLeast(a, ksub);
  takeLeast(b, ksub);
  // Row r pairs the r-th least of the first list with columns of the second, in order; each open row waits with its next pair.
  let sortedA = 1, sortedB = 1, rows = 1;
  store<u64>(open, keyOf(valueOf(load<u64>(lastA)) + valueOf(load<u64>(lastB)), 0));
  store<i32>(column, 0);
  for (let i = 0; i < k; i++, dis += 4, lists += 4) {
    const key = load<u64>(open), row = <i32>key, at = column + (<usize>row << 2), c = load<i32>(at);
    const x = load<u64>(lastA - (<usize>row << 3)), y = load<u64>(lastB - (<usize>c << 3));
    store<f32>(dis, valueOf(key));
    store<i32>(lists, <i32>x | (<i32>y << nbits));
    if (c + 1 < ksub) {
      if (sortedB == c + 1) takeLeast(b, ksub - sortedB++);
      store<i32>(at, c + 1);
      sinkKey(open, rows, 0, keyOf(valueOf(x) + valueOf(load<u64>(lastB - (<usize>(c + 1) << 3))), row));
    } else if (--rows) {
      sinkKey(open, rows, 0, load<u64>(open + (<usize>rows << 3)));
    }
    if (c == 0 && row + 1 < ksub) {
      if (sortedA == row + 1) takeLeast(a, ksub - sortedA++);
      store<i32>(column + (<usize>(row + 1) << 2), 0);
      riseKey(open, rows++, keyOf(valueOf(load<u64>(lastA - (<usize>(row + 1) << 3))) + valueOf(load<u64>(lastB)), row + 1));
    }
  }
}
