import { expect, test, vi } from 'vitest';
import type { Client } from '../workers/client';
import type { Answer, Ask, Call, Failure, IndexInfo, PlaneAnswer, SearchAnswer } from '../workers/protocol';
import { choose, writeIndex } from './actions';
import { createExplorer } from './explorer';
import { isStale } from './store';
import { between } from './sweep';

/** A client whose calls are answered by the test, one by one and in any order. */
function scripted() {
  const open: { name: Call; ask: unknown; resolve: (answer: never) => void; reject: (failure: Failure) => void }[] = [];
  const client: Client = {
    call: <C extends Call>(name: C, ask: Ask<C>) => new Promise<Answer<C>>((resolve, reject) => { open.push({ name, ask, resolve, reject }); }),
    cancel: vi.fn(() => { for (const one of open.splice(0)) one.reject({ name: 'cancelled', message: 'Cancelled.' }); }),
    dropBackground: vi.fn(),
    stop: vi.fn(),
  };
  /** Waits for a call of this name and takes it off the list. */
  const next = (name: Call) => vi.waitFor(() => {
    const at = open.findIndex((one) => one.name === name);
    const found = open[at];
    if (!found) throw new Error(`no ${name} under way, but ${open.map((one) => one.name).join(', ')}`);
    open.splice(at, 1);
    return { ask: found.ask, answer: (value: unknown) => found.resolve(value as never), fail: found.reject };
  });
  return { client, next, open };
}

const info = (factory: string): Partial<IndexInfo> => ({ factory, n: 10_000, d: 128, bytes: 1, ivf: null, kmeans: null });
const searched = (recall: number): Partial<SearchAnswer> => ({ recall, hits: [], truth: [] });
const plane: Partial<PlaneAnswer> = { kind: 'query', points: new Float32Array(0), history: [], query: { x: 0, y: 0, height: 0 } };
const data = { name: 'photo-sift', title: 'Photo SIFT', n: 10_000, d: 128, metric: 'L2', nq: 3, queryNames: ['a', 'b', 'c'] };

async function started(search = '') {
  const script = scripted();
  const explorer = createExplorer(() => script.client, () => Promise.resolve(new Float32Array(0)));
  const done = explorer.start(search);
  (await script.next('start')).answer({ threads: 1, shared: false, simd: 'plain', memoryBytes: 2 ** 30 });
  (await script.next('load')).answer(data);
  return { ...script, explorer, done };
}

async function built(search = '') {
  const page = await started(search);
  const build = await page.next('build');
  build.answer(info('IVF256,PQ32'));
  (await page.next('search')).answer(searched(0.5));
  (await page.next('plane')).answer(plane);
  await page.done;
  return page;
}

test('what the URL says is loaded, built, searched, drawn and measured, without a click', async () => {
  const { explorer, next } = await built('?n=5000&nprobe=4&k=5&query=2');
  const { setting, built: index, runs } = explorer.store.getState();
  expect(setting).toMatchObject({ n: 5000, nprobe: 4, k: 5, query: '2' });
  expect(index?.of).toMatchObject({ n: 5000, index: 'IVF256,PQ32' });
  expect(runs).toHaveLength(1);
  const curve = await next('curve'), point = { value: 1, recall: 0.5, ceiling: 0.75 };
  expect(curve.ask).toMatchObject({ k: 5, param: 'nprobe' });
  curve.answer([point]);
  await vi.waitFor(() => expect(explorer.store.getState().runs[0]?.curve).toEqual([point]));
  expect((await next('sweep')).ask).toMatchObject({ k: 5, param: 'nprobe', values: [1] });
});

test('a query that is not held out is named and replaced', async () => {
  const { explorer } = await built('?query=zebra');
  const { notices, setting } = explorer.store.getState();
  expect(setting.query).toBe('0');
  expect(notices.map((notice) => notice.message)).toEqual(['query: “zebra” is not among the 3 queries of Photo SIFT; query 0 is used.']);
});

test('a wrong string is not built; the index on screen stays and is known to be old', async () => {
  const { explorer, open } = await built();
  open.length = 0;
  explorer.change((setting) => writeIndex(setting, 'IVF256,PQ33'));
  explorer.build();
  expect(open).toEqual([]);
  expect(explorer.store.getState().built?.of.index).toBe('IVF256,PQ32');
  expect(isStale(explorer.store.getState())).toBe(true);
});

test('a build that fails says why and leaves the index on screen', async () => {
  const { explorer, next } = await built();
  explorer.change((setting) => writeIndex(setting, 'IVF64,Flat'));
  explorer.build();
  (await next('build')).fail({ name: 'refused', message: 'too large' });
  await vi.waitFor(() => expect(explorer.store.getState().failure).toBe('too large'));
  expect(explorer.store.getState()).toMatchObject({ job: null, built: { of: { index: 'IVF256,PQ32' }, live: true } });
});

test('cancel ends the build without a complaint', async () => {
  const { explorer, next, client } = await built();
  explorer.change((setting) => writeIndex(setting, 'IVF64,Flat'));
  explorer.build();
  const build = await next('build');
  explorer.cancel();
  build.fail({ name: 'cancelled', message: 'Cancelled.' });
  expect(client.cancel).toHaveBeenCalled();
  expect(explorer.store.getState()).toMatchObject({ job: null, failure: null, built: { of: { index: 'IVF256,PQ32' } } });
});

test('while a slider moves only the latest value is searched, and its answer is what stays', async () => {
  const { explorer, next, open } = await built();
  for (const nprobe of [9, 10, 11, 12]) explorer.change((setting) => choose(setting, 'nprobe', nprobe));
  const first = await next('search');
  expect(first.ask).toMatchObject({ params: { nprobe: 9 } });
  expect(open.filter((call) => call.name === 'search')).toEqual([]);
  first.answer(searched(0.6));
  const last = await next('search');
  expect(last.ask).toMatchObject({ params: { nprobe: 12 } });
  last.answer(searched(0.7));
  await vi.waitFor(() => expect(explorer.store.getState().search?.recall).toBe(0.7));
});

test('other vectors make the index on screen unsearchable until the new one is there', async () => {
  const { explorer, next } = await built();
  explorer.change((setting) => choose(setting, 'n', 5000));
  await next('load');
  expect(explorer.store.getState().built?.live).toBe(false);
});

test('a curve has the values that are swept and up to seven more in each doubling', () => {
  expect(between([1, 2, 4, 8, 16])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16]);
  expect(between([1])).toEqual([1]);
});
