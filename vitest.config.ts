import { defineConfig } from 'vitest/config';

/** `unit` needs nothing but Node; `real` needs sshd, dockerd and root (see test/real/README.md). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{shared,engine,headless,electron,renderer,build}/**/*.test.ts'],
          setupFiles: ['test/support/leaks.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          setupFiles: ['test/support/leaks.ts'],
          globalSetup: ['test/real/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
