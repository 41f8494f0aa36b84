import { expect, test } from 'vitest';
import { coalesce } from './latest';

test('of what is asked during a run only the latest is run', async () => {
  const runs: number[] = [];
  let open = () => {};
  const ask = coalesce(async (n: number) => {
    runs.push(n);
    if (n === 1) await new Promise<void>((resolve) => { open = resolve; });
  });
  const done = ask(1);
  void ask(2);
  void ask(3);
  open();
  await done;
  expect(runs).toEqual([1, 3]);
});
