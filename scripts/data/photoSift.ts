import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { writePlaces } from '../../engine/data/places';
import { writePrepared } from '../../engine/data/prepared';
import { mulberry32 } from '../../engine/random';
import type { PhotoAnswer, PhotoAsk } from './photo.worker';
import { jpegOf, packageOf, photos } from './photos';
import type { PrepareOptions, PreparedFiles } from './set';
import { shuffled } from './shuffle';

/** Photo SIFT: base vectors from nine photos, queries from a side view of each that the base has not seen. */
export const packages = [...photos.map(({ name }) => packageOf(name)), 'jpeg-js'];

const d = 128;

export async function prepare({ quick, log }: PrepareOptions): Promise<PreparedFiles> {
  const [nMax, nq] = quick ? [10_000, 500] : [50_000, 1_000];
  const answers = await allPhotos({ doubled: !quick, queries: Math.ceil(nq / photos.length) }, log);

  // In a fixed random order, so that the first rows of any number are a fair sample of all photos.
  const base = shuffled(answers.flatMap(({ places, descriptors }) =>
    places.map((place, i) => ({ place, descriptor: descriptors.subarray(i * d, (i + 1) * d) }))), mulberry32(1)).slice(0, nMax);
  const queries = shuffled(answers.flatMap((answer) => answer.queries), mulberry32(2)).slice(0, nq);

  const bin = writePrepared({
    d, n: base.length, nq: queries.length,
    base: concat(base.map(({ descriptor }) => descriptor)),
    queries: concat(queries.map(({ descriptor }) => descriptor)),
    extras: {
      places: writePlaces(base.map(({ place }) => place)),
      queryPlaces: writePlaces(queries.map(({ place }) => place)),
      queryPatches: concat(queries.map(({ patch }) => patch)),
    },
  });
  return {
    n: base.length, nq: queries.length, d, dtype: 'u8',
    files: {
      'photo-sift.bin': new Uint8Array(bin),
      'photo-sift.json': { photos: photoTable(answers) },
      'photo-sift.photos.bin': concat(answers.map(({ grey }) => grey.pixels)),
      ...Object.fromEntries(photos.map(({ name }) => [`photos/${name}.jpg`, jpegOf(name)])),
    },
  };
}

/** Where each photo's grey pixels lie in photo-sift.photos.bin. */
function photoTable(answers: PhotoAnswer[]) {
  let offset = 0;
  return answers.map(({ photo, grey: { width, height } }) => {
    const row = { ...photos[photo], width, height, offset };
    offset += width * height;
    return row;
  });
}

/** Photos do not depend on each other: each thread takes the next one. Four threads take about 1 GB. */
async function allPhotos(ask: Omit<PhotoAsk, 'photo'>, log: PrepareOptions['log']): Promise<PhotoAnswer[]> {
  const answers: PhotoAnswer[] = [];
  let next = 0;
  const run = (worker: Worker) => new Promise<void>((resolve, reject) => {
    const askNext = () => (next < photos.length ? worker.postMessage({ ...ask, photo: next++ } satisfies PhotoAsk) : resolve());
    worker.on('error', reject);
    worker.on('message', (answer: PhotoAnswer) => {
      answers[answer.photo] = answer;
      log(`${photos[answer.photo]?.title}: ${answer.places.length} descriptors`);
      askNext();
    });
    askNext();
  });
  const workers = Array.from({ length: Math.min(availableParallelism(), 4) }, () => new Worker(new URL('./photo.worker.mjs', import.meta.url)));
  try {
    await Promise.all(workers.map(run));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return answers;
}

function concat(rows: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(rows));
}
