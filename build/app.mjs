// What Electron starts in this folder. npm packs the file that package.json calls `main`, so that is not the app itself.
import '../dist/electron/main.js';
