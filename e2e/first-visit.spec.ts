import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

test('a first visit shows real vectors, a built index and its results without a click', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('');
  await expect(page.getByRole('banner')).toContainText(/Photo SIFT · n = \d+\s\d+ · d = 128/);
  await expect(explorer.returned).toHaveCount(10);
  await explorer.measured();
  const recalls = (await explorer.rows('Recall over nprobe')).map((row) => Number(row[2]));
  expect(recalls.length).toBeGreaterThan(5);
  expect(recalls).toEqual([...recalls].sort((a, b) => a - b));
});
