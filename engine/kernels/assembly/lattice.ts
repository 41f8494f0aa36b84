// Lattice codes: the direction of a part of a vector as the nearest integer point of squared length r2. Points of Z^k with squared
// length r are numbered by their first coordinate, from the least, then by the rest: counts[k, r] of them (Conway & Sloane 1982 put
// the search in order: sort, compare with the sorted points, put back).

// @ts-ignore: decorator
@inline function countOf(counts: usize, k: i32, r: i32, r2: i32): u64 { return load<u64>(counts + (<usize>(k * (r2 + 1) + r) << 3)); }

/** codes (n, size) of x (n, M·dsub): for each part nbits of its length between least[m] and greatest[m], then pointBits of its point.
 *  atoms (natoms, dsub): the points with coordinates ≥ 0 in descending order. room: 12·dsub bytes. */
export function latticeEncode(x: usize, n: i32, M: i32, dsub: i32, r2: i32, nbits: i32, pointBits: i32, ranges: usize, atoms: usize, natoms: i32, counts: usize, codes: usize, size: i32, room: usize): void {
  const part = <usize>dsub << 2, steps = <f32>(1 << nbits), point = room + 2 * part;
  memory.fill(codes, 0, <usize>n * size);
  for (let i = 0; i < n; i++, codes += size) {
    let bit = 0;
    for (let m: usize = 0; m < <usize>M; m++, x += part) {
      let norm: f32 = 0;
      for (let j: usize = 0; j < part; j += 4) norm += load<f32>(x + j) * load<f32>(x + j);
      const least = load<f32>(ranges + (m << 2)), span = load<f32>(ranges + ((m + M) << 2)) - least;
      const step = span > 0 ? min<f32>(steps - 1, max<f32>(0, (Mathf.sqrt(norm) - least) * steps / span)) : 0;
      bit = putBits(codes, bit, <u64><u32>step, nbits);
      nearestPoint(x, dsub, atoms, natoms, room, point);
      bit = putBits(codes, bit, rankOf(point, dsub, r2, counts), pointBits);
    }
  }
}

// point (dsub) i32: the atom nearest to the sorted |x|, at the places and with the signs of x.
function nearestPoint(x: usize, dsub: i32, atoms: usize, natoms: i32, room: usize, point: usize): void {
  const part = <usize>dsub << 2, places = room + part;
  for (let j: usize = 0; j < part; j += 4) {
    const v = abs(load<f32>(x + j));
    let at = j;
    for (; at > 0 && load<f32>(room + at - 4) < v; at -= 4) {
      store<f32>(room + at, load<f32>(room + at - 4)); store<u32>(places + at, load<u32>(places + at - 4));
    }
    store<f32>(room + at, v); store<u32>(places + at, <u32>j);
  }
  let best: f32 = -1, chosen = atoms;
  for (let a = 0; a < natoms; a++, atoms += part) {
    let dot: f32 = 0;
    for (let j: usize = 0; j < part; j += 4) dot += load<f32>(room + j) * load<f32>(atoms + j);
    if (dot > best) { best = dot; chosen = atoms; }
  }
  for (let j: usize = 0; j < part; j += 4) {
    const at = <usize>load<u32>(places + j), v = <i32>load<f32>(chosen + j);
    store<i32>(point + at, load<f32>(x + at) < 0 ? -v : v);
  }
}

function rankOf(point: usize, dsub: i32, r2: i32, counts: usize): u64 {
  let rank: u64 = 0, r = r2;
  for (let k = dsub - 1; k >= 0; k--, point += 4) {
    const v = load<i32>(point);
    let w = -<i32>Mathf.sqrt(<f32>r);
    for (; w < v; w++) rank += countOf(counts, k, r - w * w, r2);
    r -= v * v;
  }
  return rank;
}

/** points (n, dsub): those numbered first, first + 1, …, each times `scale`. */
export function latticePoints(first: u64, n: i32, dsub: i32, r2: i32, counts: usize, scale: f32, points: usize): void {
  for (let i = 0; i < n; i++) {
    let rank = first + <u64>i, r = r2;
    for (let k = dsub - 1; k >= 0; k--, points += 4) {
      let w = -<i32>Mathf.sqrt(<f32>r);
      for (let here = countOf(counts, k, r - w * w, r2); rank >= here; here = countOf(counts, k, r - w * w, r2)) { rank -= here; w++; }
      store<f32>(points, <f32>w * scale);
      r -= w * w;
    }
  }
}

/** out (n, M·dsub). points (·, dsub): all points over √r2, or 0 where they are too many and each is made from its number. */
export function latticeDecode(codes: usize, n: i32, M: i32, dsub: i32, r2: i32, nbits: i32, pointBits: i32, ranges: usize, counts: usize, points: usize, size: i32, out: usize): void {
  const part = <usize>dsub << 2, whole = part & ~15, unit: f32 = 1 / Mathf.sqrt(<f32>r2), steps = <f32>(1 << nbits), last = codes + <usize>n * size;
  for (let i = 0; i < n; i++, codes += size) {
    let bit = 0;
    for (let m: usize = 0; m < <usize>M; m++) {
      const least = load<f32>(ranges + (m << 2)), span = load<f32>(ranges + ((m + M) << 2)) - least;
      const length = (<f32>getBits(codes, bit, nbits, last) + 0.5) * span / steps + least, rank = getBits(codes, bit + nbits, pointBits, last);
      bit += nbits + pointBits;
      let from = points + <usize>rank * part;
      if (!points) { latticePoints(rank, 1, dsub, r2, counts, unit, out); from = out; }
      const end = out + part, all = f32x4.splat(length);
      for (const four = out + whole; out < four; out += 16, from += 16) v128.store(out, f32x4.mul(v128.load(from), all));
      for (; out < end; out += 4, from += 4) store<f32>(out, load<f32>(from) * length);
    }
  }
}

function putBits(code: usize, bit: i32, v: u64, n: i32): i32 {
  for (let b = 0; b < n; b++, bit++) {
    const at = code + <usize>(bit >> 3);
    store<u8>(at, load<u8>(at) | <u8>(<u32>((v >> b) & 1) << (bit & 7)));
  }
  return bit;
}

// Eight bytes at once but for the last codes, behind which nothing may be read.
// @ts-ignore: decorator
@inline function getBits(code: usize, bit: i32, n: i32, last: usize): u64 {
  const at = code + <usize>(bit >> 3);
  if (n <= 56 && at + 8 <= last) return (load<u64>(at) >> (bit & 7)) & (((1 as u64) << n) - 1);
  let v: u64 = 0, got = 0;
  while (got < n) {
    const from = bit + got, take = min(8 - (from & 7), n - got);
    v |= <u64>((<u32>load<u8>(code + <usize>(from >> 3)) >> (from & 7)) & ((1 << take) - 1)) << got;
    got += take;
  }
  return v;
}
