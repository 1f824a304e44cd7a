import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { Engine } from '../../../engine/engine.ts';
import { resolvePaths } from '../../../engine/paths.ts';
import { SettingsFile } from '../../../engine/settings-file.ts';
import { StateFile } from '../../../engine/state-file.ts';
import type { ForwardStateName, ForwardView } from '../../../shared/forward.ts';
import type { HostProfile, HostView } from '../../../shared/host.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { RealHost } from '../host/real-host.ts';

export interface RealEngineOptions {
  /** Particulars of the profile beside the host's own target, key and known_hosts. */
  readonly profile?: Partial<HostProfile>;
  /** The settings file's content, without its version. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  readonly allowLan?: boolean;
}

/** The name of the host in every real test. */
export const hostId = 'real';

/** By what the host is reached in this run. */
const transport: HostProfile['transport'] = process.env['TOWLINE_TEST_TRANSPORT'] === 'openssh' ? 'openssh' : 'ssh2';

/** What anything awaited may take, on a machine that others use too. */
const patienceMs = 30_000;

/** A whole engine with one host, in a TOWLINE_HOME of its own, which is also the user's home as it sees it. */
export class RealEngine implements Disposable {
  readonly engine: Engine;
  readonly #owned: DisposableStore;

  private constructor(engine: Engine, owned: DisposableStore) {
    this.engine = engine;
    this.#owned = owned;
  }

  static async start(realHost: RealHost, options: RealEngineOptions = {}): Promise<RealEngine> {
    const owned = new DisposableStore();
    const home = await mkdtemp(join(tmpdir(), 'tl-'));
    owned.defer(() => rm(home, { recursive: true }));
    const paths = resolvePaths({ env: { TOWLINE_HOME: home }, platform: process.platform, home, uid: 0 });
    await mkdir(join(home, '.ssh'));
    await writeFile(paths.settingsFile, JSON.stringify({ version: 1, ...options.settings }));
    const { clock = systemClock, allowLan = false } = options;
    const log = silentLogger;
    const settings = owned.add(await SettingsFile.open({ file: paths.settingsFile, clock: systemClock, log }));
    if (settings.problem !== undefined) throw new Error(settings.problem.message);
    const stateFile = owned.add(await StateFile.open({ file: paths.stateFile, clock: systemClock, log }));
    const { target, identityFile, knownHostsFile } = realHost;
    const profile = { id: hostId, target, identityFile, knownHostsFile, transport, ...options.profile };
    const env = { HOME: home, PATH: process.env['PATH'] };
    const engine = owned.add(
      new Engine({ settings, stateFile, log, clock, paths, mode: 'headless', hosts: [{ profile }], allowLan, env }),
    );
    await engine.start();
    return new RealEngine(engine, owned);
  }

  /** Resolves once the host is connected and its events come in. */
  async ready(): Promise<this> {
    await this.until('the host to be ready', ({ state, events }) => state === 'ready' && events.state === 'live');
    return this;
  }

  host(): HostView {
    const view = this.engine.store.state.hosts[hostId];
    if (view === undefined) throw new Error('the host is not in the state yet');
    return view;
  }

  get forwards(): ForwardView[] {
    return Object.values(this.host().forwards);
  }

  /** The forwards of one container. */
  of(container: string): ForwardView[] {
    return this.forwards.filter((forward) => forward.container === container);
  }

  /** Resolves to what `condition` gives once it is truthy; fails with what the host looked like last. */
  until<T>(
    what: string,
    condition: (host: HostView) => T,
  ): Promise<Exclude<Awaited<T>, false | 0 | '' | null | undefined>> {
    const look = async (): Promise<Awaited<T>> => {
      const view = this.host();
      const result = await condition(view);
      if (!result) throw new Error(`the host was ${JSON.stringify(view)}`);
      return result;
    };
    return waitFor(look, { what, timeoutMs: patienceMs });
  }

  /** Resolves to the container's forwards once there are so many, all in that state; sorted by the port that is wanted. */
  untilForwards(container: string, count: number, state: ForwardStateName = 'listening'): Promise<ForwardView[]> {
    return this.until(`${count} forwards of ${container} to be ${state}`, () => {
      const forwards = this.of(container);
      const reached = forwards.length === count && forwards.every((forward) => forward.state === state);
      return reached && forwards.sort((a, b) => a.requestedPort - b.requestedPort);
    });
  }

  /** The one forward of the container, once it is in that state. */
  async untilForward(container: string, state: ForwardStateName = 'listening'): Promise<ForwardView> {
    const [forward] = await this.untilForwards(container, 1, state);
    return forward as ForwardView;
  }

  untilGone(container: string): Promise<true> {
    return this.until(`the forwards of ${container} to be gone`, () => this.of(container).length === 0);
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }
}
