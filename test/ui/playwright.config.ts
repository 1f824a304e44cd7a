import { defineConfig } from '@playwright/test';

/** The app in a real Chromium, served by the real web door. The system's own browser is used: none is downloaded. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/ui/runs',
  // bounds for a busy machine; nothing takes so long on an idle one
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: 'list',
  forbidOnly: true,
  use: {
    viewport: { width: 1080, height: 720 },
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: {
      executablePath: process.env['TOWLINE_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
});
