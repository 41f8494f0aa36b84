import { blurRows, sample, type Grey } from './sift/image';

/** How much narrower a scene looks from the side: 1.5 is a camera moved by 48° (Morel & Yu, ASIFT, 2009). */
const tilt = 1.5;

/** The same scene from another side: narrower by the tilt, blurred before so that nothing aliases. */
export function sideView(photo: Grey): Grey {
  const blurred = blurRows(photo, 0.8 * Math.sqrt(tilt * tilt - 1));
  const width = Math.floor(photo.width / tilt);
  const pixels = Float32Array.from({ length: width * photo.height }, (_, i) =>
    sample(blurred, xInPhoto(i % width), Math.floor(i / width)));
  return { width, height: photo.height, pixels };
}

/** Where a column of the view lies in the photo. */
export function xInPhoto(xInView: number): number {
  return tilt * xInView + (tilt - 1) / 2;
}
