// A plane through high-dimensional space: where vectors fall on it, and which cell owns each of its points.

/** out[i] = (x, y, h): coordinates of x_i − origin along the orthonormal u and v, and its distance from the plane. x (n, d). */
export function projectOnPlane(x: usize, n: i32, d: i32, origin: usize, u: usize, v: usize, out: usize): void {
  for (let i = 0; i < n; i++, out += 12) {
    let a: f64 = 0, b: f64 = 0, all: f64 = 0;
    for (let j: usize = 0; j < <usize>d; j++, x += 4) {
      const t = <f64>(load<f32>(x) - load<f32>(origin + (j << 2)));
      a += t * <f64>load<f32>(u + (j << 2)); b += t * <f64>load<f32>(v + (j << 2)); all += t * t;
    }
    store<f32>(out, <f32>a); store<f32>(out, <f32>b, 4);
    store<f32>(out, <f32>Math.sqrt(max(0, all - a * a - b * b)), 8);
  }
}

/** The slice of a Voronoi diagram by a plane is a power diagram: site c owns (x, y) where ax·x + ay·y + w is least
 *  (‖t − p‖² + h² less the common ‖t‖²; Aurenhammer 1987). sites (nsites, 3) = (ax, ay, w). Pixels of rows [row0, row1) of a
 *  width × height window whose first centre is (x0, y0), dx and dy apart → cells (height, width). width % 4 = 0 is not needed. */
export function slicePlane(sites: usize, nsites: i32, x0: f32, y0: f32, dx: f32, dy: f32, width: i32, row0: i32, row1: i32, cells: usize): void {
  const end = sites + <usize>nsites * 12, ramp = f32x4(0, 1, 2, 3);
  for (let r = row0; r < row1; r++) {
    const y = f32x4.splat(y0 + <f32>r * dy);
    for (let c = 0; c < width; c += 4) {
      const x = f32x4.add(f32x4.splat(x0), f32x4.mul(f32x4.splat(dx), f32x4.add(f32x4.splat(<f32>c), ramp)));
      let best = f32x4.splat(3.4e38), at = i32x4.splat(0), id = i32x4.splat(0);
      for (let s = sites; s < end; s += 12) {
        const w = f32x4.add(v128.load32_splat(s, 8), f32x4.mul(y, v128.load32_splat(s, 4)));
        const t = f32x4.add(w, f32x4.mul(x, v128.load32_splat(s)));
        at = v128.bitselect(id, at, f32x4.lt(t, best)); best = f32x4.pmin(best, t);
        id = i32x4.add(id, i32x4.splat(1));
      }
      const o = cells + (<usize>(r * width + c) << 2);
      if (c + 4 <= width) { v128.store(o, at); continue; }
      store<i32>(o, i32x4.extract_lane(at, 0));
      if (c + 1 < width) store<i32>(o, i32x4.extract_lane(at, 1), 4);
      if (c + 2 < width) store<i32>(o, i32x4.extract_lane(at, 2), 8);
    }
  }
}
