import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The preload script: one CommonJS file, as a sandboxed page may load nothing else. It goes beside the main process. */
export default defineConfig({
  root,
  logLevel: 'warn',
  publicDir: false,
  ssr: { noExternal: true, external: ['electron'] },
  build: {
    ssr: true,
    target: 'chrome140',
    outDir: 'dist/electron',
    emptyOutDir: false,
    rolldownOptions: {
      input: { preload: `${root}/electron/preload.ts` },
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
});
