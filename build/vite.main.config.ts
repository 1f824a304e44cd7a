import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { selfContained } from './self-contained.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Electron's main process with the engine and its workers: what the command's bundle is, with Electron outside as well. */
export default defineConfig({
  root,
  logLevel: 'warn',
  publicDir: false,
  plugins: [selfContained()],
  ssr: { external: ['electron'] },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/electron',
    emptyOutDir: true,
    sourcemap: true,
    minify: true,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: { main: `${root}/electron/main.ts`, 'key-worker': `${root}/engine/ssh/key-worker.ts` },
      // side by side: a worker is looked for beside the file that starts it
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
