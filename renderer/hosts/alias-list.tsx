import { useId, useState, type KeyboardEvent } from 'react';
import type { SshAlias } from '../../shared/host.ts';
import { Icon } from '../components/icon.tsx';

interface AliasListProps {
  readonly aliases: readonly SshAlias[];
  /** Ids of hosts that are there already. */
  readonly added: ReadonlySet<string>;
  readonly chosen: string | undefined;
  readonly onChoose: (alias: SshAlias) => void;
  readonly focusFirst?: boolean;
  /** Enter, or a double click. */
  readonly onTake: (alias: SshAlias) => void;
}

/** The names of the user's ssh_config: arrow keys and clicks choose, Enter takes. */
export function AliasList({ aliases, added, chosen, focusFirst = false, onChoose, onTake }: AliasListProps) {
  const id = useId();
  const [focused, setFocused] = useState(false);
  const index = aliases.findIndex(({ name }) => name === chosen);
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = { ArrowDown: index + 1, ArrowUp: Math.max(0, index - 1), Home: 0, End: aliases.length - 1 }[
      event.key
    ];
    const next = target === undefined ? undefined : aliases[Math.min(target, aliases.length - 1)];
    const current = aliases[index];
    if (event.key === 'Enter' && current !== undefined) onTake(current);
    else if (next !== undefined) {
      onChoose(next);
      document.getElementById(`${id}-${next.name}`)?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };
  return (
    <ul
      className="AliasList"
      role="listbox"
      aria-label="Hosts of your ssh config"
      tabIndex={0}
      ref={(list) => (focusFirst && document.activeElement === document.body ? list?.focus() : undefined)}
      aria-activedescendant={index === -1 ? undefined : `${id}-${chosen}`}
      onKeyDown={onKeyDown}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      {aliases.map((alias) => (
        <li
          key={alias.name}
          id={`${id}-${alias.name}`}
          className={alias.name === chosen ? 'AliasItem is-current' : 'AliasItem'}
          role="option"
          aria-selected={alias.name === chosen}
          onClick={() => onChoose(alias)}
          onDoubleClick={() => onTake(alias)}
        >
          <b>{alias.name}</b>
          {added.has(alias.name) ? (
            <span className="Quiet">added</span>
          ) : alias.name === chosen ? (
            focused ? (
              <kbd className="Key">↵</kbd>
            ) : (
              <Icon name="check" />
            )
          ) : (
            <span />
          )}
          <span className="AliasItem-target">{alias.where}</span>
        </li>
      ))}
    </ul>
  );
}
