import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { commandTree } from '../../headless/command-tree.ts';
import { bashCompletions } from '../../headless/completions-bash.ts';
import { fishCompletions } from '../../headless/completions-fish.ts';
import { zshCompletions } from '../../headless/completions-zsh.ts';
import { describeProgram } from '../../headless/program.ts';
import { systemShell } from '../../headless/shell.ts';
import { manPage } from '../man-page.ts';

const own = import.meta.dirname;
const icons = join(own, '..', 'icons');
/** The largest size that hicolor, the theme every desktop falls back to, has a folder for. */
const largestIcon = 512;

/**
 * Lays out what a package puts below /usr/share, whoever makes the package: manual, completions, desktop entry, AppStream
 * metadata, icons. The same sources give the same bytes.
 */
export async function writeShare(folder: string): Promise<void> {
  const program = commandTree(describeProgram(systemShell(), () => undefined));
  const written: Record<string, string | Buffer> = {
    'man/man1/towline.1.gz': gzipSync(manPage(program), { level: 9 }),
    'bash-completion/completions/towline': bashCompletions(program),
    'zsh/site-functions/_towline': zshCompletions(program),
    'fish/vendor_completions.d/towline.fish': fishCompletions(program),
  };
  const copied: Record<string, string> = {
    'applications/towline.desktop': join(own, 'towline.desktop'),
    'metainfo/app.towline.Towline.metainfo.xml': join(own, 'app.towline.Towline.metainfo.xml'),
    'icons/hicolor/scalable/apps/towline.svg': join(icons, 'app.svg'),
  };
  for (const name of await readdir(icons)) {
    const size = /^(\d+)x\1\.png$/.exec(name)?.[1];
    if (size !== undefined && Number(size) <= largestIcon)
      copied[`icons/hicolor/${size}x${size}/apps/towline.png`] = join(icons, name);
  }
  for (const [path, content] of Object.entries(written)) await writeFile(await placeFor(path), content);
  for (const [path, source] of Object.entries(copied)) await copyFile(source, await placeFor(path));

  async function placeFor(path: string): Promise<string> {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    return file;
  }
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: node build/linux/share.ts FOLDER');
  await writeShare(folder);
}
