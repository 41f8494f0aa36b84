/** A plane through the space an index's cells live in (after its transforms), what falls on it, and the exact slice of the
 *  cells by it: on x = o + a·u + b·v a centroid at (p, h) owns the points where ‖(a, b) − p‖² + h² is least. */
import { placeIn } from './dense';
import type { Metric } from './factory/spec';
import type { Arena } from './memory';
import { openArena, release, takeF32, takeI32 } from './memory';
import type { Engine } from './pool';
import { run } from './pool';
import type { Thread } from './thread';
import { scratch } from './thread';
import { mapRows, prepare, rowsScratch } from './transforms/apply';
import type { Prepared } from './transforms/apply';
import type { Index, IvfIndex, Transform } from './types';

/** origin, u, v (d): u and v orthonormal. */
export type Plane = { d: number; origin: Float32Array; u: Float32Array; v: Float32Array };

/** Transforms before the cells. */
export function chainOf(index: Index): Transform[] {
  if (index.kind === 'PreTransform') return [...index.chain, ...chainOf(index.index)];
  if (index.kind === 'IDMap') return chainOf(index.index);
  return index.kind === 'Refine' ? chainOf(index.base) : [];
}

/** The plane through three points; directions that vanish are replaced by the first axis that does not. */
export function planeThrough(arena: Arena, a: Float32Array, b: Float32Array, c: Float32Array): Plane {
  const d = a.length, plane = { d, origin: takeF32(arena, d), u: takeF32(arena, d), v: takeF32(arena, d) };
  plane.origin.set(a);
  plane.u.set(b.map((x, j) => x - (a[j] ?? 0)));
  plane.v.set(c.map((x, j) => x - (a[j] ?? 0)));
  orthonormalize(plane);
  return plane;
}

/** Gram–Schmidt on (u, v). */
export function orthonormalize({ d, u, v }: Plane): void {
  if (normalize(u) === 0) u[0] = 1;
  for (let axis = -1; axis < d; axis++) {
    if (axis >= 0) v.fill(0)[axis] = 1;
    for (let pass = 0; pass < 2; pass++) {
      const along = dot(u, v);
      for (let j = 0; j < d; j++) v[j] = (v[j] ?? 0) - along * (u[j] ?? 0);
    }
    if (normalize(v) > 1e-6) return;
  }
}

function normalize(x: Float32Array): number {
  const length = Math.sqrt(dot(x, x));
  if (length > 1e-12) for (let j = 0; j < x.length; j++) x[j] = (x[j] ?? 0) / length;
  else x.fill(0);
  return length > 1e-12 ? length : 0;
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] ?? 0) * (b[j] ?? 0);
  return sum;
}

/** The two main axes of x (n, d): orthogonal iteration on the covariance of at most 4096 evenly spaced rows. */
export function principalPlane(arena: Arena, x: Float32Array, n: number, d: number): Plane {
  const rows = Array.from({ length: Math.min(n, 4096) }, (_, i) => Math.floor((i * n) / Math.min(n, 4096)));
  const plane: Plane = { d, origin: takeF32(arena, d).fill(0), u: takeF32(arena, d), v: takeF32(arena, d) };
  for (const i of rows) for (let j = 0; j < d; j++) plane.origin[j] = (plane.origin[j] ?? 0) + (x[i * d + j] ?? 0) / rows.length;
  for (let j = 0; j < d; j++) { plane.u[j] = Math.cos(j); plane.v[j] = Math.sin(j + 1); } // any start not orthogonal to the answer
  orthonormalize(plane);
  for (let step = 0; step < 24; step++) {
    const nextU = new Float32Array(d), nextV = new Float32Array(d);
    for (const i of rows) {
      let a = 0, b = 0;
      for (let j = 0; j < d; j++) { const t = (x[i * d + j] ?? 0) - (plane.origin[j] ?? 0); a += t * (plane.u[j] ?? 0); b += t * (plane.v[j] ?? 0); }
      for (let j = 0; j < d; j++) { const t = (x[i * d + j] ?? 0) - (plane.origin[j] ?? 0); nextU[j] = (nextU[j] ?? 0) + a * t; nextV[j] = (nextV[j] ?? 0) + b * t; }
    }
    plane.u.set(nextU);
    plane.v.set(nextV);
    orthonormalize(plane);
  }
  return plane;
}

export type ProjectArgs = { x: number; n: number; steps: Prepared[]; origin: number; u: number; v: number; d: number; out: number };
const ROWS = 512;

export function projectBlock(thread: Thread, { x, n, steps, origin, u, v, d, out }: ProjectArgs, block: number): void {
  const from = block * ROWS, rows = Math.min(ROWS, n - from), dIn = steps[0]?.transform.dIn ?? d;
  let input = x + from * dIn * 4;
  for (const step of steps) {
    const mapped = scratch(thread, rows * step.transform.dOut * 4);
    mapRows(thread, step, input, rows, mapped);
    input = mapped;
  }
  thread.build.projectOnPlane(input, rows, d, origin, u, v, out + from * 12);
}

/** (x, y, height) of n rows at x, given before the transforms of `chain`. out (n, 3). */
export async function project(engine: Engine, plane: Plane, chain: Transform[], x: number, n: number): Promise<Float32Array> {
  const arena = openArena(engine.memory);
  try {
    const out = takeF32(arena, n * 3, 'the projection');
    const steps = chain.map((transform) => prepare(engine.own, placeIn(arena), transform));
    const room = steps.reduce((sum, step) => sum + ROWS * step.transform.dOut * 4 + 64 + rowsScratch(step, ROWS), 64);
    await run(engine, 'project', { x, n, steps, origin: plane.origin.byteOffset, u: plane.u.byteOffset, v: plane.v.byteOffset, d: plane.d, out: out.byteOffset }, Math.ceil(n / ROWS), room);
    return out.slice();
  } finally {
    release(arena);
  }
}

/** Each centroid as the site of a power diagram: (ax, ay, w) such that the owner of (a, b) has the least ax·a + ay·b + w.
 *  L2: ‖(a,b) − p‖² + h² less ‖(a,b)‖². Inner product: −⟨o + a·u + b·v, c⟩, linear as it stands. centroids (nlist, d). */
export function sitesOf({ d, origin, u, v }: Plane, centroids: Float32Array, metric: Metric): Float32Array {
  const nlist = centroids.length / d, sites = new Float32Array(nlist * 3);
  for (let c = 0; c < nlist; c++) {
    let a = 0, b = 0, all = 0, o = 0;
    for (let j = 0; j < d; j++) {
      const y = centroids[c * d + j] ?? 0, t = y - (origin[j] ?? 0), uj = u[j] ?? 0, vj = v[j] ?? 0;
      if (metric === 'L2') { a += t * uj; b += t * vj; all += t * t; } else { a += y * uj; b += y * vj; o += y * (origin[j] ?? 0); }
    }
    sites.set(metric === 'L2' ? [-2 * a, -2 * b, all] : [-a, -b, -o], c * 3);
  }
  return sites;
}

export type SliceArgs = { sites: number; nsites: number; x0: number; y0: number; dx: number; dy: number; width: number; height: number; cells: number };
const SLICE_ROWS = 8;

export function sliceBlock(thread: Thread, s: SliceArgs, block: number): void {
  const from = block * SLICE_ROWS;
  thread.build.slicePlane(s.sites, s.nsites, s.x0, s.y0, s.dx, s.dy, s.width, from, Math.min(s.height, from + SLICE_ROWS), s.cells);
}

export type Window2 = { x0: number; y0: number; x1: number; y1: number };

/** Owner of each pixel's centre; row 0 at y0. */
export async function slice(engine: Engine, sites: Float32Array, window: Window2, width: number, height: number): Promise<Int32Array> {
  const arena = openArena(engine.memory);
  try {
    const held = takeF32(arena, sites.length + 4), cells = takeI32(arena, width * height, 'the picture');
    held.set(sites);
    const dx = (window.x1 - window.x0) / width, dy = (window.y1 - window.y0) / height;
    await run(engine, 'slice', { sites: held.byteOffset, nsites: sites.length / 3, x0: window.x0 + dx / 2, y0: window.y0 + dy / 2, dx, dy, width, height, cells: cells.byteOffset }, Math.ceil(height / SLICE_ROWS));
    return cells.slice();
  } finally {
    release(arena);
  }
}

/** The site that owns a point. */
export function ownerOf(sites: Float32Array, x: number, y: number): number {
  let best = Infinity, owner = -1;
  for (let s = 0; s < sites.length; s += 3) {
    const t = (sites[s] ?? 0) * x + (sites[s + 1] ?? 0) * y + (sites[s + 2] ?? 0);
    if (t < best) { best = t; owner = s / 3; }
  }
  return owner;
}

/** The cells of an IVF: one power diagram; or, as ‖x − c‖² is the sum of two halves, one for each half of a multi-index, whose owners
 *  first | second << nbits are the cell. 2·ksub sites then stand for ksub². */
export type Sites = { parts: Float32Array[]; nbits: number };

export function cellSites(plane: Plane, { coarse, centroids, metric }: Pick<IvfIndex, 'coarse' | 'centroids' | 'metric'>): Sites {
  if (coarse.kind !== 'IMI') return { parts: [sitesOf(plane, centroids, metric)], nbits: 0 };
  const { ksub, dsub, centroids: halves } = coarse.pq;
  const half = (x: Float32Array, h: number) => x.subarray(h * dsub, (h + 1) * dsub);
  const parts = [0, 1].map((h) => sitesOf({ d: dsub, origin: half(plane.origin, h), u: half(plane.u, h), v: half(plane.v, h) }, halves.subarray(h * ksub * dsub, (h + 1) * ksub * dsub), metric));
  return { parts, nbits: coarse.nbits };
}

/** The cell of each pixel's centre. */
export async function sliceCells(engine: Engine, { parts, nbits }: Sites, window: Window2, width: number, height: number): Promise<Int32Array> {
  const owners: Int32Array[] = [];
  for (const sites of parts) owners.push(await slice(engine, sites, window, width, height));
  const [first = new Int32Array(width * height), second] = owners;
  return second ? first.map((owner, i) => owner | ((second[i] ?? 0) << nbits)) : first;
}

/** The cell that owns a point. */
export const cellAt = ({ parts, nbits }: Sites, x: number, y: number): number => parts.reduce((cell, sites, half) => cell | (ownerOf(sites, x, y) << (half * nbits)), 0);
