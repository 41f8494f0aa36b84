import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

test('a query moved to a point of the plane stands in the address and comes back', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=blobs&n=1000&index=IVF16,Flat&nprobe=2&k=5&query=3@0.25,-0.5');
  await expect(explorer.query).toHaveValue('3, moved');
  const names = await explorer.returned.getByTitle('Make it the query').allInnerTexts();
  await page.reload();
  await expect(explorer.returned.first()).toBeVisible();
  expect(page.url()).toContain('query=3@0.25,-0.5');
  expect(await explorer.returned.getByTitle('Make it the query').allInnerTexts()).toEqual(names);
  const [x = NaN, y = NaN] = (names[0] ?? '').match(/[-\d.]+/g)?.map(Number) ?? [];
  expect(Math.hypot(x - 0.25, y + 0.5)).toBeLessThan(0.5);
});

test('an iteration of the training stands in the address and comes back', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=blobs&n=2000&index=IVF16,Flat&nprobe=2&iteration=2');
  await expect(page.getByRole('slider', { name: /Iterations: step/ })).toHaveValue('2');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page).not.toHaveURL(/iteration/);
});

test('the theme follows the system until it is chosen, and the choice is kept', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const explorer = explorerPage(page);
  await explorer.open();
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBe('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(theme).toBe('dark');
  await page.getByRole('button', { name: 'Light or dark theme' }).click();
  expect(await theme()).toBe('light');
  await page.reload();
  expect(await theme()).toBe('light');
});
