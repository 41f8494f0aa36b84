import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { explorerPage, small } from './page';

const sizes = [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of sizes) {
    test.describe(`${viewport.width} px, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });
      test('nothing is wider than the page, and axe finds nothing', async ({ page }) => {
        const explorer = explorerPage(page);
        await explorer.open(small);
        await explorer.measured();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
        expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
      });
    });
  }
}

test('at 1440 × 900 string, stage, results and charts are seen without scrolling', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('');
  await explorer.measured();
  for (const seen of [explorer.factory, page.getByRole('region', { name: 'Stage' }), explorer.query, explorer.chart('Recall over nprobe'), explorer.chart('Memory')]) {
    await expect(seen).toBeInViewport({ ratio: 0.95 });
  }
  const picture = await page.getByRole('application', { name: 'Cells on a plane' }).boundingBox();
  expect(picture?.height).toBeGreaterThanOrEqual(340);
  await page.getByRole('button', { name: 'Lists', exact: true }).click();
  await expect(page.getByRole('region', { name: 'All lists' })).toBeInViewport({ ratio: 0.9 });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`an open block, ${colorScheme}`, () => {
    test.use({ colorScheme });
    test('axe finds nothing in it', async ({ page }) => {
      const explorer = explorerPage(page);
      await explorer.open(small);
      await explorer.block('IVF16').click();
      await page.getByRole('button', { name: 'Exchange' }).click();
      const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
    });
  });
}

test.describe('under a finger', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test('every button is 44 px high', async ({ page }) => {
    const explorer = explorerPage(page);
    await explorer.open(small);
    const low = await page.locator('main button:visible').evaluateAll((buttons) => buttons.filter((button) => button.getBoundingClientRect().height < 40).map((button) => button.textContent));
    expect(low).toEqual([]);
  });
});

test('nothing moves while values stream in', async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) shifts.push('value' in entry ? Number(entry.value) : 0); }).observe({ type: 'layout-shift', buffered: true });
  });
  const explorer = explorerPage(page);
  await explorer.open(small);
  await explorer.measured();
  const total = await page.evaluate(() => ('shifts' in window && Array.isArray(window.shifts) ? window.shifts.reduce((sum: number, one: number) => sum + one, 0) : -1));
  expect(total).toBeGreaterThanOrEqual(0);
  expect(total).toBeLessThan(0.05);
});
