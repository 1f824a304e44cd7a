import type { TrayAction, TrayItem } from './tray-menu-item.ts';

/** Longer lines make a menu as wide as the screen. */
const longest = 72;

export const separator: TrayItem = { kind: 'separator' };

export function textLine(id: string, label: string): TrayItem {
  return { kind: 'text', id, label: menuLabel(label) };
}

export function commandLine(id: string, label: string, action: TrayAction, enabled = true): TrayItem {
  return { kind: 'command', id, label: menuLabel(label), enabled, action };
}

/** Opens the window at a place. */
export function showLine(id: string, label: string, route: string): TrayItem {
  return commandLine(id, label, { kind: 'show', route });
}

export function menuLine(id: string, label: string, items: readonly TrayItem[]): TrayItem {
  return { kind: 'menu', id, label: menuLabel(label), items };
}

/** Text as a menu's label: one line without control characters, cut at its end, `&` doubled because menus take it for a mnemonic. */
function menuLabel(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = Array.from(line);
  const cut =
    characters.length <= longest
      ? line
      : `${characters
          .slice(0, longest - 1)
          .join('')
          .trimEnd()}…`;
  return cut.replaceAll('&', '&&');
}
