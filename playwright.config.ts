import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** The system's Chromium where there is one, else the browser Playwright installed. */
const chromium = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path));

/** Against the export in out/, as a visitor gets it. 3110 sends the isolation headers, 3111 is a plain file host. */
export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  retries: process.env.CI ? 1 : 0, // the machine may be shared; what fails twice has failed
  reporter: 'line',
  use: {
    baseURL: 'http://127.0.0.1:3110',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  webServer: [
    { command: 'node scripts/serve.mjs out 3110', url: 'http://127.0.0.1:3110/', reuseExistingServer: !process.env.CI },
    { command: 'node scripts/serve.mjs out 3111 --no-headers', url: 'http://127.0.0.1:3111/', reuseExistingServer: !process.env.CI },
  ],
});
