import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('../renderer', import.meta.url));

/**
 * The app for both doors. Its files are served under a policy that allows nothing inline. Of `shared/` it needs the plain
 * functions: the schemas are the engine's business, and are left out by saying that making one has no effect.
 */
export default defineConfig({
  root,
  base: './',
  logLevel: 'warn',
  plugins: [react()],
  build: {
    target: 'es2023',
    outDir: '../dist/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      treeshake: { manualPureFunctions: ['z', 'oc'] },
      output: { entryFileNames: 'app.js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
});
