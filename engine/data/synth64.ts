import { mulberry32, type Random } from '../random';
import { gauss, uniform } from './draws';

/** The reference sets synth64 and synth128, on which Faiss's own recall and times are known: 1000 clusters of unequal
 *  size and width whose variance decays from axis to axis, then turned by two Walsh–Hadamard transforms so that no
 *  axis is special. Fixed to the last bit; any change here makes the comparison with Faiss worthless. */
export type Synth = { d: 64 | 128; decay: number; nBase: number; nQueries: number };

export const synth64: Synth = { d: 64, decay: 0.95, nBase: 50_000, nQueries: 500 };
export const synth128: Synth = { d: 128, decay: 0.975, nBase: 100_000, nQueries: 1_000 };

const clusters = 1000;

type Model = {
  scales: Float64Array;  // (d)
  centres: Float64Array; // (clusters, d)
  widths: Float64Array;  // (clusters)
  signs: [Float64Array, Float64Array]; // (d) each: ±1 before the first and before the second transform
};

/** The first n base vectors, (n, d). */
export function synthBase(synth: Synth, n = synth.nBase): Float32Array {
  return draw(synth, n, mulberry32(2001));
}

/** The first n queries, (n, d). */
export function synthQueries(synth: Synth, n = synth.nQueries): Float32Array {
  return draw(synth, n, mulberry32(2002));
}

function model({ d, decay }: Synth): Model {
  const scales = new Float64Array(d);
  for (let j = 0, scale = 1; j < d; j++, scale *= decay) scales[j] = scale;

  const forCentres = mulberry32(1001);
  const centres = Float64Array.from({ length: clusters * d }, (_, i) => (scales[i % d] ?? 0) * gauss(forCentres));
  const widths = Float64Array.from({ length: clusters }, () => 0.6 + 0.6 * uniform(forCentres));

  const forSigns = mulberry32(1002);
  const sign = () => (forSigns() >>> 31 ? -1 : 1);
  const signs: Model['signs'] = [Float64Array.from({ length: d }, sign), Float64Array.from({ length: d }, sign)];
  return { scales, centres, widths, signs };
}

function draw(synth: Synth, n: number, random: Random): Float32Array {
  const { d } = synth;
  const { scales, centres, widths, signs } = model(synth);
  const vectors = new Float32Array(n * d);
  const y = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const u = uniform(random);
    const cluster = Math.floor(clusters * (u * u)); // squared: low numbers are drawn more often
    const width = widths[cluster] ?? 0;
    for (let j = 0; j < d; j++) {
      const deviation = (scales[j] ?? 0) * gauss(random); // this product first, for the bits
      y[j] = (centres[cluster * d + j] ?? 0) + width * deviation;
    }
    for (const flips of signs) {
      for (let j = 0; j < d; j++) y[j] = (y[j] ?? 0) * (flips[j] ?? 0);
      walshHadamard(y);
    }
    for (let j = 0; j < d; j++) vectors[i * d + j] = (y[j] ?? 0) / d;
  }
  return vectors;
}

/** The fast Walsh–Hadamard transform in place, not normalised: two of them scale by y.length, a power of two. */
function walshHadamard(y: Float64Array): void {
  for (let step = 1; step < y.length; step *= 2) {
    for (let block = 0; block < y.length; block += 2 * step) {
      for (let j = block; j < block + step; j++) {
        const a = y[j] ?? 0;
        const b = y[j + step] ?? 0;
        y[j] = a + b;
        y[j + step] = a - b;
      }
    }
  }
}
