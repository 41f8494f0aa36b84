import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

test('charts fill in while the query set is searched, can be read as tables and copied as CSV', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const explorer = explorerPage(page);
  await explorer.open();
  await explorer.measured();
  const recall = (await explorer.rows('Recall over nprobe')).map((row) => [Number(row[1]), Number(row[2])]);
  expect(recall.map(([nprobe]) => nprobe)).toEqual([1, 2, 4, 8]);
  expect(recall[3]?.[1]).toBeGreaterThan(recall[0]?.[1] ?? 1);
  const lost = await explorer.rows('Where the recall went');
  for (const row of lost) expect(row.slice(1).reduce((sum, cell) => sum + Number(cell), 0)).toBeCloseTo(1, 2);
  await explorer.chart('Recall against speed').getByRole('button', { name: /CSV/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^index,setting,recall 5@5,queries\/s\r\n"IVF16,Flat",nprobe=1,0\.\d{3},\d+/);
});

test('an earlier run stays beside the new one, and comes back by one press', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open();
  await explorer.measured();
  await explorer.type('HNSW16');
  await explorer.measured();
  const runs = page.getByRole('list', { name: 'Runs' });
  await expect(runs.getByRole('button')).toHaveText(['IVF16,Flat', 'HNSW16']);
  const indexes = (await explorer.rows('Recall against speed')).map((row) => row[0]);
  expect(new Set(indexes)).toEqual(new Set(['IVF16,Flat', 'HNSW16']));
  await runs.getByRole('button', { name: 'IVF16,Flat' }).click();
  await explorer.ready('IVF16,Flat');
  await expect(explorer.factory).toHaveText('IVF16,Flat');
});

test('memory adds up to what Faiss would write', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=10000&index=IVF64,PQ16');
  const rows = await explorer.rows('Memory');
  const bytes = new Map(rows.map(([name = '', value]) => [name, Number(value)]));
  expect(bytes.get('PQ16 codes')).toBe(160_000);
  const parts = rows.filter(([name]) => name !== 'all' && name !== 'raw vectors');
  expect(parts.reduce((sum, [, value]) => sum + Number(value), 0)).toBe(bytes.get('all'));
});
