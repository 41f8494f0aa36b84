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

test('a missed neighbour says why, and one press wins it back', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=5000&index=IVF64,Flat&nprobe=2&k=10&query=3');
  const first = explorer.missed.first(), name = await first.getByTitle('Make it the query').innerText();
  await expect(first).toContainText(/list ranks \d+(st|nd|rd|th), nprobe 2/);
  const press = first.getByRole('button', { name: /Set nprobe to \d+/ }), nprobe = Number((await press.innerText()).split(' ')[1]);
  await press.click();
  await expect(page).toHaveURL(new RegExp(`nprobe=${nprobe}`));
  await expect(explorer.returned.filter({ hasText: name })).toHaveCount(1);
});

test('recall over nprobe stands at once from one pass, equal to what is measured after; each loss leads to its control', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=5000&index=IVF64,PQ8,RFlat&nprobe=4&k=10&k_factor_rf=2');
  await explorer.measured();
  for (const [, , recall, , , passed, ceiling] of await explorer.rows('Recall over nprobe')) {
    expect(passed).toBe(recall);
    expect(Number(ceiling)).toBeGreaterThanOrEqual(Number(recall));
  }
  await explorer.chart('Where the recall went').getByRole('button', { name: 'list not probed: go to nprobe' }).press('Enter');
  await expect(page.getByRole('slider', { name: 'nprobe slider' })).toBeFocused();
  await expect(page.getByRole('group', { name: 'Time per stage' }).getByRole('listitem')).toHaveText([/^coarse /, /^tables /, /^scan /, /^refine /, /^µs$/]);
});

test('ranks before and after re-ranking: the factor moves the cut, and a candidate chosen there is chosen everywhere', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=5000&index=IVF64,PQ8,RFlat&nprobe=16&k=10&k_factor_rf=2&query=3&view=ranks');
  const stage = page.getByRole('region', { name: 'Stage' }), ranks = stage.getByRole('application', { name: /before and after re-ranking/ });
  await expect(stage).toContainText('20 candidates re-ranked by exact distances');
  await ranks.focus();
  await page.keyboard.press('ArrowDown');
  await expect(ranks.getByRole('status')).toContainText('1st of the base');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/selected=\d+/);
  await page.getByRole('spinbutton', { name: 'k_factor_rf' }).or(page.getByLabel('k_factor_rf', { exact: true })).first().fill('4');
  await page.keyboard.press('Enter');
  await expect(stage).toContainText('40 candidates re-ranked by exact distances');
});
