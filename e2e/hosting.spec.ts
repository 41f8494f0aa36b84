import { expect, test } from '@playwright/test';
import { explorerPage, small } from './page';

const headerless = 'http://127.0.0.1:3111';

test('with the headers the engine has threads, and no request leaves the origin', async ({ page, baseURL }) => {
  const elsewhere: string[] = [];
  page.on('request', (request) => { if (!request.url().startsWith(`${baseURL}/`) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url()); });
  const complaints: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  const explorer = explorerPage(page);
  await explorer.open('');
  await explorer.measured();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(explorer.engine).toContainText(/^\d+ threads?/);
  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
});

test('on a host without headers a service worker makes the page isolated', async ({ page }) => {
  const explorer = explorerPage(page);
  await page.goto(`${headerless}/${small}`);
  await expect(explorer.returned.first()).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(explorer.engine).not.toContainText('not cross-origin isolated');
});

test.describe('where isolation cannot be had', () => {
  test.use({ serviceWorkers: 'block' });
  test('one thread does the same work, and the page says so', async ({ page }) => {
    const explorer = explorerPage(page);
    await page.goto(`${headerless}/${small}`);
    await expect(explorer.returned).toHaveCount(5);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await expect(explorer.engine).toContainText('1 thread: this page is not cross-origin isolated');
  });
});
