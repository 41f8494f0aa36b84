import { describe, expect, it } from 'vitest';
import { assignHues, firstHues, wear, wornHues } from '../hues';
import type { Palette } from '../palette';
import { glideOf } from './glide';
import { layoutOf } from './layout';
import { momentOf, trainingSteps, WAY } from './moment';
import type { Frame, Look, MapLook, Space } from './moment';
import { shadeOf } from './shades';
import { captionOf, chainSteps, roundSteps } from './story';
import { dotAt, spreadOfDots, turnOf, viewOf } from './turn';

const dot = (a: number[], b: number[]) => a.reduce((sum, v, j) => sum + v * (b[j] ?? 0), 0);
const plain = (text: string | undefined) => (text ?? '').replaceAll('\u202f', ' ');

/** Two dots, the query on the first of them. */
function frame(points: number[], rest: Partial<Frame> = {}): Frame {
  return {
    d: 2, variances: Float32Array.of(4, 1), parts: 2, energies: Float32Array.of(4, 1), bounds: Float32Array.of(4, 1), imbalance: 1.36, boundImbalance: 1.36, between: 0.25,
    covariance: { side: 2, per: 1, values: Float32Array.of(4, -1, -1, 1) }, points: Float32Array.from(points), query: { x: points[0] ?? 0, y: points[1] ?? 0 }, selected: null, near: new Float32Array(0), ...rest,
  };
}
const space = (points: number[], rest: Partial<Space> = {}): Space => ({ ...frame(points), norms: { least: 1, mean: 2, most: 3, counts: new Uint32Array(32) }, queryNorm: 1, ...rest });
const map = (rest: Partial<MapLook>): MapLook => ({ name: 'RR', kind: 'RR', spectrum: null, whitens: false, turn: null, glide: null, training: null, ...rest });
const look = (spaces: Space[], maps: MapLook[]): Look => ({ sampled: 4096, ids: Int32Array.of(10, 20), lists: null, nlist: 0, near: new Int32Array(0), selected: null, spaces, maps });

const quarter = look([space([1, 0, 0, 1]), space([0, 1, -1, 0])], [map({ turn: { angle: Math.PI / 2, mirrored: false, shift: { x: 0, y: 0 } } })]);
const opq = look([space([1, 0, 0, 1]), space([2, 0, 0, 2])], [map({
  name: 'OPQ2', kind: 'OPQ', training: { losses: [5, 4, 3, 3], sampled: 1000, balanced: true, frames: [-1, 1, 3].map((round) => ({ ...frame([round, 0, 0, 1]), round })) },
})]);

describe('which state is shown', () => {
  it('without a step the end of the chain; with one, so much of the way of its map', () => {
    const chain = look([space([0, 0, 1, 1]), space([0, 0, 2, 2]), space([0, 0, 3, 3])], [map({ name: 'RR' }), map({ name: 'L2norm', kind: 'L2norm' })]);
    expect([0, 3, 10, 11, 20, null].map((lit) => { const moment = momentOf(chain, lit, null); return [moment?.map.name, moment?.t]; })).toEqual([['RR', 0], ['RR', 0.3], ['RR', 1], ['L2norm', 0.1], ['L2norm', 1], ['L2norm', 1]]);
    expect(chainSteps(chain)).toHaveLength(2 * WAY + 1);
    expect(chainSteps(chain).flatMap(({ main }, i) => (main ? [i] : []))).toEqual([0, 10, 20]);
  });

  it('during training the rotation that was kept last', () => {
    expect(trainingSteps(opq).map(({ round }) => round)).toEqual([-1, 0, 1, 2, 3]);
    expect([0, 1, 2, 3, 4].map((step) => momentOf(opq, null, step)?.drawn)).toEqual([-1, -1, 1, 1, 3]);
    expect(momentOf(opq, null, 4)?.shown.points[0]).toBe(3);
  });

  it('nothing without a map', () => expect(momentOf(look([space([0, 0])], []), null, null)).toBeNull());
});

describe('the way between two frames', () => {
  const at = (of: Look, lit: number, i: number) => { const moment = momentOf(of, lit, null); return moment && turnOf(moment).place(dotAt(moment.before.points, i), dotAt(moment.shown.points, i)); };

  it('begins and ends where the engine says, along a circle when a plane is turned', () => {
    expect(at(quarter, 0, 0)).toEqual({ x: 1, y: 0 });
    const half = at(quarter, 5, 0), end = at(quarter, 10, 0);
    expect(half?.x).toBeCloseTo(Math.SQRT1_2, 10);
    expect(half?.y).toBeCloseTo(Math.SQRT1_2, 10);
    expect([end?.x, end?.y].map((v) => Math.round((v ?? NaN) * 1e9) / 1e9)).toEqual([0, 1]);
  });

  it('of a mirror image turns the second axis over first', () => {
    const mirrored = look([space([1, 1, 0, 1]), space([1, 1, 1, 0])], [map({ turn: { angle: Math.PI / 2, mirrored: true, shift: { x: 0, y: 0 } } })]);
    expect(at(mirrored, 5, 0)).toEqual({ x: 1, y: -1 });
    for (const i of [0, 1]) {
      const end = at(mirrored, 10, i), own = dotAt(Float32Array.of(1, 1, 1, 0), i);
      expect(end?.x).toBeCloseTo(own.x, 10);
      expect(end?.y).toBeCloseTo(own.y, 10);
    }
  });

  it('is straight otherwise, and of lengths that change each end fills the panel', () => {
    expect(at(opq, 5, 0)).toEqual({ x: 1.5, y: 0 });
    const unit = look([space([100, 0, 0, 100]), space([1, 0, 0, 1])], [map({ name: 'L2norm', kind: 'L2norm' })]);
    expect([at(unit, 0, 0), at(unit, 10, 0)]).toEqual([{ x: 1, y: -1 }, { x: 1, y: -1 }]);
    const moment = momentOf(unit, 0, null);
    expect(moment && turnOf(moment).view).toEqual({ x: 0, y: 0, half: 1 });
  });

  it('keeps the spread of the dots while a plane is turned', () => {
    const spreads = chainSteps(quarter).map(({ value }) => value);
    expect(new Set(spreads).size).toBe(1);
    const moment = momentOf(quarter, 3, null);
    expect(moment && spreadOfDots(moment)).toBeGreaterThan(0);
  });

  it('a panel holds every dot, the query and the vector looked at', () => {
    expect(viewOf(frame([0, 0, 2, 1], { selected: { x: -4, y: 0 } }))).toEqual({ x: -1, y: 0.5, half: 3 });
  });
});

describe('the turn of a plane in more dimensions', () => {
  /** Rows of a rotation of six dimensions: Gram–Schmidt on a fixed matrix. */
  const rows = [0, 1].reduce<number[][]>((made, i) => {
    const row = Array.from({ length: 6 }, (_, j) => Math.sin(3 * i + 2 * j + 1)), left = made.reduce((v, other) => { const along = dot(v, other); return v.map((x, j) => x - along * (other[j] ?? 0)); }, row);
    return [...made, left.map((x) => x / Math.hypot(...left))];
  }, []);
  const [r1 = [], r2 = []] = rows, entry = (row: number[], j: number) => row[j] ?? 0;
  const glide = { overlap: [entry(r1, 0), entry(r2, 0), entry(r1, 1), entry(r2, 1)] as [number, number, number, number], shift: { x: 0, y: 0 } };
  /** The frame at t: where the unit vector of each dimension stands. */
  const frameAt = (t: number, of = glide) => { const { place } = glideOf(of); return Array.from({ length: 6 }, (_, j) => place({ x: j === 0 ? 1 : 0, y: j === 1 ? 1 : 0 }, { x: entry(r1, j) + of.shift.x, y: entry(r2, j) + of.shift.y }, t)); };

  it('begins at the axes before, ends at those after, and is a projection onto two directions at right angles all the way', () => {
    frameAt(0).forEach(({ x, y }, j) => { expect(x).toBeCloseTo(j === 0 ? 1 : 0, 10); expect(y).toBeCloseTo(j === 1 ? 1 : 0, 10); });
    frameAt(1).forEach(({ x, y }, j) => { expect(x).toBeCloseTo(entry(r1, j), 10); expect(y).toBeCloseTo(entry(r2, j), 10); });
    for (const t of [0.1, 0.35, 0.5, 0.8]) {
      const X = frameAt(t).map(({ x }) => x), Y = frameAt(t).map(({ y }) => y);
      expect([dot(X, X), dot(Y, Y), dot(X, Y)].map((v) => Math.round(v * 1e9) / 1e9 + 0)).toEqual([1, 1, 0]);
    }
  });

  it('goes as far in each step, and takes the origin along evenly', () => {
    const angle = (t: number) => { const X = frameAt(0), Y = frameAt(t), products = [dot(X.map(({ x }) => x), Y.map(({ x }) => x)), dot(X.map(({ x }) => x), Y.map(({ y }) => y)), dot(X.map(({ y }) => y), Y.map(({ x }) => x)), dot(X.map(({ y }) => y), Y.map(({ y }) => y))] as [number, number, number, number]; return glideOf({ overlap: products, shift: { x: 0, y: 0 } }).angles[0]; };
    expect(angle(0.25) / angle(1)).toBeCloseTo(0.25, 6);
    expect(angle(0.5) / angle(1)).toBeCloseTo(0.5, 6);
    const { place } = glideOf({ ...glide, shift: { x: 4, y: -2 } });
    expect(place({ x: 0, y: 0 }, { x: 4, y: -2 }, 0.5)).toEqual({ x: 2, y: -1 });
  });

  it('stays where it is when the map leaves the first two axes', () => {
    const { angles, place } = glideOf({ overlap: [1, 0, 0, 1], shift: { x: 0, y: 0 } });
    expect(angles).toEqual([0, 0]);
    expect(place({ x: 3, y: 4 }, { x: 3, y: 4 }, 0.3)).toEqual({ x: 3, y: 4 });
  });

  it('is said with its angles', () => {
    const moved = look([space([1, 0, 0, 1], { d: 6 }), space([1, 0, 0, 1], { d: 6 })], [map({ name: 'OPQ3', kind: 'OPQ', glide: { overlap: [0, 0, 0, 0.5], shift: { x: 0, y: 0 } } })]);
    expect(plain(chainSteps(moved)[4]?.sentence)).toBe('40 % of the way from before OPQ3 to after it, the plane that is seen turning through 6 dimensions by 90° and 60°, each picture a projection of the same vectors: a path of ours between two ends that are the map’s');
  });
});

describe('what is said', () => {
  it('of each map, with its numbers', () => {
    const of = (rest: Partial<MapLook>, before: Partial<Space>, after: Partial<Space>) => plain(captionOf(look([space([0, 0], before), space([0, 0], after)], [map(rest)]), null, null));
    expect(of({ name: 'L2norm', kind: 'L2norm' }, {}, { norms: { least: 1, mean: 1, most: 1, counts: new Uint32Array(32) } })).toBe('L2norm divides every vector by its length: 1 to 3 before, 1 after. Directions stay. Measured over 4 096 vectors.');
    expect(of({ name: 'Pad4', kind: 'Pad' }, {}, { d: 4 })).toContain('Pad4 fills 2 components up to 4 with 2 zeros; lengths and distances stay.');
    expect(of({ name: 'PCA1', kind: 'PCA' }, {}, { d: 1, variances: Float32Array.of(4.5), between: 0 })).toContain('takes 1 of 2, keeping 90 % of the variance. Squared covariance between components: 25 % → 0 %.');
    expect(of({ name: 'PCAW2', kind: 'PCA', whitens: true }, {}, { variances: Float32Array.of(1, 1) })).toContain('each is divided by its spread, so that all variances are near 1');
    expect(of({ name: 'HR', kind: 'HR' }, {}, { imbalance: 1.01, between: 0.2 })).toContain('HR turns by three rounds of random signs and a Hadamard matrix; lengths and distances stay: imbalance of variance among 2 components 1.36 → 1.01, squared covariance between them 25 % → 20 %.');
    const parts = { d: 4, parts: 2, bounds: Float32Array.of(1, 1), boundImbalance: 1, between: 0 };
    expect(of({ name: 'OPQ2', kind: 'OPQ' }, { ...parts, bounds: Float32Array.of(4, 1), boundImbalance: 1.36, between: 0.5 }, parts)).toContain('what codes of the 2 parts have to cover 5 → 2, its imbalance 1.36 → 1.00; squared covariance between parts 50 % → 0 %.');
    expect(of({ name: 'OPQ2_4', kind: 'OPQ' }, { ...parts, d: 8, bounds: Float32Array.of(4, 1) }, parts)).toContain('have to cover 2, its imbalance 1.00');
  });

  it('of the way: that it is ours; of a plane, by which angle', () => {
    expect(plain(chainSteps(opq)[3]?.sentence)).toBe('30 % of the way from before OPQ2 to after it, every dot on a straight line: a path of ours between two ends that are the map’s');
    expect(plain(chainSteps(quarter)[3]?.sentence)).toContain('the plane turned by 90° anticlockwise');
    expect(plain(captionOf(quarter, 3, null))).toContain('The dots are 30 % of the way.');
  });

  it('of each round: what it lost, and how much less than the one before', () => {
    const steps = roundSteps(opq);
    expect(steps.map(({ value }) => value)).toEqual([null, 5, 4, 3, 3]);
    expect(plain(steps[0]?.sentence)).toBe('OPQ2 starts from principal axes, shared out evenly among the parts, with 1 000 vectors to learn from');
    expect(plain(steps[2]?.sentence)).toContain('Round 2 of 4: codebooks of 256 rows a part leave 4, 20 % less;');
    expect(plain(steps[4]?.sentence)).toMatch(/leave 3, no more; .*; 40 % less than in the first$/);
    expect(plain(captionOf(opq, null, 3))).toContain('OPQ2 as it stood after round 2 (the nearest rotation that was kept)');
  });
});

it('lists wear in every view what their cells wore last', () => {
  const index = {}, touching = new Map([[0, new Set([10])], [10, new Set([0])]]), hues = assignHues(touching, firstHues(11));
  expect(wornHues(index)).toBeNull();
  wear(index, hues);
  expect(hues[0]).not.toBe(hues[10]); // both would have been of the first hue
  expect(wornHues(index)).toBe(hues);
  expect(wornHues({})).toBeNull();
});

it('panels fit the room there is', () => {
  for (const [width, height] of [[358, 320], [600, 356], [960, 356], [992, 420], [1400, 700]] as const) {
    const { narrow, side, energy, dots } = layoutOf(width, height);
    expect(side).toBeGreaterThan(100);
    expect(18 + side + 4 + energy + (narrow ? 52 : 0)).toBeLessThanOrEqual(height - 18);
    expect(18 + dots + (narrow ? 52 : 0)).toBeLessThanOrEqual(height - 18);
    expect(narrow ? 2 * side + 16 : 2 * side + dots + 32).toBeLessThanOrEqual(width - 18);
  }
});

it('shades tell the size alike for both signs, and nothing is the ground', () => {
  const grey = (v: number) => [v, v, v] as const, palette: Palette = { ground: grey(255), ink: grey(20), line: grey(200), probed: grey(0), neutral: grey(0), scanned: grey(0), lists: Array.from({ length: 10 }, () => grey(140)) };
  const shade = shadeOf(palette, 4), [none, quarterOf, whole] = [0, 1, 4].map(shade);
  expect(none).toEqual(grey(255));
  expect((255 - (quarterOf?.[0] ?? 0)) / (255 - (whole?.[0] ?? 0))).toBeCloseTo(0.5, 1);
  expect(shade(-9)).toEqual(shade(-4));
});
