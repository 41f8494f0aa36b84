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

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`the grid of a multi-index, ${colorScheme}`, () => {
    test.use({ colorScheme });
    test('is read cell by cell with the arrow keys; beside it the same string on real vectors; axe finds nothing', async ({ page }) => {
      const explorer = explorerPage(page);
      await explorer.open('?data=blobs&n=1000&index=IMI2x4,Flat&nprobe=4&k=5&query=0&seed=7&view=grid');
      const square = page.getByRole('application', { name: 'Square of lists, nearest to the query first' });
      await square.focus();
      await page.keyboard.press('ArrowRight');
      await expect(square.getByRole('status')).toHaveText(/^List \d+ · .*nearest and nearest.*probed as number 1/);
      await page.keyboard.press('ArrowDown');
      await expect(square.getByRole('status')).toHaveText(/2nd nearest and nearest/);
      await expect(page.getByRole('figure', { name: 'The same string on real vectors' })).toContainText(/recall 5@5 at nprobe 4: .* on Photo SIFT, 128 dimensions/);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
    });
  });
}

test('a vector chosen in the results wears the same mark on the map, in the URL, and is let go', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(`${small}&view=map`);
  const sign = explorer.returned.nth(1).getByRole('button', { name: /look at it closely/ }), chosen = page.getByRole('group', { name: 'Selected vector' });
  await sign.click();
  await expect(sign).toHaveAttribute('aria-pressed', 'true');
  await expect(chosen).toContainText(/Vector \d+, list \d+; \d of its 5 true neighbours share its list/);
  await expect(page).toHaveURL(/selected=\d+/);
  await page.getByRole('button', { name: 'Let go of the vector' }).click();
  await expect(chosen).toHaveCount(0);
  await expect(sign).toHaveAttribute('aria-pressed', 'false');
});

test('UMAP lays the dots out, with its score and without a cell', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=planes&n=1000&index=IVF16,Flat&nprobe=2&k=5&query=0&seed=7');
  await page.getByRole('group', { name: 'Plane' }).getByText('UMAP').click();
  await expect(page.getByRole('button', { name: /projection, UMAP of at most 3 000 vectors: 10-NN kept \d+/ })).toBeVisible();
  await expect(page.getByRole('application', { name: 'Map of the vectors' })).toBeVisible();
  await page.getByRole('group', { name: 'View' }).getByText('Cells').click();
  await expect(page.getByRole('application', { name: 'Cells on a plane' })).toBeVisible();
  await expect(page.getByRole('button', { name: /dots lie over their own cell/ })).toBeVisible();
});
