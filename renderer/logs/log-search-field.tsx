import { useEffect, useState, type KeyboardEvent } from 'react';
import { Icon } from '../components/icon.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { figure } from '../format.ts';
import { hasMod, modName } from '../shell/use-global-keys.ts';
import type { LogSearch } from './use-log-search.ts';

interface LogSearchFieldProps {
  readonly search: LogSearch;
  /** Numbers of the rows that match and are shown. */
  readonly found: readonly number[];
  /** Which of them one stands on; -1 for none. */
  readonly at: number;
  readonly onGo: (row: number | undefined) => void;
}

/** Search with count, next and previous. Enter goes on, Shift Enter back. */
export function LogSearchField({ search, found, at, onGo }: LogSearchFieldProps) {
  const { query, ask, problem } = search;
  const [asked, setAsked] = useState<1 | -1>();
  const go = (step: 1 | -1): void => {
    if (found.length === 0) return setAsked(step); // whoever is faster than the search goes when it has found something
    const from = at === -1 ? (step === 1 ? -1 : 0) : at;
    onGo(found.at((from + step) % found.length));
  };
  useEffect(() => {
    if (asked === undefined || found.length === 0) return;
    setAsked(undefined);
    go(asked);
  });
  useEffect(() => {
    const onAnyKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'g' || !hasMod(event) || query.text === '') return;
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    };
    window.addEventListener('keydown', onAnyKey);
    return () => window.removeEventListener('keydown', onAnyKey);
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && query.text !== '') ask({ ...query, text: '' });
    else return;
    event.preventDefault();
  };
  const words =
    query.text === ''
      ? ''
      : problem !== undefined
        ? 'no expression'
        : found.length === 0
          ? 'no match'
          : `${at === -1 ? '' : `${figure(at + 1)} of `}${figure(found.length)}`;
  return (
    <>
      <div className="Field LogSearch">
        <Icon name="search" />
        <input
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          value={query.text}
          spellCheck={false}
          aria-invalid={problem !== undefined}
          onChange={(event) => {
            onGo(undefined);
            setAsked(undefined);
            ask({ ...query, text: event.target.value });
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <button
        type="button"
        className={query.regex ? 'IconButton is-on' : 'IconButton'}
        aria-pressed={query.regex}
        aria-label="Regular expression"
        title="Regular expression"
        onClick={() => ask({ ...query, regex: !query.regex })}
      >
        <code>.*</code>
      </button>
      <span className="MatchCount" role="status">
        {words}
      </span>
      <IconButton
        icon="up"
        label="Previous match"
        hotkey={`Shift ${modName} G`}
        disabled={found.length === 0}
        onClick={() => go(-1)}
      />
      <IconButton
        icon="down"
        label="Next match"
        hotkey={`${modName} G`}
        disabled={found.length === 0}
        onClick={() => go(1)}
      />
    </>
  );
}
