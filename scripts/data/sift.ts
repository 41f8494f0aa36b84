import { d, describe } from './sift/descriptor';
import { findExtrema } from './sift/extrema';
import type { Grey } from './sift/image';
import { orientations } from './sift/orientation';
import { scaleSpace } from './sift/scaleSpace';

/** SIFT: D. G. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004. Knows a grey picture and its
 *  parameters; not files, threads or data sets. The same picture gives the same bytes. */
export type Keypoint = { x: number; y: number; scale: number; angle: number }; // photo's pixels; σ; radians, counter-clockwise

export type Sift = { d: number; keypoints: Keypoint[]; descriptors: Uint8Array /* (keypoints, d) */ };

export type SiftOptions = {
  /** Look at the picture at twice its size first, which finds about four times as many points. */
  doubled?: boolean;
  /** Describing takes half of the time: only the key points wanted. */
  keep?: (keypoint: Keypoint) => boolean;
};

export function sift(photo: Grey, { doubled = true, keep = () => true }: SiftOptions = {}): Sift {
  const keypoints: Keypoint[] = [];
  const descriptors: Uint8Array[] = [];
  for (const octave of scaleSpace(photo, doubled)) {
    const { gaussians, step, shift } = octave;
    for (const extremum of findExtrema(octave)) {
      const image = gaussians[extremum.level];
      if (!image) throw new Error(`level ${extremum.level} of ${gaussians.length}`);
      for (const angle of orientations(image, extremum)) {
        const keypoint = { x: step * extremum.x + shift, y: step * extremum.y + shift, scale: step * extremum.sigma, angle };
        if (!keep(keypoint)) continue;
        keypoints.push(keypoint);
        descriptors.push(describe(image, extremum, angle));
      }
    }
  }
  return { d, keypoints, descriptors: concat(descriptors) };
}

function concat(rows: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(rows.length * d);
  rows.forEach((row, i) => all.set(row, i * d));
  return all;
}
