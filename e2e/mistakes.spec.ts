import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

test('a wrong string is answered at its place, mended by one press, and the last index stays', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=10000&index=IVF64,PQ16&nprobe=4');
  const results = await explorer.returned.allInnerTexts();
  await explorer.factory.fill('IVF64,PQ15');
  await expect(explorer.problem).toContainText('PQ15 cuts 64 dimensions into 15 parts; 64 is not a multiple of 15.');
  await expect(page.locator('.cm-wrong')).toHaveText('PQ15');
  await expect(explorer.build).toBeDisabled();
  await page.keyboard.press('Enter');
  expect(await explorer.returned.allInnerTexts()).toEqual(results);
  await page.getByRole('button', { name: /^Use IVF64,PQ/ }).click();
  await expect(explorer.problem).toBeEmpty();
  await page.keyboard.press('Enter');
  await explorer.ready((await explorer.factory.innerText()).trim());
});

test('more cells than vectors is said before anything is built', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open();
  await explorer.factory.fill('IVF4096,Flat');
  await expect(explorer.problem).toContainText('IVF4096 needs at least 4 096 vectors to train; there are 1 000.');
});

test('the height of the page does not change with a mistake', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open();
  const top = () => page.getByRole('region', { name: 'Measurements' }).evaluate((element) => element.getBoundingClientRect().top);
  const before = await top();
  for (const wrong of ['IVF16,Fla', 'OPQ3,IVF16,PQ3', 'IVF16,']) {
    await explorer.factory.fill(wrong);
    await expect(explorer.problem).not.toBeEmpty();
    expect(await top()).toBe(before);
  }
});

test('more neighbours than vectors is said where k stands', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=blobs&n=50&index=Flat&k=10');
  await page.getByLabel('k', { exact: true }).fill('60');
  await page.keyboard.press('Enter');
  await expect(page.getByText('more than the 50 vectors')).toBeVisible();
});

test('Alt+Enter mends the first mistake, and the cursor stays in the string', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open();
  await explorer.factory.fill('IVF16,Fla');
  await expect(explorer.problem).toContainText('Did you mean Flat?');
  await page.keyboard.press('Alt+Enter');
  await expect(explorer.factory).toHaveText('IVF16,Flat');
  await expect(explorer.factory).toBeFocused();
  await expect(explorer.problem).toBeEmpty();
});

test('a parameter that holds another back is named, and set by one press', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=10000&index=IVF128_HNSW8,Flat&nprobe=64');
  await expect(explorer.problem).toContainText('the 64 nearest lists with only 16 candidates in view');
  await page.getByRole('button', { name: 'Set quantizer_efSearch = 64' }).click();
  await expect(page).toHaveURL(/quantizer_efSearch=64\b/);
  await expect(explorer.problem).toBeEmpty();
});
