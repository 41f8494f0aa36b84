import { expect, test, type Page } from '@playwright/test';
import { explorerPage } from './page';

const address = '?data=blobs&n=2000&index=IVF16,Flat&nprobe=8&k=5&query=3&seed=7';
const transport = (page: Page) => page.getByRole('group', { name: 'Lists' });
const at = async (page: Page) => Number((await transport(page).getByRole('slider').inputValue()));

test('space, arrows, Home and End move through a search; each step has its sentence', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(address);
  const lists = transport(page), sentence = lists.locator('p');
  await lists.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await expect(sentence).toHaveText(/16 lists; the 8 nearest lists hold [\d\u202f ]+ of 2.000 vectors/);
  const seen = new Set([await sentence.innerText()]);
  for (let step = 1; step <= 8; step++) {
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => at(page)).toBe(step);
    await expect(sentence).toHaveText(/^List \d+: .*nearest, [\d\u202f]+ vectors? scanned, \d of 5 true neighbours in it$/);
    seen.add(await sentence.innerText());
  }
  expect(seen.size).toBe(9);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => at(page)).toBe(7);
  await page.keyboard.press('End');
  await expect.poll(() => at(page)).toBe(8);
});

test('play goes on by itself and is silent to screen readers; a pause speaks again; coarse skips what changes nothing', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(address);
  const lists = transport(page), sentence = lists.locator('p');
  await lists.getByLabel('Speed').selectOption('0.25');
  await lists.getByRole('button', { name: 'Play (space)' }).click();
  await expect(sentence).toHaveAttribute('aria-live', 'off');
  await expect.poll(() => at(page)).toBeGreaterThan(0);
  await lists.getByRole('button', { name: 'Pause (space)' }).click();
  await expect(sentence).toHaveAttribute('aria-live', 'polite');
  const paused = await at(page);
  await page.waitForTimeout(1200);
  expect(await at(page)).toBe(paused);
  await lists.getByLabel('coarse').check();
  await lists.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(sentence).toHaveText(/[1-9] of 5 true neighbours in it$/);
});

test('the place in a search stays from one view to the next', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(address);
  await transport(page).getByRole('slider').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('group', { name: 'View' }).getByText('Map').click();
  await expect.poll(() => at(page)).toBe(2);
  await page.getByRole('group', { name: 'View' }).getByText('Cells').click();
  await expect.poll(() => at(page)).toBe(2);
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });
  test('training plays in whole steps: a centroid stands where an iteration left it', async ({ page }) => {
    const explorer = explorerPage(page);
    await explorer.open(`${address}&iteration=0`);
    const training = page.getByRole('group', { name: 'Iterations' });
    await training.getByLabel('Speed').selectOption('0.25');
    await training.getByRole('button', { name: 'Play (space)' }).click();
    const places = new Set<string>();
    const centroid = page.getByRole('region', { name: 'Stage' }).locator('[class*="centroid"]').first();
    for (let i = 0; i < 12; i++) {
      places.add(await centroid.evaluate((mark) => { const { x, y } = mark.getBoundingClientRect(); return `${x.toFixed(1)} ${y.toFixed(1)}`; }));
      await page.waitForTimeout(60);
    }
    // 0.7 s at a step a second: at most two places, none between them
    expect(places.size).toBeLessThanOrEqual(2);
  });
});
