import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

const turned = '?data=ellipse&n=1000&index=RR,IVF16,Flat&nprobe=2&k=5&query=0&seed=7&view=transforms';

test('a transform is shown before, on its way and after, by mouse and by keyboard', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(turned);
  const stage = page.getByRole('region', { name: 'Stage' });
  await expect(stage.getByRole('img', { name: /^After RR, d = 2: covariance of 2 components/ })).toBeVisible();
  await expect(stage).toContainText('RR turns the plane at random');
  await stage.getByRole('button', { name: 'Step back (←)' }).click();
  await expect(stage).toContainText('90\u202f% of the way from before RR to after it');
  await page.keyboard.press('Home');
  await expect(stage).toContainText('The vectors as they come: 2 components');
});

test('a vector is chosen among the dots by keyboard, stays chosen in the URL, and becomes the query', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(turned);
  const dots = page.getByRole('application', { name: /vectors in the first two components/ });
  await dots.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/selected=0\b/);
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/selected=2\b/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/query=id:2\b/);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/selected=/);
});

test('rotations are stepped through as they were learnt', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=2000&index=OPQ8,IVF16,PQ8x4&nprobe=2&k=5&query=0&view=transforms');
  const stage = page.getByRole('region', { name: 'Stage' });
  await stage.getByRole('button', { name: 'Training' }).click();
  await expect(stage).toContainText('Round 4 of 4');
  await stage.getByRole('button', { name: 'Step back (←)' }).click();
  await expect(stage).toContainText('Round 3 of 4: codebooks of 256 rows a part leave');
  await expect(page).toHaveURL(/iteration=3\b/);
  await expect(stage.getByRole('img', { name: /^OPQ8, round 3, d = 64: covariance/ })).toBeVisible();
});
