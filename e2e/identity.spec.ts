import { expect, test, type Page } from '@playwright/test';
import { explorerPage } from './page';

/** One vector, one mark, one colour, in whatever view it is met. */
/** Enough is probed and re-ranked that every true neighbour stands in each view. */
const coded = '?data=synth64&n=3000&index=PCA32,IVF16,PQ16x4,RFlat&nprobe=12&k=10&k_factor_rf=40&query=3&seed=7';
const walked = '?data=synth64&n=3000&index=HNSW16,PQ16x4,RFlat&efSearch=400&k=10&k_factor_rf=40&query=3&seed=7';

/** The same with misses. */
const few = (address: string) => address.replace('nprobe=12', 'nprobe=4').replace('efSearch=400', 'efSearch=32').replace('k_factor_rf=40', 'k_factor_rf=4');

const stageOf = (page: Page) => page.getByRole('region', { name: 'Stage' });
const chosenId = (page: Page) => Number(new URL(page.url()).searchParams.get('selected') ?? NaN);

/** Shows a view and waits until it is drawn. */
async function show(page: Page, view: string) {
  const press = stageOf(page).getByRole('group', { name: 'View' }).getByRole('button', { name: view, exact: true });
  await press.click();
  await expect(press).toHaveAttribute('aria-pressed', 'true');
  await expect(stageOf(page).locator('[data-state="ready"] figcaption, [data-state="ready"] + figcaption, figure figcaption').first()).toHaveText(/\d/);
}

/** The vector is the selected one here: the diamond is drawn in ink, and the view names it. */
async function expectChosen(page: Page, view: string, id: number) {
  await show(page, view);
  const stage = stageOf(page), marks = stage.locator('svg:not(ul svg) [data-mark="selected"]');
  await expect(marks.first(), `${view} marks vector ${id}`).toBeAttached();
  const paths = await marks.locator('path').evaluateAll((all) => all.filter((path) => !path.getAttribute('class')?.includes('halo')).map((path) => [getComputedStyle(path).stroke, /^M0,-[\d.]+ L[\d.]+,0 L0,[\d.]+ L-[\d.]+,0 Z$/.test(path.getAttribute('d') ?? '')]));
  const ink = await page.evaluate(() => { const probe = document.body.appendChild(document.createElement('i')); probe.style.color = 'var(--ink)'; const { color } = getComputedStyle(probe); probe.remove(); return color; });
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths) expect(path, `${view}: a diamond in ink`).toEqual([ink, true]);
}

/** How a vector is chosen by keyboard in each view. */
const choosing: { [view: string]: (page: Page) => Promise<void> } = {
  Cells: (page) => onPicture(page, /^Cells on a plane/, ['n', 'n', 's']),
  Map: (page) => onPicture(page, /^Map of the vectors/, ['n', 'n', 'n', 's']),
  Codes: (page) => onPicture(page, /^True distance against distance by code/, ['ArrowRight', 'ArrowRight']),
  Ranks: (page) => onPicture(page, /before and after re-ranking/, ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']),
  Transforms: (page) => onPicture(page, /in the first two components/, ['ArrowRight', 'ArrowRight']),
  Layers: (page) => onPicture(page, /Arrows turn it/, ['n', 'n', ' ']),
};

async function onPicture(page: Page, name: RegExp, keys: string[]) {
  await stageOf(page).getByRole('application', { name }).first().focus();
  for (const key of keys) await page.keyboard.press(key);
}

for (const [address, views] of [[coded, ['Cells', 'Map', 'Codes', 'Ranks', 'Transforms']], [walked, ['Map', 'Codes', 'Layers', 'Ranks']]] as const) {
  test(`chosen in one of ${views.join(', ')} or in the results, a vector is the chosen one in all`, async ({ page }) => {
    test.setTimeout(180_000);
    const explorer = explorerPage(page);
    await explorer.open(address);
    await explorer.returned.nth(8).getByRole('button', { name: /look at it closely/ }).click();
    await expect(page).toHaveURL(/selected=\d+/);
    const first = chosenId(page);
    for (const view of views) await expectChosen(page, view, first);
    let last = first;
    for (const view of views) {
      await show(page, view);
      await choosing[view]?.(page);
      await expect.poll(() => chosenId(page) >= 0 && chosenId(page) !== last, { message: `${view} chooses another vector` }).toBe(true);
      last = chosenId(page);
      // transforms walk through any vectors; those not re-ranked do not stand among the ranks
      for (const other of views) if (view !== 'Transforms' || other !== 'Ranks') await expectChosen(page, other, last);
      const row = page.getByRole('region', { name: 'Results' }).getByRole('button', { name: `Vector ${last}, look at it closely` });
      if (await row.count() > 0) await expect(row).toHaveAttribute('aria-pressed', 'true');
    }
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`colours, ${colorScheme}`, () => {
    test.use({ colorScheme });
    for (const [address, views] of [[few(coded), ['Cells', 'Map', 'Codes', 'Ranks', 'Transforms']], [few(walked), ['Map', 'Layers']]] as const) {
      test(`the query, what was found, missed and returned wear the theme’s colours in ${views.join(', ')}, their legends and the results`, async ({ page }) => {
        const explorer = explorerPage(page);
        await explorer.open(address);
        for (const view of views) {
          await show(page, view);
          const { worn, wanted } = await colours(page);
          expect(new Set(worn.map(({ mark }) => mark)).size, `${view} shows marks`).toBeGreaterThanOrEqual(3);
          for (const { mark, colour } of worn) expect(colour, `${mark} in ${view}`).toBe(wanted[mark]);
        }
      });
    }
  });
}

/** What every mark on the page is painted with, and what the theme says. */
function colours(page: Page) {
  return page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('i'));
    const token = (name: string) => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
    const wanted: { [mark: string]: string } = { query: token('query'), found: token('found'), missed: token('missed'), returned: token('returned') };
    const worn = [...document.querySelectorAll('main [data-mark]')].flatMap((mark) => {
      const kind = mark.getAttribute('data-mark') ?? '', painted = mark.matches('circle, polygon, path') ? mark : mark.querySelector(':scope > circle:not([class*="halo"])');
      if (!(kind in wanted) || !painted) return [];
      const { fill, stroke } = getComputedStyle(painted);
      return [{ mark: kind, colour: kind === 'query' || kind === 'found' ? fill : stroke }];
    });
    probe.remove();
    return { worn, wanted };
  });
}

test('the shades of what was lost are those of what was missed; a chosen value stands in ink', async ({ page }) => {
  const explorer = explorerPage(page);
  await explorer.open('?data=synth64&n=4000&index=IVF64_HNSW4,PQ8&nprobe=8&quantizer_efSearch=2&k=10&query=3&seed=7');
  await explorer.measured();
  const lost = explorer.chart('Where the recall went');
  const paint = await lost.locator('svg[role=img] rect[data-loss=nprobe]').first().evaluate((bar) => getComputedStyle(bar).fill);
  const probe = await page.evaluate(() => { const i = document.body.appendChild(document.createElement('i')); i.style.color = 'var(--missed)'; return getComputedStyle(i).color; });
  expect(paint).toBe(probe);
  // an approximate index over the centroids has losses of its own, and a control that wins them back
  await expect(lost.locator('svg[role=img] rect[data-loss=quantizer]').first()).toBeAttached();
  await lost.getByRole('button', { name: 'list near enough, not found: go to quantizer_efSearch' }).press('Enter');
  await expect(page.getByRole('slider', { name: 'quantizer_efSearch slider' })).toBeFocused();
});
