import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

test('a string typed and built is searched for real: every list probed finds every neighbour', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=uniform&n=2000&index=IVF16,Flat&k=20&query=3');
  await explorer.type('IVF128,Flat');
  const nprobe = page.getByLabel('nprobe', { exact: true });
  await nprobe.fill('1');
  await nprobe.press('Enter');
  await expect(explorer.summary).toContainText(/^1?\d of 20 true neighbours · \d+ vectors scanned/);
  await nprobe.fill('128');
  await nprobe.press('Enter');
  await expect(explorer.summary).toContainText('20 of 20 true neighbours');
  await expect(explorer.missed).toHaveCount(0);
  await expect(explorer.returned).toHaveCount(20);
});

test('a true neighbour that was missed names its one reason', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=uniform&n=2000&index=IVF256,Flat&nprobe=1&k=20&query=3');
  await expect(explorer.missed.first()).toContainText(/list ranks \d+(st|nd|rd|th), nprobe 1/);
});

test('built again, the same seed gives the same results', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open();
  const first = await explorer.returned.allInnerTexts();
  await explorer.build.click();
  await explorer.ready('IVF16,Flat');
  expect(await explorer.returned.allInnerTexts()).toEqual(first);
});

test('queries are picked by number and by New query, and a result becomes the query', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open();
  await explorer.query.fill('7');
  await page.getByRole('listbox', { name: 'Queries' }).getByRole('option').first().click();
  await expect(page).toHaveURL(/query=7\b/);
  await page.getByRole('button', { name: 'New query' }).click();
  await expect(page).not.toHaveURL(/query=7\b/);
  await explorer.returned.first().getByRole('button').last().click();
  await expect(page).toHaveURL(/query=id:\d+/);
  await expect(page.getByText('A vector of the base set, so it finds itself')).toBeVisible();
});
