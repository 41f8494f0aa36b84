import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { writePrepared } from '../../engine/data/prepared';
import { mulberry32 } from '../../engine/random';
import { readArrays } from './json';
import type { PrepareOptions, PreparedFiles } from './set';
import { shuffled } from './shuffle';

/** Fashion-MNIST: as many images of each class, in a fixed random order; a vector is its own 28 × 28 picture. */
export const packages = ['fashion-mnist'];

const classes = ['T-shirt', 'Trousers', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];
const side = 28;
const d = side * side;

export function prepare({ quick }: PrepareOptions): PreparedFiles {
  const [n, nq] = quick ? [2_000, 200] : [10_000, 1_000];
  const perClass = (n + nq) / classes.length;
  const images = shuffled(classes.flatMap((_, label) => readClass(label, perClass)), mulberry32(3));
  const [base, queries] = [images.slice(0, n), images.slice(n)];
  const bin = writePrepared({ d, n, nq, base: pixelsOf(base), queries: pixelsOf(queries), extras: {} });
  return {
    n, nq, d, dtype: 'u8',
    files: {
      'fashion-mnist.bin': new Uint8Array(bin),
      'fashion-mnist.json': {
        width: side, height: side, classes,
        labels: base.map(({ label }) => label), queries: queries.map(({ label }) => label),
      },
    },
  };
}

type Image = { label: number; pixels: number[] /* (d), 0 … 255 */ };

/** The package keeps one file per class: {"data":[[…],…]}, with an empty array here and there. */
function readClass(label: number, count: number): Image[] {
  const folder = dirname(createRequire(import.meta.url).resolve('fashion-mnist/package.json'));
  const text = readArrays(join(folder, `src/clothes/${label}.json`), '"data":[', count);
  const rows = JSON.parse(`[${text}]`) as number[][];
  return rows.filter((pixels) => pixels.length === d).map((pixels) => ({ label, pixels }));
}

function pixelsOf(images: Image[]): Uint8Array {
  return Uint8Array.from(images.flatMap(({ pixels }) => pixels));
}
