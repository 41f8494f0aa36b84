import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

test('a long build can be cancelled at once; the index on screen is still searched', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=50000&index=IVF16,Flat&nprobe=2');
  await explorer.factory.fill('OPQ32,IVF1024,PQ32');
  await page.keyboard.press('Enter');
  await expect(explorer.cancel).toBeVisible();
  await expect(page.getByText('Still IVF16,Flat: OPQ32,IVF1024,PQ32 is being built')).toBeVisible();
  await page.waitForFunction(() => (document.querySelector('progress')?.position ?? -1) > 0);
  const pressed = Date.now();
  await explorer.cancel.click();
  await expect(explorer.build).toBeEnabled();
  expect(Date.now() - pressed).toBeLessThan(2000);
  await page.getByRole('button', { name: 'New query' }).click();
  await expect(explorer.summary).toContainText('of 10 true neighbours');
  await explorer.type('IVF32,Flat');
});

test('the page keeps its pace while the engine builds', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=50000&index=IVF16,Flat&nprobe=2');
  await explorer.measured();
  await explorer.factory.fill('IVF1024,PQ32');
  await page.keyboard.press('Enter');
  await expect(explorer.cancel).toBeVisible();
  const gaps = await page.evaluate(() => new Promise<number[]>((resolve) => {
    const seen: number[] = [];
    let last = performance.now();
    const beat = setInterval(() => {
      const now = performance.now();
      seen.push(now - last);
      last = now;
      if (seen.length === 60) { clearInterval(beat); resolve(seen); }
    }, 16);
  }));
  expect(gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.9)]).toBeLessThan(100);
  await explorer.ready('IVF1024,PQ32');
});
