import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const figure = (page: Page, term: string) => page.getByRole('figure', { name: `${term} at work`, exact: true });

/** Brings a figure into view and waits for the engine's answer. */
async function see(page: Page, term: string) {
  await figure(page, term).scrollIntoViewIfNeeded();
  await expect(figure(page, term)).toHaveAttribute('data-ready', 'true');
  return figure(page, term);
}

test('typing PQ leaves the terms that have it, and an address opens one', async ({ page }) => {
  await page.goto('/reference');
  const heading = (name: string) => page.getByRole('heading', { level: 3 }).filter({ has: page.getByRole('link', { name, exact: true }) });
  await expect(heading('HNSW')).toBeVisible();
  await page.getByLabel('Filter terms').fill('PQ');
  await expect(heading('PQ')).toBeVisible();
  await expect(heading('HNSW')).toBeHidden();
  await page.getByLabel('Filter terms').fill('OPQ32,IVF256,PQ32,RFlat');
  await expect(page.getByRole('heading', { level: 3 }).filter({ visible: true })).toHaveCount(4);
  await page.goto('/reference#RFlat');
  await expect(heading('RFlat')).toBeInViewport();
});

test('nothing is computed for figures that nobody looks at', async ({ page }) => {
  await page.goto('/reference');
  expect(await figure(page, 'RFlat').getAttribute('data-ready')).toBe('false');
  await see(page, 'RFlat');
});

test('every figure is drawn by the engine and tells its numbers', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  await page.goto('/reference');
  for (const one of await page.getByRole('figure').all()) {
    await one.scrollIntoViewIfNeeded();
    await expect(one).toHaveAttribute('data-ready', 'true');
    await expect(one.locator('figcaption')).toHaveText(/\d.*\.$/);
  }
  expect(complaints).toEqual([]);
});

test('a figure follows its slider by keyboard', async ({ page }) => {
  await page.goto('/reference#IVF');
  const cells = await see(page, 'IVF');
  await expect(cells.locator('figcaption')).toContainText('1 of 16 cells probed');
  await cells.getByRole('slider').focus();
  await page.keyboard.press('End');
  await expect(cells.locator('figcaption')).toContainText('16 of 16 cells probed, with 600 of 600 vectors: 10 of 10 true neighbours found');
  await expect(cells.getByRole('img')).toHaveAttribute('aria-label', /16 of 16 cells/);
});

test('by one press the same string is measured on real vectors too, which are fetched only then and without their photographs', async ({ page }) => {
  const fetched: { name: string; bytes: number }[] = [];
  page.on('response', (response) => { if (response.url().includes('/data/')) fetched.push({ name: response.url().split('/').at(-1) ?? '', bytes: Number(response.headers()['content-length']) }); });
  await page.goto('/reference#IVF');
  const cells = await see(page, 'IVF');
  expect(fetched).toEqual([]);
  await cells.getByRole('button', { name: 'The same string on real vectors' }).click();
  await expect(cells).toContainText(/recall 10@10 at nprobe 1: 0\.\d{3} on this set, 0\.\d{3} on Photo SIFT, 128 dimensions, 5.000 vectors and 1.000 queries/);
  const [, here, real] = /: (0\.\d+) on this set, (0\.\d+) on Photo SIFT/.exec(await cells.innerText()) ?? [];
  expect(Number(real)).toBeLessThan(Number(here));
  expect(new Set(fetched.map(({ name }) => name))).toEqual(new Set(['photo-sift.bin']));
  expect(fetched.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1e6);
});

test('OPQ loses less than PQ alone on two moons', async ({ page }) => {
  await page.goto('/reference#OPQ');
  const said = await (await see(page, 'OPQ')).locator('figcaption').innerText();
  const [, turned, plain] = /([\d.]+)\s% of the variance is lost; without the rotation ([\d.]+)\s%/.exec(said) ?? [];
  expect(Number(turned)).toBeLessThan(0.9 * Number(plain));
});

test('an example opens in Explore, with data it fits', async ({ page }) => {
  await page.goto('/reference#IVF_HNSW');
  await page.locator('#IVF_HNSW').getByRole('link', { name: 'IVF32_HNSW2,Flat' }).click();
  await expect(page.getByLabel('Factory string')).toHaveText('IVF32_HNSW2,Flat');
  await expect(page.getByText('IVF32_HNSW2,Flat is ready')).toBeAttached();
  // the same search as in the figure: one cell, two of ten found
  await expect(page.getByRole('list', { name: 'Missed' }).getByRole('listitem')).toHaveCount(8);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }]) {
    test.describe(`${viewport.width} px, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });
      test('nothing is wider than the page, nothing moves, and axe finds nothing', async ({ page }) => {
        await page.addInitScript(() => {
          const shifts: number[] = [];
          Object.assign(window, { shifts });
          new PerformanceObserver((list) => { for (const entry of list.getEntries()) shifts.push('value' in entry ? Number(entry.value) : 0); }).observe({ type: 'layout-shift', buffered: true });
        });
        await page.goto('/reference');
        for (const term of ['PCA', 'IVF', 'PQ', 'HNSW', 'RFlat']) await see(page, term);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
        const total = await page.evaluate(() => ('shifts' in window && Array.isArray(window.shifts) ? window.shifts.reduce((sum: number, one: number) => sum + one, 0) : -1));
        expect(total).toBeGreaterThanOrEqual(0);
        expect(total).toBeLessThan(0.05);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).slice(0, 5).join(', ')}`)).toEqual([]);
      });
    });
  }
}
