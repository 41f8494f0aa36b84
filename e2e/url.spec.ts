import { expect, test } from '@playwright/test';
import { explorerPage, small } from './page';

test('bad values in the address are named, replaced by the nearest good ones, and can be dismissed', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=blobs&n=999999&index=IVF16,Flat&nprobe=-4&k=ten&query=zebra&colour=red');
  await expect(explorer.notices).toContainText('n: Uneven blobs has 5000 vectors');
  await expect(explorer.notices).toContainText('nprobe: -4 is not a whole number');
  await expect(explorer.notices).toContainText('k: “ten” is not a number; 10 is used.');
  await expect(explorer.notices).toContainText('query: “zebra” is not among');
  await expect(explorer.notices).toContainText('“colour” is not a setting');
  await expect(page).toHaveURL(/n=5000&.*nprobe=1&.*k=10&query=0/);
  while (await page.getByRole('button', { name: /^Dismiss/ }).count() > 0) await page.getByRole('button', { name: /^Dismiss/ }).first().click();
  await expect(explorer.notices).toHaveCount(0);
});

test('a shared address opens the same experiment with the same figures elsewhere', async ({ page, browser }) => {
  const here = explorerPage(page);
  await here.open();
  await here.type('IVF32,SQ8');
  await page.getByLabel('nprobe', { exact: true }).fill('3');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'New query' }).click();
  await expect(page).toHaveURL(/index=IVF32,SQ8.*nprobe=3.*query=(?!0)/);
  await here.measured();
  const context = await browser.newContext();
  const there = explorerPage(await context.newPage());
  await there.page.goto(page.url());
  await there.ready('IVF32,SQ8');
  await there.measured();
  expect(there.page.url()).toBe(page.url());
  await expect(there.factory).toHaveText('IVF32,SQ8');
  await expect(there.page.getByLabel('seed')).toHaveValue('7');
  expect(await there.returned.allInnerTexts()).toEqual(await here.returned.allInnerTexts());
  const figures = async (one: typeof here) => (await one.rows('Recall over nprobe')).filter((row) => row[0] === 'IVF32,SQ8');
  expect(await figures(there)).toEqual(await figures(here));
  await context.close();
});

test('back leaves the page', async ({ page }) => {
  const explorer = explorerPage(page);
  await page.goto('about:blank');
  await explorer.open(small);
  await explorer.type('IVF8,Flat');
  await expect(page).toHaveURL(/index=IVF8,Flat/);
  await page.goBack();
  expect(page.url()).toBe('about:blank');
});

test('Share copies the address', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const explorer = explorerPage(page);
  await explorer.open();
  await page.getByRole('button', { name: /^Share/ }).click();
  await expect(page.getByRole('banner').getByRole('status')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('index=IVF16,Flat&metric=L2&nprobe=2&k=5&query=0&seed=7');
});
