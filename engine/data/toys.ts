import { mulberry32, type Random } from '../random';
import { gauss, onCircle, pick, uniform, zipf } from './draws';

/** Small sets with one property each, generated on the spot. In two dimensions every structure can be drawn exactly.
 *  A law is opened once (its centres and weights are drawn) and then gives one vector per call. */
type Sample = (random: Random) => number[];
type Law = { d: number; open: (random: Random) => Sample };

export type Vectors = { d: number; base: Float32Array /* (n, d) */; queries: Float32Array /* (nq, d) */ };

/** Panels of the 64-dimensional toy: components 2m and 2m + 1 belong together, so PQ32's codebooks are plane figures. */
const panels = 32;

export const toys = {
  /** 12 Gaussian blobs, the largest with 12 times as many points as the smallest: uneven lists, empty ones. */
  blobs: {
    d: 2,
    open: (random) => {
      const blobs = zipf(12).map(() => ({
        x: 2 * uniform(random) - 1, y: 2 * uniform(random) - 1, width: 0.03 + 0.09 * uniform(random),
      }));
      const weights = zipf(blobs.length);
      return (random) => {
        const { x, y, width } = pick(blobs, weights, random);
        return [x + width * gauss(random), y + width * gauss(random)];
      };
    },
  },

  /** No structure: k-means makes a honeycomb, and a query near an edge has neighbours behind it. */
  uniform: { d: 2, open: () => (random) => [2 * uniform(random) - 1, 2 * uniform(random) - 1] },

  /** One long ellipse at 35°: PQ2's axis-parallel grid leaves most cells empty until OPQ turns it. */
  ellipse: { d: 2, open: () => (random) => turn(35 / 360, [0.6 * gauss(random), 0.07 * gauss(random)]) },

  /** x and y independent, each with its own few modes: what product quantization assumes, exactly true. */
  grid: {
    d: 2,
    open: () => {
      const modes = { x: [-0.85, -0.5, 0.05, 0.4, 0.9], y: [-0.8, -0.1, 0.3, 0.85] };
      const weights = { x: zipf(modes.x.length), y: zipf(modes.y.length) };
      return (random) => [
        pick(modes.x, weights.x, random) + 0.03 * gauss(random),
        pick(modes.y, weights.y, random) + 0.03 * gauss(random),
      ];
    },
  },

  /** Curves: x and y depend on each other everywhere, so products of the two fail and graphs do not care. */
  ring: {
    d: 2,
    open: () => (random) => {
      const radius = 0.9 + 0.03 * gauss(random);
      return onCircle(uniform(random)).map((side) => radius * side);
    },
  },
  moons: {
    d: 2,
    open: () => (random) => {
      const upper = uniform(random) < 0.5;
      const [cos, sin] = onCircle(uniform(random) / 2);
      const [x, y] = upper ? [cos - 0.5, sin - 0.25] : [0.5 - cos, 0.25 - sin];
      return [0.65 * x + 0.03 * gauss(random), 0.65 * y + 0.03 * gauss(random)];
    },
  },
  spiral: {
    d: 2,
    open: () => (random) => {
      const along = Math.sqrt(uniform(random)); // the square root keeps the density even along the arm
      const [cos, sin] = onCircle(2.5 * along);
      return [along * cos + 0.015 * gauss(random), along * sin + 0.015 * gauss(random)];
    },
  },

  /** A dense core and 4 % far away: the range that SQ must cover is blown up by the few. */
  outliers: {
    d: 2,
    open: () => (random) => {
      const far = uniform(random) < 0.04;
      const [cos, sin] = onCircle(uniform(random));
      const radius = 3 + 9 * uniform(random);
      return far ? [radius * cos, radius * sin] : [0.25 * gauss(random), 0.25 * gauss(random)];
    },
  },

  /** x in thousands, y in units: distance sees x alone, though only y tells the three groups apart. */
  scale: { d: 2, open: () => (random) => [2000 * gauss(random), random() % 3 + 0.12 * gauss(random)] },

  /** A 16 × 16 integer grid: duplicates, and ties at every distance. */
  ties: { d: 2, open: () => (random) => [random() >>> 28, random() >>> 28] },

  /** Twelve directions with lengths from 0.1 to 3: cosine sees the ray, inner product prefers the long. */
  rays: {
    d: 2,
    open: () => (random) => {
      const [cos, sin] = onCircle((random() % 12) / 12 + 0.006 * gauss(random));
      const u = uniform(random);
      const length = 0.1 + 2.9 * u * u * u; // cubed: few are long
      return [length * cos, length * sin];
    },
  },

  /** 64 dimensions as 32 planes: a group of vectors shares one of five spots on every plane. The spread of the spots
   *  falls from plane to plane, as variance does in real descriptors. */
  planes: {
    d: 2 * panels,
    open: (random) => {
      let scale = 1 / 0.97;
      const scales = Array.from({ length: panels }, () => (scale *= 0.97));
      const spots = scales.map((scale) =>
        Array.from({ length: 5 }, () => [scale * gauss(random), scale * gauss(random)]));
      const groups = Array.from({ length: 200 }, () =>
        spots.flatMap((onPlane) => onPlane[random() % onPlane.length] ?? []));
      const weights = zipf(groups.length);
      return (random) => 
        pick(groups, weights, random).map((side, j) => side + 0.3 * (scales[j >> 1] ?? 0) * gauss(random));
    },
  },
} as const satisfies Record<string, Law>;

export type ToyName = keyof typeof toys;

/** n base vectors and nq queries of the same law, each from a stream of its own: a larger n begins with the smaller
 *  one's vectors, and the queries are never among them but by chance (on the integer grid). */
export function makeToy(name: ToyName, n: number, seed: number, nq = 200): Vectors {
  const { d, open }: Law = toys[name];
  const seeds = mulberry32(seed);
  const sample = open(mulberry32(seeds()));
  const vectors = (count: number, random: Random) => {
    const out = new Float32Array(count * d);
    for (let i = 0; i < count; i++) out.set(sample(random), i * d);
    return out;
  };
  const [forBase, forQueries] = [mulberry32(seeds()), mulberry32(seeds())];
  return { d, base: vectors(n, forBase), queries: vectors(nq, forQueries) };
}

function turn(turns: number, [x, y]: [number, number]): [number, number] {
  const [cos, sin] = onCircle(turns);
  return [cos * x - sin * y, sin * x + cos * y];
}
