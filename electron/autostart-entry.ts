import { FailureError } from '../shared/failure.ts';

/** An autostart file as the Desktop Entry and Autostart specifications of freedesktop.org have it. `icon` is a name or a path. */
export function autostartEntry(command: readonly string[], icon: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Towline',
    'Comment=Remote Docker hosts on localhost',
    `Exec=${execValue(command)}`,
    `Icon=${escaped(icon)}`,
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** The file with another command, and all else as it was: a desktop's own settings live in it too. */
export function withCommand(entry: string, command: readonly string[]): string {
  let inGroup = false;
  let written = false;
  const lines = entry.split('\n').flatMap((line) => {
    if (line.startsWith('[')) inGroup = line.trim() === '[Desktop Entry]';
    if (!inGroup || !/^Exec\s*=/.test(line)) return [line];
    if (written) return [];
    written = true;
    return [`Exec=${execValue(command)}`];
  });
  return lines.join('\n');
}

/** Whether it is this command that the entry starts. */
export function starts(entry: string, command: readonly string[]): boolean {
  return entry.split('\n').includes(`Exec=${execValue(command)}`);
}

/** Whether the entry starts the app: a desktop's own settings switch it off by one of two keys. */
export function startsAtLogin(entry: string): boolean {
  return !/^Hidden\s*=\s*true\s*$/m.test(entry) && !/^X-GNOME-Autostart-enabled\s*=\s*false\s*$/m.test(entry);
}

/**
 * A command as the value of `Exec`. Two rules apply one after the other: the arguments are quoted where they must be, with `%` doubled
 * as it begins a field code; then the whole is escaped as any string value. Throws `autostart-impossible` for a program that no
 * `Exec` can name.
 */
export function execValue(command: readonly string[]): string {
  const [program = ''] = command;
  if (program === '' || program.includes('=')) {
    throw new FailureError({
      code: 'autostart-impossible',
      message: `Desktops can't start a program at login whose path has an equals sign: ${program}.`,
      hint: 'Move Towline to a folder without one.',
    });
  }
  return escaped(command.map(quoted).join(' '));
}

/** Reserved characters are allowed between double quotes only, and four of them need a backslash even there. */
function quoted(argument: string): string {
  const text = argument.replaceAll('%', '%%');
  if (text !== '' && !/[\s"'\\><~|&;$*?#()`]/.test(text)) return text;
  return `"${text.replace(/["`$\\]/g, '\\$&')}"`;
}

function escaped(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replace(/^ /, '\\s');
}
