import { expect, test } from '@playwright/test';
import { explorerPage } from './page';

const start = '?data=synth64&n=10000&index=IVF64,PQ16&nprobe=4';

test('a slider of a block writes the string, and the string moves the slider', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(start);
  await explorer.block('IVF64').click();
  const nlist = page.getByRole('dialog', { name: 'Block IVF64' }).getByRole('slider', { name: /^nlist/ });
  await expect(nlist).toHaveAttribute('aria-valuetext', '64');
  await nlist.focus();
  await page.keyboard.press('ArrowRight');
  await expect(explorer.factory).toHaveText('IVF128,PQ16');
  await expect(explorer.problem).not.toContainText('needs at least');
  await page.keyboard.press('End');
  await expect(explorer.factory).toHaveText('IVF8192,PQ16'); // 16 384 cells need more vectors than there are
  await page.keyboard.press('Escape');
  await explorer.factory.fill('IVF32,PQ8x4');
  await explorer.block('PQ8x4').click();
  await expect(page.getByRole('slider', { name: /^nbits/ })).toHaveAttribute('aria-valuetext', '4');
});

test('blocks are put in, exchanged, moved and taken out, each legal, and undone like what is typed', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(start);
  await page.getByRole('button', { name: 'Add a term before IVF64' }).click();
  await page.getByRole('list', { name: 'Terms before IVF64' }).getByRole('button', { name: /^OPQ16\b(?!_)/ }).click();
  await expect(explorer.factory).toHaveText('OPQ16,IVF64,PQ16');
  await expect(explorer.block('OPQ16')).toBeFocused();
  await page.getByRole('button', { name: 'Add a term before OPQ16' }).click();
  await page.getByRole('list', { name: 'Terms before OPQ16' }).getByRole('button', { name: /^L2norm/ }).click();
  await explorer.block('L2norm').click();
  await page.getByRole('button', { name: 'Move right →' }).click();
  await expect(explorer.factory).toHaveText('OPQ16,L2norm,IVF64,PQ16');
  await explorer.block('L2norm').click();
  await expect(page.getByRole('button', { name: 'Move right →' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(explorer.factory).toHaveText('OPQ16,IVF64,PQ16');
  await explorer.block('PQ16').click();
  await expect(page.getByRole('button', { name: 'Remove' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Exchange' }).click();
  await page.getByRole('list', { name: 'Instead of PQ16' }).getByRole('button', { name: /^SQ8\b(?!_)/ }).click();
  await expect(explorer.factory).toHaveText('OPQ16,IVF64,SQ8');
  await expect(explorer.block('SQ8')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(explorer.factory).toHaveText('OPQ16,IVF64,PQ16');
  await page.keyboard.press('ControlOrMeta+Shift+Z');
  await expect(explorer.factory).toHaveText('OPQ16,IVF64,SQ8');
  await explorer.factory.press('Enter');
  await explorer.ready('OPQ16,IVF64,SQ8');
});

test('the address is no edit: undo does not go behind it', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(start);
  await explorer.factory.focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(explorer.factory).toHaveText('IVF64,PQ16');
});

test('by keyboard: arrows go along the blocks, down opens one, the focus comes back', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(start);
  await page.getByRole('button', { name: 'Add a term before IVF64' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(explorer.block('IVF64')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('slider', { name: /^nlist/ })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Escape');
  await expect(explorer.block('IVF32')).toBeFocused();
  await expect(explorer.factory).toHaveText('IVF32,PQ16');
});

test('a search parameter hangs on its block, and is the panel’s own', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=10000&index=IVF64_HNSW8,PQ16,RFlat&nprobe=4&quantizer_efSearch=32');
  const stack = page.getByRole('toolbar', { name: 'Blocks' });
  for (const name of ['nprobe 4', 'quantizer_efSearch 32', 'k_factor_rf 1']) await expect(stack.getByRole('button', { name, exact: true })).toBeVisible();
  await stack.getByRole('button', { name: 'k_factor_rf 1' }).click();
  await page.getByRole('dialog', { name: 'Search parameter k_factor_rf' }).getByRole('slider').press('ArrowRight');
  await expect(page).toHaveURL(/k_factor_rf=2\b/);
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('k_factor_rf', { exact: true })).toHaveValue('2');
  await expect(explorer.summary).toContainText('of 10 true neighbours');
});

test('bytes are counted here and for a billion vectors before anything is built', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(start);
  const region = page.getByRole('region', { name: 'Index' });
  await expect(region).toContainText(/of a billion 24\sGB/);
  await explorer.factory.fill('IVF64,PQ8');
  await expect(region).toContainText(/of a billion 16\sGB/);
});

test('a pasted Python call is understood', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const explorer = explorerPage(page);
  await explorer.open(start);
  await page.evaluate(() => navigator.clipboard.writeText('index = faiss.index_factory(\n    64, "IVF32,PQ8", faiss.METRIC_L2)'));
  await explorer.factory.focus();
  await page.keyboard.press('ControlOrMeta+v');
  await expect(explorer.factory).toHaveText('IVF32,PQ8');
  await expect(explorer.problem).toBeEmpty();
});

test('a token is explained under the pointer', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(start);
  await explorer.factory.getByText('PQ16').hover();
  await expect(page.locator('.cm-explain')).toContainText('Cuts the vector into M parts');
});

test('completion offers what can follow, with its meaning and bytes', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open(start);
  await explorer.factory.fill('');
  await explorer.factory.pressSequentially('IVF64,');
  const option = page.getByRole('option', { name: /^PQ16\s*16 B/ });
  await expect(option).toBeVisible();
  await expect(page.getByRole('option', { name: /^IVF/ })).toHaveCount(0);
  for (let i = 0; i < 40 && (await option.getAttribute('aria-selected')) !== 'true'; i++) await page.keyboard.press('ArrowDown');
  await expect(page.locator('.cm-completionInfo')).toContainText('Cuts the vector into M parts');
});

test('numbers inside of parentheses are sliders of the block around them', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=10000&index=IVF64,PQ16,Refine(PQ32)&nprobe=4');
  await explorer.block('Refine\\(PQ32\\)').click();
  const M = page.getByRole('slider', { name: /^M of PQ32/ });
  await expect(M).toHaveAttribute('aria-valuetext', '32');
  await M.press('ArrowRight');
  await expect(explorer.factory).toHaveText('IVF64,PQ16,Refine(PQ64)');
});

test('the experiment is shown in Python with its parameters, copied, and understood when it is pasted back', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=10000&index=IVF64,PQ16,RFlat&nprobe=4&k_factor_rf=3&k=7');
  await page.getByRole('button', { name: 'Python', exact: true }).click();
  const code = page.getByLabel('Python', { exact: true });
  await expect(code).toContainText('faiss.index_factory(d, "IVF64,PQ16,RFlat", faiss.METRIC_L2)');
  await expect(code).toContainText('"nprobe=4,k_factor_rf=3"');
  await expect(code).toContainText('d, n, k = 64, 10000, 7');
  await page.getByRole('button', { name: 'Copy the Python' }).click();
  await page.keyboard.press('Escape');
  await explorer.factory.fill('Flat');
  await page.keyboard.press('ControlOrMeta+v');
  await expect(explorer.factory).toHaveText('IVF64,PQ16,RFlat');
});
