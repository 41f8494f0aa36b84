import { expect, test, type Page } from '@playwright/test';
import { looks } from '../app/gallery/looks';

/** Every view of the gallery against its picture as it was last looked at. Letters are drawn as nothing, so that fonts do not
 *  matter, and captions are compared as words: what remains is marks, and a mark that moves is more than a few pixels.
 *  `npm run snapshots` after a view has changed on purpose, then look at every picture that git names. */

const plane = ['cells', 'slice', 'training', 'map', 'selected', 'nolists', 'many'];
/** Several pictures in one example: compared whole, with all their words. */
const wholes = ['strip', 'states', 'lost', 'twin'];
const names = [...plane, ...looks.map(({ name }) => name)];

const noLetters = '*, *::placeholder { color: transparent !important; caret-color: transparent !important } text { fill: transparent !important; stroke: transparent !important }';

test.describe.configure({ timeout: 180_000 });
test.use({ viewport: { width: 700, height: 900 }, deviceScaleFactor: 1, contextOptions: { reducedMotion: 'reduce' } });

async function openExample(page: Page, name: string, theme: string) {
  await page.goto(`/gallery/#${name}-${theme}`);
  const example = page.locator(`#${name}-${theme}`), figure = example.locator('figure').first();
  await expect(figure.locator('figcaption')).toHaveText(/\w/, { timeout: 60_000 }); // its index is trained first
  return { figure, picture: figure.locator('div[class*="picture"]').first() };
}

for (const name of names) {
  test(`${name} looks as it did, in both themes`, async ({ page }) => {
    for (const theme of ['light', 'dark']) {
      const { figure, picture } = await openExample(page, name, theme);
      await page.addStyleTag({ content: noLetters });
      await expect(picture).toHaveScreenshot(`${name}-${theme}.png`, { threshold: 0.15, maxDiffPixels: 40, animations: 'disabled' });
      // once the picture stands: what the caption counts has come by then
      if (theme === 'light') expect(`${await figure.locator('figcaption').innerText()}\n`).toMatchSnapshot(`${name}.txt`);
    }
  });
}

for (const name of wholes) {
  test(`${name} looks as it did, in both themes`, async ({ page }) => {
    for (const theme of ['light', 'dark']) {
      await page.goto(`/gallery/#${name}-${theme}`);
      const example = page.locator(`#${name}-${theme}`);
      await expect(example.locator('svg').last()).toBeAttached();
      await page.addStyleTag({ content: noLetters });
      await expect(example).toHaveScreenshot(`${name}-${theme}.png`, { threshold: 0.15, maxDiffPixels: 40, animations: 'disabled' });
      if (theme === 'light') expect(`${await example.innerText()}\n`).toMatchSnapshot(`${name}.txt`);
    }
  });
}

test('a mark that moved by its own width would be seen', async ({ page }, { config }) => {
  test.skip(config.updateSnapshots === 'all' || config.updateSnapshots === 'changed', 'pictures are being taken, not compared');
  const { picture } = await openExample(page, 'map', 'light');
  await page.addStyleTag({ content: noLetters });
  await expect(picture).toHaveScreenshot('map-light.png', { threshold: 0.15, maxDiffPixels: 40 });
  await picture.locator('[data-query]').evaluate((query) => query.setAttribute('transform', `${query.getAttribute('transform') ?? ''} translate(20 0)`));
  await expect(expect(picture).toHaveScreenshot('map-light.png', { threshold: 0.15, maxDiffPixels: 40, timeout: 2000 })).rejects.toThrow(/pixels/);
});

test('when the graphics hardware is lost, the CPU draws on and says so', async ({ page }) => {
  // Software WebGL is refused; under another name it is taken for hardware.
  await page.addInitScript(() => {
    const parameter = WebGL2RenderingContext.prototype.getParameter;
    WebGL2RenderingContext.prototype.getParameter = function (name: number) { return name === 0x9246 || name === this.RENDERER ? 'a graphics card' : parameter.call(this, name) as unknown; };
  });
  const { picture } = await openExample(page, 'map', 'light');
  await expect(picture.getByText('drawn by WebGL2')).toBeVisible();
  await page.evaluate(() => { document.querySelectorAll('canvas').forEach((canvas) => canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()); });
  await expect(picture.getByText('drawn on the CPU')).toHaveAttribute('title', 'the graphics hardware was lost');
  const painted = await picture.locator('canvas').first().evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement, pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    return new Set(Array.from({ length: pixels.length / 4 }, (_, i) => `${pixels[4 * i]} ${pixels[4 * i + 1]} ${pixels[4 * i + 2]}`)).size;
  });
  expect(painted).toBeGreaterThan(10);
});
