import { blur, double, halve, type Grey } from './image';

/** Levels per octave, and the blur of the first one (Lowe 2004, §3.2 and §3.3). */
export const levels = 3;
export const sigma0 = 1.6;

/** One octave of the scale space: the picture at one size, blurred more and more. */
export type Octave = {
  width: number;
  height: number;
  /** Level i has blur σ₀·2^(i/levels) in this octave's pixels. */
  gaussians: Grey[];           // (levels + 3)
  /** Difference i is gaussian i + 1 minus gaussian i. */
  differences: Float32Array[]; // (levels + 2), each (height, width)
  /** A pixel (x, y) here is the point (step·x + shift, step·y + shift) of the photo. */
  step: number;
  shift: number;
};

/** A photo is taken to have this blur already. */
const cameraBlur = 0.5;

/** From the largest octave to the smallest, one at a time: the largest takes 11 floats per pixel. */
export function* scaleSpace(photo: Grey, doubled: boolean): Generator<Octave> {
  const first = doubled ? double(photo) : photo;
  const had = doubled ? 2 * cameraBlur : cameraBlur;
  let image = blur(first, Math.sqrt(sigma0 ** 2 - had ** 2));
  let step = doubled ? 0.5 : 1;
  const shift = doubled ? -0.25 : 0;
  while (Math.min(image.width, image.height) >= 20) {
    const gaussians = blurred(image);
    const differences = gaussians.slice(1).map((next, i) => minus(next, gaussians[i]));
    yield { width: image.width, height: image.height, gaussians, differences, step, shift };
    const twiceAsBlurred = gaussians[levels];
    if (!twiceAsBlurred) return;
    image = halve(twiceAsBlurred);
    step *= 2;
  }
}

/** Blurs add up in squares, so each level is made from the one before. */
function blurred(image: Grey): Grey[] {
  const gaussians = [image];
  let last = image;
  for (let level = 1; level < levels + 3; level++) {
    const [before, after] = [sigma0 * 2 ** ((level - 1) / levels), sigma0 * 2 ** (level / levels)];
    last = blur(last, Math.sqrt(after ** 2 - before ** 2));
    gaussians.push(last);
  }
  return gaussians;
}

function minus(a: Grey, b: Grey | undefined): Float32Array {
  const out = new Float32Array(a.pixels.length);
  if (b) for (let i = 0; i < out.length; i++) out[i] = (a.pixels[i] ?? 0) - (b.pixels[i] ?? 0);
  return out;
}
