import { describe, expect, it } from 'vitest';
import type { Hit, IndexInfo, PlaneAnswer, SearchAnswer, TrueNeighbour } from '@/workers/protocol';
import { badgeOf, captionOf } from './caption';
import { placeNames } from './names';
import { markNeighbours } from './neighbours';
import type { StageProps } from './props';
import { searchSteps, trainingSteps } from './steps';
import { barWidth, listsPerLine, makeBars } from './stripLayout';
import { listName } from './tips';
import { count, measure, nthNearest, percent } from './words';

const plain = (text: string | undefined) => (text ?? '').replaceAll('\u202f', ' ');

const index: IndexInfo = {
  factory: 'IVF4,Flat', metric: 'L2', n: 50000, d: 2, codeSize: 8, bytes: 800000, trainMs: 1, addMs: 1,
  ivf: { nlist: 4, sizes: Uint32Array.of(203, 1360, 40000, 8437), imbalance: 1.2071, emptyLists: 0 },
  kmeans: {
    sampled: 12800,
    iterations: [
      { objective: 12800 * 40000, empty: 1, moved: 12800, imbalance: 1.5, ms: 1 },
      { objective: 12800 * 31528.1, empty: 0, moved: 2400, imbalance: 1.3, ms: 1 },
      { objective: 12800 * 31402, empty: 0, moved: 1203, imbalance: 1.2071, ms: 1 },
    ],
  },
  stages: [],
};
const plane: PlaneAnswer = {
  kind: 'query', points: Float32Array.from({ length: 30 }, (_, i) => i), lists: new Int32Array(10), centroids: new Float32Array(12),
  history: Array.from({ length: 4 }, () => new Float32Array(12)), query: { x: 0, y: 0, height: 0 },
  badge: { exact: false, agreement: 0.712, knn10: 0.23, variance: 0.1801 },
};
const hit = (id: number, list: number): Hit => ({ id, list, distance: id, label: { kind: 'number', text: `${id}` } });
const truth = (id: number, list: number, found: boolean, listRank: number): TrueNeighbour => ({ ...hit(id, list), found, lost: found ? null : 'coarse', rank: null, listRank, remedy: null });
const search: SearchAnswer = {
  query: { vector: new Float32Array(2), label: { kind: 'word', text: 'king' }, ref: { kind: 'heldOut', index: 0 } },
  hits: [hit(1, 0), hit(2, 1), hit(7, 1)],
  truth: [truth(1, 0, true, 1), truth(2, 1, true, 2), truth(3, 2, false, 4)],
  probed: Int32Array.of(0, 1),
  listOrder: { list: Int32Array.of(0, 1, 3, 2), distance: Float32Array.of(1, 2, 3, 4), size: Uint32Array.of(203, 1360, 8437, 40000), trueNeighbours: Uint8Array.of(1, 1, 0, 1) },
  scanned: Int32Array.of(1, 2, 7), scannedTotal: 1563, counts: { ndis: 1567, ndisCoarse: 4, ndisRefine: 0, lists: 2, codes: 1563, hops: 0 },
  usPerStage: { transform: 0, coarse: 1, tables: 0, scan: 1, refine: 0, total: 2 }, recall: 2 / 3,
};
const stage: StageProps = { view: 'cells', state: { kind: 'ready' }, index, plane, slice: null, search, lit: null, iteration: null, hoverList: null, onHoverList: () => undefined };

describe('numbers', () => {
  it('have three significant digits, and thin spaces between thousands', () => {
    expect([12800, 31402.4, 1.2071, 0.0012345, 0].map(measure).map(plain)).toEqual(['12 800', '31 402', '1.21', '0.00123', '0']);
    expect(plain(count(1203))).toBe('1 203');
    expect([0.712, 0.0042, 1].map(percent).map(plain)).toEqual(['71 %', '0.4 %', '100 %']);
    expect([1, 2, 3, 11, 22, 113].map(nthNearest)).toEqual(['nearest', '2nd nearest', '3rd nearest', '11th nearest', '22nd nearest', '113th nearest']);
  });
});

describe('training steps', () => {
  it('begin with the start and then say each iteration’s numbers', () => {
    const sentences = trainingSteps(index, plane).map(({ sentence }) => plain(sentence));
    expect(sentences).toEqual([
      'Start: 4 vectors of the sample stand in as centroids',
      'Iteration 1 of 3: 12 800 of 12 800 sampled vectors changed their cell; mean squared distance 40 000; imbalance 1.5; 1 empty cell refilled',
      'Iteration 2 of 3: 2 400 of 12 800 sampled vectors changed their cell; mean squared distance 31 528, 21 % lower; imbalance 1.3',
      'Iteration 3 of 3: 1 203 of 12 800 sampled vectors changed their cell; mean squared distance 31 402, 0.4 % lower; imbalance 1.21',
    ]);
  });

  it('match a history without the start, too', () => {
    const steps = trainingSteps(index, { ...plane, history: plane.history.slice(1) });
    expect(steps).toHaveLength(3);
    expect(plain(steps[0]?.sentence)).toMatch(/^Iteration 1 of 3: 12 800/);
    expect(steps[2]?.value).toBeCloseTo(31402, 6);
  });

  it('say higher for inner products that grow', () => {
    const grown = trainingSteps({ ...index, metric: 'IP', kmeans: { sampled: 10, iterations: [{ objective: 5, empty: 0, moved: 10, imbalance: 1, ms: 1 }, { objective: 6, empty: 0, moved: 2, imbalance: 1, ms: 1 }] } }, { ...plane, history: plane.history.slice(2) });
    expect(plain(grown[1]?.sentence)).toContain('mean inner product 0.6, 20 % higher');
  });

  it('are none where nothing was trained', () => {
    expect(trainingSteps({ ...index, kmeans: null }, plane)).toEqual([]);
  });
});

describe('search steps', () => {
  const steps = searchSteps(search, index.n);

  it('say what is compared and how much is scanned, then each list', () => {
    expect(steps.map(({ sentence }) => plain(sentence))).toEqual([
      '4 lists; the 2 nearest lists hold 1 563 of 50 000 vectors, 3 %',
      'List 0: nearest, 203 vectors scanned, 1 of 3 true neighbours in it',
      'List 1: 2nd nearest, 1 360 vectors scanned, 1 of 3 true neighbours in it',
    ]);
  });

  it('carry how many true neighbours are covered so far', () => {
    expect(steps.map(({ value }) => value)).toEqual([0, 1, 2]);
  });
});

describe('caption', () => {
  const captionWith = (change: Partial<StageProps>) => plain(captionOf({ ...stage, ...change }, new Set([0, 1, 3])));

  it('says what is probed and what is in it', () => {
    expect(captionWith({})).toBe('2 of 4 lists probed; 2 of 3 true neighbours in them. Imbalance factor 1.21.');
    expect(captionWith({ lit: 1 })).toBe('1 of 2 lists probed so far; 1 of 3 true neighbours in them.');
  });

  it('says when probed cells are not in the picture', () => {
    expect(plain(captionOf(stage, new Set([1, 2])))).toMatch(/in them\. One probed cell does not meet this window\. Imbalance factor 1\.21\.$/);
    expect(plain(captionOf({ ...stage, lit: 0 }, new Set([1, 2])))).not.toContain('window');
  });

  it('says when the query itself is off the plane', () => {
    expect(captionWith({ plane: { ...plane, query: { x: 0, y: 0, height: 2.345 } } })).toMatch(/ The query is 2\.3[45] off this plane\.$/);
    const moved = { ...search, query: { ...search.query, ref: { kind: 'plane', index: 0, x: 1, y: 2 } as const } };
    expect(captionWith({ search: moved, plane: { ...plane, query: { x: 0, y: 0, height: 2.345 } } })).not.toContain('off this plane');
  });

  it('says which iteration is shown', () => {
    expect(captionWith({ iteration: 0 })).toMatch(/at the start/);
    expect(captionWith({ iteration: 3 })).toBe('Centroids and cells after iteration 3 of 3.');
    expect(captionWith({ iteration: 3, view: 'map' })).toBe('Vectors in the hue of their list after iteration 3 of 3.');
  });

  it('counts the cells in sight when nothing was searched', () => {
    expect(captionWith({ search: null })).toBe('3 of 4 cells meet this window. Imbalance factor 1.21.');
    expect(captionWith({ search: null, view: 'map' })).toBe('10 vectors on this plane. Imbalance factor 1.21.');
  });

  it('says when the query’s mark covers others', () => {
    expect(plain(captionOf(stage, null, 1))).toMatch(/ 1 mark lies under the query’s; zoom in to part them\.$/);
    expect(plain(captionOf(stage, null, 10))).toMatch(/ 10 marks lie under the query’s/);
  });
});

describe('cells of an index over the centroids', () => {
  const guessing = (coarse: number) => ({ ...stage, plane: { ...plane, badge: { ...plane.badge, coarse } } });
  it('say in the caption how often it agrees, and never write nearly all as all', () => {
    expect(plain(captionOf(guessing(0.93), null))).toContain('the index over the centroids agrees for 93 % of vectors.');
    expect(plain(captionOf(guessing(0.9996), null))).toContain('agrees for 99.96 % of vectors.');
    expect(plain(captionOf(guessing(1), null))).toContain('agrees for 100 % of vectors.');
    expect(plain(captionOf({ ...guessing(0.93), view: 'map' }, null))).not.toContain('agrees');
  });
});

describe('badge', () => {
  it('is exact, or a projection with its scores', () => {
    expect(badgeOf({ ...plane.badge, exact: true })).toBe('exact');
    expect(plain(badgeOf(plane.badge))).toBe('projection: 71 % of dots lie over their own cell · 10-NN kept 23 % · 18 % of variance');
    expect(plain(badgeOf({ ...plane.badge, agreement: null }))).toBe('projection: 10-NN kept 23 % · 18 % of variance');
  });
});

describe('neighbours', () => {
  const kinds = (lit: number[], finished: boolean) => Object.fromEntries(markNeighbours(search, plane, new Set(lit), finished, 'L2').map(({ id, kind }) => [id, kind]));

  it('are found, missed or merely returned', () => {
    expect(kinds([0, 1], true)).toEqual({ 1: 'found', 2: 'found', 3: 'missed', 7: 'returned' });
  });

  it('wait in a replay until their list is lit', () => {
    expect(kinds([0], false)).toEqual({ 1: 'found', 2: 'waiting', 3: 'waiting' });
  });

  it('say why one was missed', () => {
    const missed = (metric: IndexInfo['metric']) => markNeighbours(search, plane, new Set([0, 1]), true, metric).find(({ id }) => id === 3)?.sentence;
    expect(missed('L2')).toBe('3rd nearest neighbour, squared distance 3: missed, its list is the 4th nearest and was not probed');
    expect(missed('IP')).toContain('inner product 3: missed');
  });
});

describe('names', () => {
  const size = { width: 300, height: 200 };

  it('stand right of their mark, or on the next side that is free and in the picture', () => {
    const [free, edge] = placeNames([{ x: 50, y: 100, text: 'queen' }, { x: 290, y: 100, text: 'prince' }], 5, [], size);
    expect(free?.anchor).toBe('start');
    expect(edge?.anchor).toBe('end');
  });

  it('never cover a mark or another name: where nothing is free, none', () => {
    const crowd = Array.from({ length: 40 }, (_, i) => ({ x: 140 + (i % 8) * 4, y: 90 + Math.floor(i / 8) * 4, text: 'neighbour' }));
    const placed = placeNames(crowd, 5, [], size);
    expect(placed.filter(Boolean).length).toBeLessThan(12);
    expect(placed.some(Boolean)).toBe(true);
    for (const name of placed) if (name) expect(crowd.every(({ x, y }) => Math.hypot(name.x - x, name.y - y) > 5)).toBe(true);
  });
});

describe('list strip', () => {
  it('has one bar per list, nearest first, with its true neighbours', () => {
    const bars = makeBars(search, 1);
    expect(bars.map(({ rank, list, size, probed, found, missed }) => [rank, list, size, probed, found, missed])).toEqual([
      [1, 0, 203, true, 1, 0], [2, 1, 1360, false, 1, 0], [3, 3, 8437, false, 0, 0], [4, 2, 40000, false, 0, 1],
    ]);
  });

  it('shares the pixels of its overview where lists are more', () => {
    expect([[256, 900], [900, 900], [901, 900], [4096, 900], [65_536, 390]].map(([nlist = 0, width = 0]) => listsPerLine(nlist, width))).toEqual([1, 1, 2, 5, 169]);
  });

  it('names the pair that a list of a multi-index is', () => {
    expect(listName(5137, index)).toBe('List 5\u202f137');
    const pairs = { ...index, ivf: index.ivf && { ...index.ivf, nbits: 8 } };
    expect(listName(5137, pairs)).toBe('List 5\u202f137, pair 17 and 20');
  });

  it('scrolls rather than making bars narrower than 8 pixels', () => {
    expect(barWidth(800, 100)).toEqual({ each: 8, scrolls: false });
    expect(barWidth(800, 1024)).toEqual({ each: 12, scrolls: true });
  });
});
