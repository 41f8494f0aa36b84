import * as Comlink from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import { connect } from './client';
import type { EnginePort } from './client';
import type { Failure, Progress } from './protocol';

/** The worker's side of a channel: calls are answered by the test, in its own time. */
function fakeEngine() {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const calls: { name: string; tell: (progress: Progress) => void; resolve: (value: unknown) => void; reject: (failure: Failure) => void }[] = [];
  const cancel = vi.fn(() => { calls.at(-1)?.reject({ name: 'cancelled', message: 'cancelled' }); });
  Comlink.expose({
    call: (name: string, _ask: unknown, tell: (progress: Progress) => void) =>
      new Promise((resolve, reject) => { calls.push({ name, tell, resolve, reject }); }),
    cancel,
  }, port1);
  const port: EnginePort = port2;
  return { client: connect(port), calls, cancel, port };
}

const ports: MessagePort[] = [];
afterEach(() => { for (const port of ports.splice(0)) port.close(); });

const slice = { window: { x0: 0, y0: 0, x1: 1, y1: 1 }, width: 2, height: 2, iteration: null };
const sweep = { k: 10, param: null, values: [0], params: {} };
/** Only the number is looked at: a printer of values would call the remote functions among them. */
const begun = (calls: unknown[], n: number) => vi.waitFor(() => expect(calls.length).toBe(n));

test('calls are made one at a time, a person’s before the background’s', async () => {
  const { client, calls } = fakeEngine();
  const first = client.call('slice', slice);
  void client.call('sweep', sweep, { background: true });
  void client.call('start', {});
  await begun(calls, 1);
  calls[0]?.resolve('answer');
  expect(await first).toBe('answer');
  await begun(calls, 2);
  expect(calls.map((call) => call.name)).toEqual(['slice', 'start']);
});

test('progress and failures cross as plain data', async () => {
  const { client, calls } = fakeEngine();
  const seen: Progress[] = [];
  const build = client.call('build', { factory: 'Flat', metric: 'L2', seed: 1 }, { onProgress: (progress) => seen.push(progress) });
  await begun(calls, 1);
  calls[0]?.tell({ stage: 'k-means', done: 1, total: 10, left: null });
  await vi.waitFor(() => expect(seen).toEqual([{ stage: 'k-means', done: 1, total: 10, left: null }]));
  calls[0]?.reject({ name: 'refused', message: 'too large' });
  await expect(build).rejects.toEqual({ name: 'refused', message: 'too large' });
});

test('cancel ends the call under way, drops the waiting ones, and new calls work', async () => {
  const { client, calls, cancel } = fakeEngine();
  const build = client.call('build', { factory: 'Flat', metric: 'L2', seed: 1 });
  const waiting = client.call('slice', slice);
  const ends = [expect(build).rejects.toMatchObject({ name: 'cancelled' }), expect(waiting).rejects.toMatchObject({ name: 'cancelled' })];
  await begun(calls, 1);
  client.cancel();
  await Promise.all(ends);
  expect(cancel).toHaveBeenCalledOnce();
  const after = client.call('start', {});
  await begun(calls, 2);
  calls[1]?.resolve('started');
  expect(await after).toBe('started');
});

test('a dead worker fails what is open and what comes', async () => {
  const { client, calls, port } = fakeEngine();
  const open = client.call('start', {});
  await begun(calls, 1);
  const dies = expect(open).rejects.toMatchObject({ name: 'broken' });
  port.onerror?.(Object.assign(new Event('error'), { message: 'out of memory', filename: '', lineno: 0, colno: 0, error: null }));
  await dies;
  await expect(client.call('start', {})).rejects.toEqual({ name: 'broken', message: 'The engine stopped: out of memory.' });
});
