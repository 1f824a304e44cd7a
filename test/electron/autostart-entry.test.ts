import fc from 'fast-check';
import { expect, test } from 'vitest';
import { autostartEntry, execValue, startsAtLogin, withCommand } from '../../electron/autostart-entry.ts';

/** What a desktop makes of an `Exec` value, by the Desktop Entry specification: string escapes first, then quotes and field codes. */
function readExec(value: string): string[] {
  const escapes: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };
  const text = value.replace(/\\(.)/g, (all, letter: string) => escapes[letter] ?? all);
  return Array.from(text.matchAll(/"((?:[^"\\]|\\[^])*)"|([^\s"]+)/g), ([, inQuotes, bare = '']) =>
    (inQuotes?.replace(/\\([^])/g, '$1') ?? bare).replaceAll('%%', '%'),
  );
}

test('an entry is what desktops expect of one', () => {
  expect(autostartEntry(['/opt/Towline/towline', '--hidden'], 'towline')).toBe(`[Desktop Entry]
Type=Application
Name=Towline
Comment=Remote Docker hosts on localhost
Exec=/opt/Towline/towline --hidden
Icon=towline
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
`);
});

test('what the shell or the specification reserves is quoted, and escaped twice where both rules say so', () => {
  expect(execValue(['/home/me/My Apps/Towline.AppImage'])).toBe('"/home/me/My Apps/Towline.AppImage"');
  expect(execValue(['/a', '100%', '$HOME', 'a"b', 'c\\d', ''])).toBe('/a 100%% "\\\\$HOME" "a\\\\"b" "c\\\\\\\\d" ""');
});

test('a desktop reads back exactly the arguments that were meant, whatever is in them', () => {
  const argument = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(argument), (rest) => {
      const value = execValue(['/opt/towline', ...rest]);
      expect(value).not.toMatch(/[\n\r]/);
      expect(readExec(value)).toEqual(['/opt/towline', ...rest]);
    }),
  );
});

test('a program with an equals sign in its path can not be started by a desktop, and is refused', () => {
  expect(() => execValue(['/opt/a=b/towline'])).toThrow(expect.objectContaining({ code: 'autostart-impossible' }));
});

test('another command replaces the old one and nothing else', () => {
  const entry =
    '# mine\n[Desktop Entry]\nExec=/old %U\nX-GNOME-Autostart-Delay=10\nExec=/twice\n[Desktop Action New]\nExec=/other\n';
  expect(withCommand(entry, ['/new', '--hidden'])).toBe(
    '# mine\n[Desktop Entry]\nExec=/new --hidden\nX-GNOME-Autostart-Delay=10\n[Desktop Action New]\nExec=/other\n',
  );
});

test("a desktop's own settings switch an entry off by either of two keys", () => {
  const entry = autostartEntry(['/opt/towline'], 'towline');
  expect(startsAtLogin(entry)).toBe(true);
  expect(startsAtLogin(`${entry}Hidden=true\n`)).toBe(false);
  expect(startsAtLogin(entry.replace('enabled=true', 'enabled=false'))).toBe(false);
});
