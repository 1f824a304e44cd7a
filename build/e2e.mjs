import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { findElectron } from './electron.mjs';
import { missingForE2eSuite } from './requirements.mjs';

/** `npm run test:e2e`: the desktop app, driven from outside; on Electron itself, or on what ELECTRON_OVERRIDE_DIST_PATH names instead. */

const root = join(import.meta.dirname, '..');
const missing = missingForE2eSuite(root);
if (missing) {
  say(`e2e can't run: ${missing.reason}. To run it: ${missing.remedy}`);
  process.exit(1);
}
const electron = findElectron(root);
say(
  electron.given
    ? `e2e runs on ${electron.path}, which stands in for Electron`
    : `e2e runs on Electron, ${electron.path}`,
);
const args = ['test', '--config', 'test/e2e/playwright.config.ts', ...process.argv.slice(2)];
const playwright = join(root, 'node_modules', '.bin', 'playwright');
const [file, ...rest] = process.env.DISPLAY
  ? [playwright, ...args]
  : ['xvfb-run', '-a', '-s', '-screen 0 1280x800x24', playwright, ...args];
const bin = join(root, 'node_modules', '.bin'); // with the project's own Node, on which a stand-in may run the app
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, TOWLINE_ELECTRON: electron.path };
spawn(file, rest, { cwd: root, stdio: 'inherit', env }).once('close', (code) => process.exit(code ?? 1));

function say(line) {
  process.stdout.write(`${line}\n`);
}
