import { defineConfig } from '@playwright/test';

/** The desktop app as a whole, driven through Electron: see app.ts. One app at a time. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e/runs',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  reporter: 'list',
  forbidOnly: true,
});
