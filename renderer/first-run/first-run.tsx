import { useState } from 'react';
import type { HostProfile, SshAlias } from '../../shared/host.ts';
import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { Line } from '../components/line.tsx';
import { AliasList } from '../hosts/alias-list.tsx';
import { useAliases } from '../hosts/use-aliases.ts';
import { newHost } from '../models/new-host.ts';
import { Brand } from '../shell/brand.tsx';
import { TopNotices } from '../shell/top-notices.tsx';

const promised = [8080, 5432, 6379].map((port) => ({ port, look: 'off' as const }));
const nobody: ReadonlySet<string> = new Set();
const touches = [
  'Uses your keys, agent and ssh config',
  'Opens ports on 127.0.0.1 and ::1 only',
  'Installs nothing on the host',
];

/** No host yet: name one, or try the pretend one. */
export function FirstRun() {
  const aliases = useAliases();
  return aliases === undefined ? null : <FirstRunPage aliases={aliases} />;
}

function FirstRunPage({ aliases }: { readonly aliases: readonly SshAlias[] }) {
  const { act } = useApp();
  const [chosen, setChosen] = useState<string>();
  const [text, setText] = useState('');
  const [starting, setStarting] = useState(false);
  const picked = chosen ?? aliases[0]?.name;
  const host = newHost(text === '' ? (picked ?? '') : text, '');
  const add = (profile: HostProfile): void => void act((api) => api.hosts.add(profile));
  const demo = async (): Promise<void> => {
    setStarting(true);
    await act((api) => api.hosts.startDemo());
    setStarting(false);
  };
  return (
    <main className="FirstRun">
      <header className="FirstRun-top">
        <Brand />
        <TopNotices route={{ view: 'forwards' }} />
      </header>
      <div className="FirstRun-stage">
        <div className="HostHeader is-bare" data-state="off">
          <span className="HostHeader-here">localhost</span>
          <span className="HostHeader-line">
            <Line look="off" ports={promised} sentence="No line yet" />
          </span>
          <span className="HostHeader-host Quiet">your Docker host</span>
        </div>
      </div>
      <div className="FirstRun-body">
        <section>
          <h1 className="FirstRun-title">Which host should be on localhost?</h1>
          <p className="Second FirstRun-text">
            Towline keeps one SSH connection to it. Each port a container publishes there appears here, on the same
            number, for as long as the container runs.
          </p>
          {aliases.length === 0 ? null : (
            <>
              <div className="Field-label Row is-apart">
                <span>From ~/.ssh/config</span>
                <span className="Quiet Regular">{aliases.length === 1 ? '1 alias' : `${aliases.length} aliases`}</span>
              </div>
              <AliasList
                aliases={aliases}
                focusFirst
                added={nobody}
                chosen={text === '' ? picked : undefined}
                onChoose={(alias) => {
                  setChosen(alias.name);
                  setText('');
                }}
                onTake={(alias) => add({ id: alias.name.toLowerCase(), target: alias.name })}
              />
            </>
          )}
          <form
            className="FirstRun-address"
            onSubmit={(event) => {
              event.preventDefault();
              if (host.kind === 'valid') add(host.profile);
            }}
          >
            <Field
              label={aliases.length === 0 ? 'Its address' : 'Or an address'}
              mono
              autoFocus={aliases.length === 0}
              placeholder="ssh://user@host:port"
              value={text}
              onChange={(event) => setText(event.target.value)}
              problem={host.kind === 'invalid' ? host.problem : undefined}
            />
            <Button variant="primary" type="submit" disabled={host.kind !== 'valid'}>
              Connect
            </Button>
          </form>
        </section>
        <aside>
          <h2>No host at hand?</h2>
          <p className="Second FirstRun-text">
            The demo host runs inside Towline: a small shop, nothing installed, nothing leaves this machine.
          </p>
          <Button onClick={() => void demo()} disabled={starting}>
            {starting ? 'Starting the demo host' : 'Try the demo host'}
          </Button>
          <h2 className="Above-6">What Towline touches</h2>
          <ul className="FirstRun-touches">
            {touches.map((line) => (
              <li key={line}>
                <Icon name="check" />
                {line}
              </li>
            ))}
          </ul>
        </aside>
      </div>
      <footer className="FirstRun-foot">
        <span>
          In a terminal:{' '}
          <span className="Mono">towline up {host.kind === 'valid' ? host.profile.target : 'ssh://user@host'}</span>
        </span>
      </footer>
    </main>
  );
}
