import { parentPort } from 'node:worker_threads';
import { cutPatch, type GreyBytes } from '../../engine/data/patch';
import type { Place } from '../../engine/data/places';
import { mulberry32, type Random } from '../../engine/random';
import { photos, readPhoto } from './photos';
import { sift, type Sift } from './sift';
import type { Grey } from './sift/image';
import { shuffled } from './shuffle';
import { sideView, xInPhoto } from './view';

/** One photo's share of Photo SIFT: descriptors of the photo itself, and some of its side view as queries. */
export type PhotoAsk = { photo: number; doubled: boolean; queries: number };
export type PhotoAnswer = {
  photo: number;
  grey: GreyBytes;
  descriptors: Uint8Array; // (places, 128)
  places: Place[];
  /** From the side view; the place is where that point lies in the photo, the patch is what the view shows there. */
  queries: { descriptor: Uint8Array; place: Place; patch: Uint8Array }[];
};

parentPort?.on('message', (ask: PhotoAsk) => parentPort?.postMessage(work(ask)));

function work({ photo, doubled, queries }: PhotoAsk): PhotoAnswer {
  const name = photos[photo]?.name;
  if (!name) throw new Error(`photo ${photo} of ${photos.length}`);
  const grey = readPhoto(name);
  const image = toGrey(grey);
  const { keypoints, descriptors } = sift(image, { doubled });
  const view = sideView(image);
  const random = mulberry32(100 + photo);
  const seen = sift(view, { doubled, keep: () => random() < 0.2 * 2 ** 32 }); // a fifth is more than enough
  return {
    photo, grey, descriptors,
    places: keypoints.map((keypoint) => ({ photo, ...keypoint })),
    queries: chooseQueries(photo, view, seen, queries, random),
  };
}

function chooseQueries(photo: number, view: Grey, { keypoints, descriptors, d }: Sift, count: number, random: Random): PhotoAnswer['queries'] {
  const bytes = { ...view, pixels: Uint8Array.from(view.pixels, (value) => Math.round(255 * value)) };
  return shuffled([...keypoints.entries()], random).slice(0, count).map(([i, keypoint]) => ({
    descriptor: descriptors.slice(i * d, (i + 1) * d),
    place: { photo, ...keypoint, x: Math.max(xInPhoto(keypoint.x), 0) },
    patch: cutPatch(bytes, keypoint),
  }));
}

function toGrey({ width, height, pixels }: GreyBytes): Grey {
  return { width, height, pixels: Float32Array.from(pixels, (value) => value / 255) };
}
