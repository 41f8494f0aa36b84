import { levels, sigma0, type Octave } from './scaleSpace';

/** A point that stands out at one place and one scale: an extremum of the differences of Gaussians (Lowe 2004, §3.1). */
export type Extremum = {
  x: number;     // in the octave's pixels, between them
  y: number;
  level: number; // of the Gaussian nearest in scale
  sigma: number; // in the octave's pixels
};

const contrast = 0.01; // |difference|·levels below this is noise
const edgeRatio = 10;  // of the two curvatures; above this the point slides along an edge
const border = 8;
const maxMoves = 5;

/** Every extremum of an octave, in reading order. */
export function findExtrema(octave: Octave): Extremum[] {
  const found: Extremum[] = [];
  const { width, height, differences } = octave;
  const floor = (0.5 * contrast) / levels; // before refinement the value may still grow
  for (let level = 1; level <= levels; level++) {
    const [below, here, above] = [differences[level - 1], differences[level], differences[level + 1]];
    if (!below || !here || !above) continue;
    for (let y = border; y < height - border; y++) {
      for (let x = border; x < width - border; x++) {
        const i = y * width + x;
        if (Math.abs(here[i] ?? 0) <= floor || !standsOut(here, above, below, i, width)) continue;
        const extremum = refine(octave, x, y, level);
        if (extremum) found.push(extremum);
      }
    }
  }
  return found;
}

/** At least as large (small, if negative) as its 26 neighbours. */
function standsOut(here: Float32Array, above: Float32Array, below: Float32Array, i: number, width: number): boolean {
  const value = here[i] ?? 0;
  const sign = value > 0 ? 1 : -1;
  const top = sign * value;
  if (sign * (here[i - 1] ?? 0) > top || sign * (here[i + 1] ?? 0) > top) return false;
  for (let row = i - width; row <= i + width; row += width) {
    for (let j = row - 1; j <= row + 1; j++) {
      if (sign * (here[j] ?? 0) > top || sign * (above[j] ?? 0) > top || sign * (below[j] ?? 0) > top) return false;
    }
  }
  return true;
}

/** Moves to the top of the parabola through the neighbours (Brown & Lowe 2002) until that lies within half a pixel and half
 *  a level; drops what is faint or lies on an edge. */
function refine(octave: Octave, x: number, y: number, level: number): Extremum | null {
  for (let move = 0; move < maxMoves; move++) {
    const top = fitParabola(octave, x, y, level);
    if (!top) return null;
    const { dx, dy, dLevel } = top;
    if (Math.max(Math.abs(dx), Math.abs(dy), Math.abs(dLevel)) < 0.5) {
      if (Math.abs(top.value) * levels < contrast || top.edge) return null;
      return { x: x + dx, y: y + dy, level, sigma: sigma0 * 2 ** ((level + dLevel) / levels) };
    }
    x += Math.round(dx);
    y += Math.round(dy);
    level += Math.round(dLevel);
    const inside = x >= border && y >= border && x < octave.width - border && y < octave.height - border;
    if (!inside || level < 1 || level > levels) return null;
  }
  return null;
}

type Top = { dx: number; dy: number; dLevel: number; value: number; edge: boolean };

/** The stationary point of D + gᵀo + ½ oᵀH o around a pixel: o = −H⁻¹g, gradient g and Hessian H by finite differences. */
function fitParabola({ width, differences }: Octave, x: number, y: number, level: number): Top | null {
  const [below, here, above] = [differences[level - 1], differences[level], differences[level + 1]];
  if (!below || !here || !above) return null;
  const i = y * width + x;
  const at = (plane: Float32Array, dx: number, dy: number) => plane[i + dy * width + dx] ?? 0;
  const value = at(here, 0, 0);
  const gx = (at(here, 1, 0) - at(here, -1, 0)) / 2;
  const gy = (at(here, 0, 1) - at(here, 0, -1)) / 2;
  const gs = (at(above, 0, 0) - at(below, 0, 0)) / 2;
  const hxx = at(here, 1, 0) + at(here, -1, 0) - 2 * value;
  const hyy = at(here, 0, 1) + at(here, 0, -1) - 2 * value;
  const hss = at(above, 0, 0) + at(below, 0, 0) - 2 * value;
  const hxy = (at(here, 1, 1) - at(here, -1, 1) - at(here, 1, -1) + at(here, -1, -1)) / 4;
  const hxs = (at(above, 1, 0) - at(above, -1, 0) - at(below, 1, 0) + at(below, -1, 0)) / 4;
  const hys = (at(above, 0, 1) - at(above, 0, -1) - at(below, 0, 1) + at(below, 0, -1)) / 4;

  // Cramer's rule; the nine cofactors are named by the entry they belong to.
  const cxx = hyy * hss - hys * hys;
  const cxy = hys * hxs - hxy * hss;
  const cxs = hxy * hys - hyy * hxs;
  const determinant = hxx * cxx + hxy * cxy + hxs * cxs;
  if (Math.abs(determinant) < 1e-20) return null;
  const dx = -(gx * cxx + gy * cxy + gs * cxs) / determinant;
  const dy = -(gx * cxy + gy * (hxx * hss - hxs * hxs) + gs * (hxs * hxy - hxx * hys)) / determinant;
  const dLevel = -(gx * cxs + gy * (hxy * hxs - hxx * hys) + gs * (hxx * hyy - hxy * hxy)) / determinant;

  const trace = hxx + hyy;
  const curvature = hxx * hyy - hxy * hxy;
  const edge = curvature <= 0 || trace * trace * edgeRatio >= (edgeRatio + 1) ** 2 * curvature;
  return { dx, dy, dLevel, value: value + 0.5 * (gx * dx + gy * dy + gs * dLevel), edge };
}
