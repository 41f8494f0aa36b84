import { beforeAll, describe, expect, it } from 'vitest';
import { findDataSet } from '@/engine/data/catalogue';
import { isGenerated } from '@/engine/data/generate';
import { sourceOfGenerated } from '@/engine/data/source';
import { testEngine } from '@/engine/test/engine';
import { openSession, serve, type Session } from '@/workers/session';
import { cameraOf, homeTurn, turned, zoomedAt } from '@/components/views/stage/layers/camera';
import { comparedAfter, foundAt, frameAt, searchSteps, type Look } from '@/components/views/stage/layers/frame';
import { caption, tracks, walkSteps } from '@/components/views/stage/layers/story';

let session: Session;
const looks = new Map<string, Look>();

beforeAll(async () => {
  session = openSession(await testEngine(1), async ({ name, n, seed }) => {
    const set = findDataSet(name);
    if (!set || !isGenerated(set.name)) throw new Error(`${name} is not generated`);
    return sourceOfGenerated({ ...set, name: set.name }, n, seed);
  });
  await serve.load(session, { name: 'planes', n: 5000, metric: 'L2', seed: 1234 }, () => {});
  for (const factory of ['HNSW8', 'IVF128_HNSW8,Flat']) {
    await serve.build(session, { factory, metric: 'L2', seed: 1234 }, () => {});
    const look = await serve.look(session, { kind: 'layers', query: { kind: 'heldOut', index: 3 }, k: 10, params: { efSearch: 20, nprobe: 6 }, selected: null }, () => {});
    if (look.kind === 'layers') looks.set(factory, look);
  }
});

function lookOf(factory: string): Look {
  const look = looks.get(factory);
  if (!look) throw new Error(`${factory} was not answered`);
  return look;
}

describe.each(['HNSW8', 'IVF128_HNSW8,Flat'])('the steps of a walk: %s', (factory) => {
  it('show every distance once, and end with what was found', () => {
    const look = lookOf(factory), last = searchSteps(look) - 1;
    for (let step = 0; step <= last; step++) {
      const frame = frameAt(look, step, null);
      if (frame.kind === 'build') throw new Error('a search is shown');
      expect(comparedAfter(look, frame.shown)).toBe(1 + look.walk.hops.slice(0, step).reduce((sum, { met }) => sum + met.ids.length, 0));
      expect(frame.ended).toBe(step === last);
      if (step > 0 && step < last) expect(frame.current).toBe(look.walk.hops[step - 1]);
      frame.met.forEach(({ hop }) => expect(hop).toBeLessThan(Math.max(1, frame.shown)));
    }
    const end = frameAt(look, null, null);
    if (end.kind === 'build') throw new Error('a search is shown');
    expect(comparedAfter(look, end.shown)).toBe(look.walk.ndis);
    expect(foundAt(look, end)).toEqual(new Set(look.walk.given));
    expect([...end.met.values()].filter(({ walkedAt }) => walkedAt !== null).length).toBe(look.walk.hops.filter(({ level }) => level === 0).length);
  });

  it('are told with their own numbers', () => {
    const look = lookOf(factory), steps = walkSteps(look), found = look.walk.given.filter((id) => look.walk.truth.ids.includes(id)).length;
    expect(steps.length).toBe(look.walk.hops.length + 2);
    expect(steps[0]?.sentence).toContain(`on layer ${look.levels.length - 1}`);
    expect(steps.at(-1)?.sentence).toContain(`${found} of ${look.walk.truth.ids.length} `);
    expect(steps.at(-1)?.sentence).toContain(`after ${look.walk.hopCount} hops and ${look.walk.ndis} distances`);
    const values = steps.map(({ value }) => value ?? Infinity);
    expect(values.every((value, i) => i === 0 || value <= (values[i - 1] ?? Infinity))).toBe(true); // the nearest so far never goes away
    expect(values.at(-1)).toBe(Math.min(...look.walk.hops.flatMap(({ distance, met }) => [distance, ...met.dis])));
    expect(tracks(look, null).training?.steps.length).toBe(look.states.length);
  });
});

describe('the camera', () => {
  it('keeps a place on the same upright line through all layers, however it is turned', () => {
    const look = lookOf('HNSW8'), size = { width: 500, height: 340 };
    for (const turn of [homeTurn(3), turned(homeTurn(3), 1.1, 0.3), zoomedAt(homeTurn(3), 2, { x: 100, y: 70 }, size)]) {
      const { to } = cameraOf(look, size, turn, { x: 16, y: 40 });
      for (const [x, y] of [[0, 0], [look.window.x0, look.window.y1]] as const) expect(new Set(look.levels.map((_, layer) => to(x, y, layer).x.toFixed(6))).size).toBe(1);
      expect(to(0, 0, 1).y).toBeLessThan(to(0, 0, 0).y);
    }
  });

  it('shows all of every plane, and zooms about a point that stays', () => {
    const look = lookOf('HNSW8'), size = { width: 500, height: 340 }, { outline } = cameraOf(look, size, homeTurn(look.levels.length), { x: 16, y: 40 });
    for (const { x, y } of look.levels.flatMap((_, layer) => outline(layer))) expect([x > 0, x < 500, y > 0, y < 340]).toEqual([true, true, true, true]);
    const home = homeTurn(look.levels.length), at = cameraOf(look, size, home, { x: 16, y: 40 }).to(0.3, -0.2, 1), after = cameraOf(look, size, zoomedAt(home, 1.7, at, size), { x: 16, y: 40 }).to(0.3, -0.2, 1);
    expect([after.x, after.y]).toEqual([expect.closeTo(at.x, 6), expect.closeTo(at.y, 6)]);
  });
});

it('a caption says how much was computed', () => {
  const look = lookOf('HNSW8');
  expect(caption({ look, lit: null, iteration: null })).toContain(`${look.walk.ndis} distances computed`);
});
