import { useCallback, useMemo, useState } from 'react';
import { useHosts } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Segmented } from '../components/segmented.tsx';
import { countForwards, listItems, type ForwardItem, type Segment } from '../models/forward-list.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { AddForwardDialog } from './add-forward-dialog.tsx';
import { FilterField } from './filter-field.tsx';
import { ForwardList } from './forward-list.tsx';
import { NothingFound } from './nothing-found.tsx';
import { RemapDialog } from './remap-dialog.tsx';
import { RowCommandsContext, useRowCommands, type OpenMenu } from './row-commands.ts';
import { RowMenu } from './row-menu.tsx';
import { useSticky } from './use-sticky.ts';

const none: ReadonlySet<string> = new Set();

/** Every forward of every host. */
export function ForwardsView() {
  const hosts = useHosts();
  const [text, setText] = useSticky('forwards text', '');
  const [segment, setSegment] = useSticky<Segment>('forwards segment', 'all');
  const [folded, setFolded] = useSticky<ReadonlySet<string>>('forwards folded', none);
  const [adding, setAdding] = useState(false);
  const [remapping, setRemapping] = useState<ForwardItem>();
  const [menu, setMenu] = useState<OpenMenu>();
  const commands = useRowCommands({ onRemap: setRemapping, onMenu: setMenu });
  const items = useMemo(() => listItems(hosts, { text, segment, folded }), [hosts, text, segment, folded]);
  const counts = countForwards(hosts);
  const clear = (): void => {
    setText(() => '');
    setSegment(() => 'all');
  };
  const fold = useCallback(
    (hostId: string, away: boolean) =>
      setFolded((before) => new Set(away ? [...before, hostId] : [...before].filter((id) => id !== hostId))),
    [setFolded],
  );
  return (
    <RowCommandsContext value={commands}>
      <Toolbar title="Forwards" count={counts.all}>
        <Segmented
          label="Show"
          value={segment}
          onChange={(value) => setSegment(() => value)}
          options={[
            ['all', 'All'],
            ['listening', <Counted key="listening" word="Listening" count={counts.listening} />],
            ['look', <Counted key="look" word="Needs a look" count={counts.look} />],
          ]}
        />
        <FilterField value={text} onChange={(value) => setText(() => value)} label="Filter by name or port" />
        <Button icon="plus" onClick={() => setAdding(true)}>
          Add
        </Button>
      </Toolbar>
      {items.length === 0 ? (
        <NothingFound text={text} counts={counts} onClear={clear} />
      ) : (
        <ForwardList items={items} onFold={fold} />
      )}
      {adding ? <AddForwardDialog onClose={() => setAdding(false)} /> : null}
      {remapping === undefined ? null : <RemapDialog item={remapping} onClose={() => setRemapping(undefined)} />}
      {menu === undefined ? null : <RowMenu {...menu} onClose={() => setMenu(undefined)} />}
    </RowCommandsContext>
  );
}

function Counted({ word, count }: { readonly word: string; readonly count: number }) {
  return (
    <>
      {word} <span className="Segmented-count">{count}</span>
    </>
  );
}
