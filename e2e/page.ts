import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** The explorer as a visitor meets it: by names, never by position. */
export type ExplorerPage = {
  page: Page;
  factory: Locator;
  problem: Locator;
  build: Locator;
  cancel: Locator;
  query: Locator;
  /** One line about the search on screen. */
  summary: Locator;
  returned: Locator;
  missed: Locator;
  notices: Locator;
  engine: Locator;
  /** A block of the stack, by its term. */
  block: (text: string) => Locator;
  /** Opens an experiment and waits until its index is on screen. */
  open: (search?: string) => Promise<void>;
  /** Waits until this string is built and its first search is on screen. */
  ready: (index: string) => Promise<void>;
  /** Writes a string and builds it with Enter. */
  type: (index: string) => Promise<void>;
  chart: (title: string) => Locator;
  /** The rows of a chart read as a table, cells by column. */
  rows: (title: string) => Promise<string[][]>;
  /** Waits until the sweep of the index on screen has ended. */
  measured: () => Promise<void>;
};

/** Small and made on the spot: no download, a build in a fraction of a second. */
export const small = '?data=blobs&n=1000&index=IVF16,Flat&nprobe=2&k=5&query=0&seed=7';

export function explorerPage(page: Page): ExplorerPage {
  const results = page.getByRole('region', { name: 'Results' });
  const self: ExplorerPage = {
    page,
    factory: page.getByLabel('Factory string'),
    problem: page.locator('#factory-problem'),
    build: page.getByRole('button', { name: /^(Build|Rebuild)$/ }).first(),
    cancel: page.getByRole('button', { name: 'Cancel' }),
    query: page.getByRole('combobox', { name: 'Query' }),
    summary: page.getByRole('region', { name: 'Query' }).getByRole('status').first(),
    returned: results.getByRole('list', { name: 'Returned' }).getByRole('listitem'),
    missed: results.getByRole('list', { name: 'Missed' }).getByRole('listitem'),
    notices: page.getByRole('list', { name: 'Notices' }),
    engine: page.getByTestId('engine'),
    block: (text) => page.getByRole('toolbar', { name: 'Blocks' }).getByRole('button', { name: new RegExp(`^${text}( |$)`) }),
    async open(search = small) {
      await page.goto(`/${search}`);
      await expect(self.returned.first()).toBeVisible();
    },
    ready: async (index) => { await expect(page.getByText(`${index} is ready`)).toBeAttached(); },
    async type(index) {
      await self.factory.fill(index);
      await page.keyboard.press('Enter');
      await self.ready(index);
    },
    chart: (title) => page.getByRole('figure', { name: title }),
    async rows(title) {
      const chart = self.chart(title);
      const press = chart.getByRole('button', { name: `Table of ${title}` });
      if (await press.count() > 0) await press.click();
      const rows = await chart.getByRole('row').all();
      return Promise.all(rows.slice(1).map((row) => row.getByRole('cell').allInnerTexts()));
    },
    measured: async () => { await expect(page.getByText(/held-out queries each/)).toBeVisible(); },
  };
  return self;
}
