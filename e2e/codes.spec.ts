import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

const coded = '?data=planes&n=5000&index=IVF16,PQ32x5&nprobe=4&k=5&query=3&seed=7&view=codes';

test('look-ups are added one by one to the distance of the results', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(`${coded}&selected=0`);
  const stage = page.getByRole('region', { name: 'Stage' });
  await expect(stage.locator('figcaption').first()).toContainText(/^Vector 0, 20 bytes for 256: squared distance [\d.\u202f]+ by code/);
  await expect(stage.getByRole('group', { name: 'Tables' })).toContainText('table 32, code');
  await stage.getByRole('button', { name: 'Step back (←)' }).click();
  await expect(stage).toContainText('Vector 0: 31 of 32 look-ups added');
  await page.keyboard.press('Home');
  await expect(stage).toContainText('Vector 0: the sum starts from query to centroid');
});

test('parts and codes are walked through by keyboard, and a vector is chosen by its id or among the dots', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(coded);
  const stage = page.getByRole('region', { name: 'Stage' });
  await stage.getByRole('application', { name: /^Codebooks; part 1 of 32/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(stage).toContainText(/part 2, code \d+ \(the vector’s\)/);
  await page.keyboard.press('ArrowDown');
  await expect(stage).not.toContainText(/part 2, code \d+ \(the vector’s\)/);
  await stage.getByLabel('Vector looked at, by id from 0 to 4999').fill('17');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/selected=17\b/);
  await expect(stage.locator('figcaption').first()).toContainText('Vector 17,');
  await stage.getByRole('application', { name: /^True distance against distance by code/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).not.toHaveURL(/selected=17\b/);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/selected=/);
});

test('codebooks are shown as they were trained', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(coded);
  const stage = page.getByRole('region', { name: 'Stage' });
  await stage.getByRole('button', { name: 'Training' }).click();
  await expect(stage).toContainText('Codebooks after iteration 25 of 25');
  await stage.getByRole('button', { name: 'Step back (←)' }).click();
  await expect(stage).toContainText('Iteration 24 of 25, 32 codebooks side by side');
});
