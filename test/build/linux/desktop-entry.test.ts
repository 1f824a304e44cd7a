import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { routeOfLink } from '../../../electron/launch.ts';

const folder = join(import.meta.dirname, '../../../build/linux');
const entryFile = join(folder, 'towline.desktop');
const metadataFile = join(folder, 'app.towline.Towline.metainfo.xml');

const [header, ...lines] = readFileSync(entryFile, 'utf8').trimEnd().split('\n');
const entry: Record<string, string | undefined> = Object.fromEntries(
  lines.map((line): [string, string | undefined] => {
    const [, key, value] = /^([A-Za-z]+)=(.+)$/.exec(line) ?? [];
    return [key ?? line, value];
  }),
);
const metadata = readFileSync(metadataFile, 'utf8');

/** The text of an element that occurs once. */
const element = (name: string): string | undefined =>
  new RegExp(`<${name}(?: [^>]*)?>([^<]+)</${name}>`).exec(metadata)?.[1];

test('the desktop entry has one group, every line of it a key with a value', () => {
  expect(header).toBe('[Desktop Entry]');
  expect(Object.entries(entry).filter(([, value]) => value === undefined)).toEqual([]);
});

test('the app is what opens links of the scheme that it understands', () => {
  const scheme = /^x-scheme-handler\/([a-z]+);$/.exec(entry['MimeType'] ?? '')?.[1];
  expect(routeOfLink(`${scheme}://hosts/shop`)).toBe('#/hosts/shop');
  expect(entry['Exec']).toMatch(/ %u$/);
  expect(`${element('mediatype')};`).toBe(entry['MimeType']);
});

test('a software centre shows the app under the names of its desktop entry', () => {
  expect(`${element('id')}.metainfo.xml`).toBe(basename(metadataFile));
  expect({
    launchable: element('launchable'),
    name: element('name'),
    summary: element('summary'),
    icon: element('icon'),
    categories: `${element('category')};`,
  }).toEqual({
    launchable: basename(entryFile),
    name: entry['Name'],
    summary: entry['Comment'],
    icon: entry['Icon'],
    categories: entry['Categories'],
  });
});
