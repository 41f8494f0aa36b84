import { expect, test } from '@playwright/test';
import { explorerPage, small } from './page';

test('the whole job by keyboard alone', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(small);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
  const tabTo = async (name: string | RegExp) => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      if ((await focused()).match(name)) return;
    }
    throw new Error(`Tab never reached ${name}, last was ${await focused()}`);
  };
  await tabTo(/^Factory string$/);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('IVF32,S');
  await expect(page.getByRole('option', { name: /SQ8/ }).first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(explorer.factory).toHaveText('IVF32,SQ8');
  await page.keyboard.press('Enter');
  await explorer.ready('IVF32,SQ8');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(explorer.factory).not.toHaveText('IVF32,SQ8');
  await page.keyboard.press('ControlOrMeta+Shift+Z');
  await expect(explorer.factory).toHaveText('IVF32,SQ8');
  await tabTo(/^Query$/);
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/query=12\b/);
  await tabTo(/^nprobe slider$/);
  await page.keyboard.press('End');
  await expect(page).toHaveURL(/nprobe=16\b/);
  await expect(explorer.summary).toContainText('5 of 5 true neighbours');
});
