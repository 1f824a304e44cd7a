import type { Duplex } from 'node:stream';
import type { ManualForward } from '../shared/forward.ts';
import type { HostProfile, HostView } from '../shared/host.ts';
import type { Rule } from '../shared/rule.ts';
import type { Settings } from '../shared/settings.ts';
import type { Clock } from './base/clock.ts';
import { DisposableStore, type Disposable } from './base/disposables.ts';
import type { Logger } from './base/logger.ts';
import type { ComposeProjects } from './docker/compose-projects.ts';
import type { DockerEvent } from './docker/events.ts';
import type { ContainerLogs } from './docker/container-logs.ts';
import { DockerFollower } from './docker/docker-follower.ts';
import { desiredForwards } from './forward/desired.ts';
import { dialOver } from './forward-dial.ts';
import type { RememberedPorts } from './forward/local-port.ts';
import { ForwardReconciler } from './forward/reconciler.ts';
import { hostView } from './host-view.ts';
import { Lingering } from './linger.ts';
import type { ForwardsUnderRules } from './port-rules.ts';
import { Presence } from './presence.ts';
import type { PromptDesk } from './prompts.ts';
import { SessionQueue } from './run/session-queue.ts';
import type { QueuePriority } from './run/waiting-line.ts';
import { SshConnection, type Connect } from './ssh/connection.ts';
import type { HostAttempts } from './ssh/host-attempts.ts';
import { probeCommand, readProbe, type ProbeResult } from './ssh/probe.ts';
import type { SessionChannel } from './ssh/link.ts';
import { SessionBudget } from './ssh/session-budget.ts';

export interface HostSupervisorOptions {
  readonly profile: HostProfile;
  readonly connect: Connect;
  readonly attempts?: HostAttempts;
  readonly prompts: PromptDesk;
  readonly settings: () => Settings;
  readonly remembered: RememberedPorts;
  readonly ownerOf: (port: number) => Promise<string | undefined>;
  /** Where the local Docker socket goes; none if undefined. */
  readonly dockerSocketPath: string | undefined;
  /** Takes the host's view whenever it changed, coalesced. */
  readonly publish: (view: HostView) => void;
  /** Takes what Docker tells of its containers, as it comes. */
  readonly heard?: (event: DockerEvent) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

export const defaultSessionLimit = 2;
/** Changes within this time become one view. */
const publishMs = 20;

/**
 * One remote host: joins connection, Docker and forwards, which know nothing of each other, and says how all of it is.
 * What a lost connection, a restarted daemon or a missed event did to the picture, the next list and reconcile mend.
 */
export class HostSupervisor implements Disposable {
  readonly #options: HostSupervisorOptions;
  readonly #owned = new DisposableStore();
  readonly #connection: SshConnection;
  readonly #sessions: SessionBudget;
  readonly #commands: SessionQueue<SessionChannel>;
  readonly #docker: DockerFollower;
  readonly #lingering: Lingering;
  readonly #presence: Presence;
  readonly #reconciler: ForwardReconciler;
  #profile: HostProfile;
  #paused = { all: false, ids: new Set<string>() };
  #probe: ProbeResult | undefined;
  #view: HostView | undefined;
  #publishing: Disposable | undefined;

  constructor(options: HostSupervisorOptions) {
    const { clock, log, connect, settings, remembered, ownerOf, prompts } = options;
    this.#options = options;
    this.#profile = options.profile;
    const own = <T extends Disposable>(part: T): T => this.#owned.add(part);

    this.#connection = own(new SshConnection({ where: options.profile.target, connect, clock, log }));
    this.#sessions = new SessionBudget({
      limit: this.#sessionLimit(),
      open: (command) => this.#connection.openSession(command),
      clock,
    });
    this.#commands = new SessionQueue({ source: this.#sessions, clock });
    this.#docker = own(
      new DockerFollower({
        configuredSocket: options.profile.dockerSocket,
        doors: {
          openUnix: (path) => this.#connection.openUnix(path),
          openStdio: (signal) => this.#openDialStdio(signal),
          clock,
        },
        localSocketPath: options.dockerSocketPath,
        sessionLimit: () => this.#sessions.counts.limit,
        onSilent: () => this.#connection.verify(),
        clock,
        log,
      }),
    );
    this.#reconciler = own(
      new ForwardReconciler({
        desired: () => this.#desired(),
        dial: dialOver(this.#connection),
        remembered,
        ownerOf,
        holdMs: () => settings().outage.holdMs,
        clock,
        log,
      }),
    );
    this.#lingering = own(new Lingering(clock, () => this.#reconcile()));
    this.#presence = own(
      new Presence({
        clock,
        suspendAfterMs: () => settings().outage.suspendAfterMs,
        report: (presence) => this.#reconciler.setPresence(presence),
      }),
    );

    const publish = (): void => this.#publishSoon();
    own(this.#connection.onDidChange(() => this.#connectionChanged()));
    own(this.#connection.onDidCountChannels(publish));
    own(this.#sessions.onDidChange(publish));
    own(this.#commands.onDidChange(publish));
    own(this.#sessions.onDidChange(() => this.#docker.follow()));
    own(this.#docker.onDidChange(publish));
    own(this.#docker.onDidReceiveEvent((event) => options.heard?.(event)));
    own(this.#docker.onDidChangeContainers(() => this.#reconcile()));
    own(this.#reconciler.onDidChange(publish));
    own(prompts.onDidChange(publish));
    this.#owned.defer(() => this.#publishing?.dispose());
  }

  get profile(): HostProfile {
    return this.#profile;
  }

  get prompts(): PromptDesk {
    return this.#options.prompts;
  }

  get projects(): ComposeProjects {
    return this.#docker.projects;
  }

  get logs(): ContainerLogs {
    return this.#docker.logs;
  }

  /** Containers run that did not, or the other way round, or Docker has become reachable or ceased to be. */
  onDidChangeDocker(listener: () => void): Disposable {
    const owned = new DisposableStore();
    owned.add(this.#docker.onDidChange(listener));
    owned.add(this.#docker.onDidChangeContainers(listener));
    return owned;
  }

  /** Runs a command there, when it is its turn. `waitMs`: how long it may wait for that. */
  openSession(command: string, priority: QueuePriority, signal: AbortSignal, waitMs?: number): Promise<SessionChannel> {
    return this.#commands.open(command, priority, { signal, ...(waitMs === undefined ? {} : { waitMs }) });
  }

  openTcp(host: string, port: number): Promise<Duplex> {
    return this.#connection.openTcp({ host, port }, { address: '127.0.0.1', port: 0 });
  }

  async start(): Promise<void> {
    await this.#docker.openLocalSocket();
    this.#connection.start();
    this.#publishNow();
    this.#reconcile();
  }

  connect(): void {
    this.#options.attempts?.tryNow();
    if (this.#connection.state.kind === 'idle') this.#connection.start();
    else this.#connection.retryNow();
  }

  disconnect(): void {
    this.#connection.stop();
  }

  reconnect(): void {
    this.#options.attempts?.tryNow();
    if (this.#connection.state.kind === 'idle') this.#connection.start();
    else this.#connection.reconnect('asked for by the user');
  }

  /** The settings changed, or the profile's forwards did. */
  reconfigure(profile: HostProfile): void {
    this.#profile = profile;
    this.#reconcile();
  }

  /** The network or the machine is back: what waits is tried now, what seems connected has to prove it. */
  checkNow(): void {
    const { kind } = this.#connection.state;
    if (kind === 'reconnecting') this.#connection.retryNow();
    else if (kind === 'ready') this.#connection.verify();
  }

  setPaused(paused: boolean, forwardId: string | undefined): void {
    if (forwardId === undefined) this.#paused = { all: paused, ids: new Set() };
    else if (paused) this.#paused.ids.add(forwardId);
    else this.#resumeOne(forwardId);
    this.#reconcile();
  }

  hasForward(forwardId: string): boolean {
    return this.#reconciler.views.some((view) => view.id === forwardId);
  }

  /** What would be forwarded under these rules; nothing is changed. */
  underRules(rules: readonly Rule[]): ForwardsUnderRules {
    const containers = [...this.#docker.running.map(({ container }) => container), ...this.#lingering.containers];
    return { hostId: this.#profile.id, forwards: this.#desired(rules), containers };
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }

  /** Resuming one while all are paused leaves the others paused, one by one. */
  #resumeOne(forwardId: string): void {
    if (this.#paused.all) this.#paused = { all: false, ids: new Set(this.#reconciler.views.map((view) => view.id)) };
    this.#paused.ids.delete(forwardId);
  }

  #sessionLimit(): number {
    return this.#profile.sessionLimit ?? defaultSessionLimit;
  }

  #connectionChanged(): void {
    const { state } = this.#connection;
    if (state.kind === 'ready') {
      this.#sessions.relearn(this.#sessionLimit());
      this.#docker.up(this.#lookAround());
    } else this.#docker.down('failure' in state ? state.failure : undefined);
    this.#presence.observe(state);
    this.#publishNow(); // none of its states may be lost between two views
  }

  async #lookAround(): Promise<ProbeResult | undefined> {
    try {
      this.#probe = await readProbe(await this.#sessions.exec(probeCommand, 'docker'), this.#options.clock);
      this.#publishSoon();
      return this.#probe;
    } catch (error) {
      this.#options.log.info('no look around on the host', { error: String(error) });
      return undefined;
    }
  }

  #reconcile(): void {
    this.#lingering.observe(this.#docker.running.map(({ container }) => container));
    void this.#reconciler.request(); // each forward reports its own state
  }

  #desired(rules: readonly Rule[] = this.#options.settings().rules): ReturnType<typeof desiredForwards> {
    const { ports } = this.#options.settings();
    return desiredForwards({
      hostId: this.#profile.id,
      running: this.#docker.running,
      lingering: this.#lingering.containers,
      manual: this.#profile.forwards ?? ([] as ManualForward[]),
      rules,
      policy: ports.policy,
      allowLan: ports.allowLan,
      paused: this.#paused,
    });
  }

  async #openDialStdio(signal: AbortSignal | undefined): Promise<Duplex> {
    const channel = await this.#sessions.exec('docker system dial-stdio', 'docker', signal);
    channel.stderr.resume(); // unread, it would stall the channel
    return channel;
  }

  #publishSoon(): void {
    if (this.#owned.closed || this.#publishing !== undefined) return;
    this.#publishing = this.#options.clock.after(
      publishMs,
      () => {
        this.#publishing = undefined;
        this.#publishNow();
      },
      { background: true },
    );
  }

  #publishNow(): void {
    if (this.#owned.closed) return;
    this.#view = hostView(
      {
        profile: this.#profile,
        connection: this.#connection.state,
        opened: this.#connection.opened,
        attempts: this.#options.attempts?.view,
        channels: this.#connection.channels,
        sessions: this.#sessions.counts,
        sessionsSince: this.#sessions.heldSince,
        commands: this.#commands.figures,
        docker: this.#docker.state,
        localSocket: this.#docker.localSocket,
        events: this.#docker.events.state,
        eventFigures: this.#docker.events.figures,
        server: {
          ident: this.#connection.ident,
          algorithms: this.#connection.algorithms,
          rttMs: this.#connection.roundTripMs,
          probe: this.#probe,
        },
        prompt: this.#options.prompts.pending,
        paused: this.#paused.all,
        forwards: this.#reconciler.views,
      },
      this.#view,
    );
    this.#options.publish(this.#view);
  }
}
