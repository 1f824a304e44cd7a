import { memo, useState } from 'react';
import type { HostView } from '../../shared/host.ts';
import type { StackView } from '../../shared/stack-view.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Menu } from '../components/menu.tsx';
import { Progress } from '../components/progress.tsx';
import { StateBadge } from '../components/state-word.tsx';
import { Words } from '../components/words.tsx';
import { progressOf } from '../models/deploy-steps.ts';
import { portsOf, stackLines, stackWord, whatServes } from '../models/stack-words.ts';
import { formatRoute, go } from '../route.ts';
import { useSeconds } from '../use-seconds.ts';
import type { StackCommands } from './stack-commands.ts';

interface StackCardProps {
  readonly stack: StackView;
  readonly host: HostView | undefined;
  readonly current: boolean;
  readonly commands: StackCommands;
}

/** A stack: how it is, what was done last, and one button that deploys it. */
export const StackCard = memo(function StackCard({ stack, host, current, commands }: StackCardProps) {
  const { name, status } = stack;
  const now = useSeconds(status.kind === 'running');
  const ports = portsOf(stack, host);
  return (
    <li className={current ? 'StackCard is-current' : 'StackCard'} data-stack={name}>
      <div className="StackCard-top">
        <a
          className="StackCard-name"
          href={formatRoute({ view: 'stacks', stack: name })}
          aria-current={current ? 'true' : undefined}
          title={name}
        >
          {name}
        </a>
        <span className="Toolbar-gap" />
        <StateBadge {...stackWord(stack, ports)} />
      </div>
      <div className="StackCard-where" title={`${stack.dir} → ${stack.hostId}`}>
        {stack.dir} → {stack.hostId}
      </div>
      <div className="StackCard-last">
        {stackLines(stack, ports, now).map((line) => (
          <p key={line}>
            <Words text={line} />
          </p>
        ))}
      </div>
      {status.kind === 'running' || status.kind === 'queued' ? (
        <Busy stack={stack} status={status} onCancel={commands.cancel} />
      ) : (
        <Actions stack={stack} commands={commands} />
      )}
    </li>
  );
});

function Busy({
  stack,
  status,
  onCancel,
}: {
  readonly stack: StackView;
  readonly status: Extract<StackView['status'], { run: string }>;
  readonly onCancel: (run: string) => void;
}) {
  return (
    <div className="StackCard-busy">
      <Progress label={`Progress of ${stack.name}`} value={status.kind === 'running' ? progressOf(status) : 0} />
      <div className="StackCard-actions">
        <Button small aria-label={`Cancel ${stack.name}`} onClick={() => onCancel(status.run)}>
          Cancel
        </Button>
        <span className="Toolbar-gap" />
        <span className="Quiet Small">{whatServes(stack)}</span>
      </div>
    </div>
  );
}

function Actions({ stack, commands }: { readonly stack: StackView; readonly commands: StackCommands }) {
  const { name, hostId, project } = stack;
  const [menu, setMenu] = useState<{ right: number; top: number }>();
  return (
    <div className="StackCard-actions">
      <Button small variant="primary" aria-label={`Deploy ${name}`} onClick={() => commands.deploy(name)}>
        Deploy
      </Button>
      <Button small aria-label={`Dry run of ${name}`} onClick={() => commands.dryRun(name)}>
        Dry run
      </Button>
      <Button small aria-label={`Verify ${name}`} onClick={() => commands.verify(name)}>
        Verify
      </Button>
      <span className="Toolbar-gap" />
      <IconButton
        icon="more"
        label={`More for ${name}`}
        aria-haspopup="menu"
        onClick={(event) => {
          const { right, bottom } = event.currentTarget.getBoundingClientRect();
          setMenu({ right, top: bottom + 4 });
        }}
      />
      {menu === undefined ? null : (
        <Menu
          label={`Actions for ${name}`}
          at={menu}
          onClose={() => setMenu(undefined)}
          items={[
            { label: 'Show log', run: () => go({ view: 'logs', hostId, name: project }) },
            { label: 'Releases', run: () => commands.releases(name) },
            { label: 'Roll back', run: () => commands.rollBack(name) },
            { label: 'Deploy, build from scratch', run: () => commands.deploy(name, { noCache: true }) },
            { label: 'Deploy, pull newer images', run: () => commands.deploy(name, { pull: 'always' }) },
            { label: 'Remove stack', danger: true, run: () => commands.remove(name) },
          ]}
        />
      )}
    </div>
  );
}
