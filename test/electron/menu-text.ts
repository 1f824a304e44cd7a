import type { TrayAction, TrayItem } from '../../electron/tray-menu-item.ts';

/** A menu as one reads it: a line per item, deeper ones indented, what can't be clicked in parentheses. */
export function menuText(items: readonly TrayItem[], depth = 0): string {
  return items.map((item) => `${'  '.repeat(depth)}${itemText(item, depth)}`).join('\n');
}

function itemText(item: TrayItem, depth: number): string {
  switch (item.kind) {
    case 'separator':
      return '---';
    case 'text':
      return `(${item.label})`;
    case 'command':
      return item.enabled ? item.label : `(${item.label})`;
    case 'switch':
      return `${item.on ? '[x]' : '[ ]'} ${item.label}`;
    case 'menu':
      return `${item.label} >\n${menuText(item.items, depth + 1)}`;
  }
}

/** Every item with an id, also those of inner menus. */
export function allItems(items: readonly TrayItem[]): Exclude<TrayItem, { kind: 'separator' }>[] {
  return items.flatMap((item) => {
    if (item.kind === 'separator') return [];
    return item.kind === 'menu' ? [item, ...allItems(item.items)] : [item];
  });
}

/** What a click on the item does; undefined where it does nothing. */
export function actionOf(items: readonly TrayItem[], id: string): TrayAction | undefined {
  const item = allItems(items).find((one) => one.id === id);
  return item !== undefined && 'action' in item ? item.action : undefined;
}
