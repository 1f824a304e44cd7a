import { useState } from 'react';
import type { SshAlias } from '../../shared/host.ts';
import { useApp, useHosts } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { Fix } from '../components/fix.tsx';
import { newHost, suggestedName } from '../models/new-host.ts';
import { go } from '../route.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { AliasList } from './alias-list.tsx';
import { StepList } from './step-list.tsx';
import { TestHeading } from './test-heading.tsx';
import { useAliases } from './use-aliases.ts';
import { useHostTest } from './use-host-test.ts';

const none: readonly SshAlias[] = [];

/** Name a host, try it out, keep it. */
export function AddHostView() {
  const { act } = useApp();
  const [target, setTarget] = useState('');
  const [name, setName] = useState('');
  const aliases = useAliases() ?? none;
  const added = new Set(Object.keys(useHosts()));
  const { progress, running, start, cancel } = useHostTest();
  const host = newHost(target, name);
  const taken = host.kind === 'valid' && added.has(host.profile.id);
  const ready = host.kind === 'valid' && !taken;
  const choose = (text: string): void => {
    setTarget(text);
    if (progress.kind !== 'none') cancel();
  };
  const add = async (): Promise<void> => {
    if (!ready) return;
    if (await act((api) => api.hosts.add(host.profile))) go({ view: 'host', hostId: host.profile.id });
  };
  return (
    <form
      className="View-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Toolbar title="Add a host">
        <Button variant="plain" onClick={() => go({ view: 'forwards' })}>
          Cancel
        </Button>
        <Button
          icon="retry"
          disabled={host.kind !== 'valid' || running}
          onClick={() => host.kind === 'valid' && void start(host.profile)}
        >
          {progress.kind === 'none' ? 'Test' : 'Test again'}
        </Button>
        <Button variant="primary" type="submit" disabled={!ready}>
          {ready ? `Add ${host.profile.id}` : 'Add'}
        </Button>
      </Toolbar>
      <div className="View-body is-padded is-scrolling">
        <div className={aliases.length === 0 ? 'Columns is-single' : 'Columns'}>
          <section>
            <div className="HostForm">
              <Field
                label="Target"
                mono
                autoFocus
                placeholder="ssh://user@host:port"
                value={target}
                onChange={(event) => choose(event.target.value)}
                problem={host.kind === 'invalid' ? host.problem : undefined}
                tail={aliases.some((alias) => alias.name === target) ? <span className="Chip">alias</span> : null}
              />
              <Field
                label="Name"
                placeholder={suggestedName(target)}
                value={name}
                onChange={(event) => setName(event.target.value.toLowerCase().replace(/[^a-z0-9._-]/g, '-'))}
                problem={taken ? 'There is a host of this name already.' : undefined}
              />
            </div>
            <p className="Field-help Below-5">
              An alias of your ssh config, or <span className="Mono">ssh://user@host:port</span>. Towline reads the
              config, it never writes it.
            </p>
            {progress.kind === 'none' ? null : (
              <>
                <TestHeading progress={progress} />
                <StepList steps={progress.steps} />
                {progress.failure === undefined ? null : <Fix failure={progress.failure} />}
              </>
            )}
          </section>
          {aliases.length === 0 ? null : (
            <aside>
              <div className="Field-label Row is-apart">
                From ~/.ssh/config{' '}
                <span className="Quiet Regular">{aliases.length === 1 ? '1 alias' : `${aliases.length} aliases`}</span>
              </div>
              <AliasList
                aliases={aliases}
                added={added}
                chosen={aliases.some((alias) => alias.name === target) ? target : undefined}
                onChoose={(alias) => choose(alias.name)}
                onTake={() => void add()}
              />
            </aside>
          )}
        </div>
      </div>
    </form>
  );
}
