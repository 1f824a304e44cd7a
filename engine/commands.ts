import type { HostTestStep } from '../shared/contract.ts';
import type { DeployHistory } from '../shared/deploy.ts';
import type { DeployEvent, DeployRequest, DryRun, RollbackRequest, RunRequest } from '../shared/deployment.ts';
import type { DiagnosticsBundle, DiagnosticsRequest } from '../shared/diagnostics.ts';
import type { DoctorStep } from '../shared/doctor.ts';
import type { ForwardTarget } from '../shared/forward.ts';
import type { HostProfile, SshAlias } from '../shared/host.ts';
import type { HostCandidate } from '../shared/host-candidate.ts';
import type { LogEvent, LogFollowRequest, LogPage, LogReadRequest, OwnLogRequest } from '../shared/log.ts';
import type { CommandPlace, DockerContext } from '../shared/machine.ts';
import type { ProfileChange } from '../shared/profile-file.ts';
import type { PromptAnswer } from '../shared/prompt.ts';
import type { Rule } from '../shared/rule.ts';
import type { CommandRunEvent, CommandRunRequest } from '../shared/run.ts';
import type { RulePreview, SettingsChange } from '../shared/settings-view.ts';
import type { Stack } from '../shared/stack.ts';
import type { StateStore } from './state-store.ts';
import type { TimelineSource } from './timeline/timeline.ts';

/** A forward to be made by hand. Without `bind` it listens on both loopback addresses. */
export interface NewForward {
  readonly hostId: string;
  readonly target: ForwardTarget;
  readonly localPort: number;
  readonly bind?: string | undefined;
  readonly label?: string | undefined;
}

/** Which forwards: without `forwardId` all of the host, without `hostId` all there are. */
export interface ForwardSelection {
  readonly hostId?: string | undefined;
  readonly forwardId?: string | undefined;
}

/** What may be decided about forwards. Rejects with `host-not-found`, `forward-not-found`. */
export interface ForwardCommands {
  /** Resolves with the forward's id. */
  add(forward: NewForward): Promise<string>;
  remove(hostId: string, forwardId: string): Promise<void>;
  /** Another local port from now on: on the manual forward itself, or by a rule for the container's port. */
  remap(hostId: string, forwardId: string, localPort: number): Promise<void>;
  /** Leaves a container's port out from now on, by a rule. */
  ignore(hostId: string, forwardId: string): Promise<void>;
  pause(selection: ForwardSelection): Promise<void>;
  resume(selection: ForwardSelection): Promise<void>;
  replaceRules(rules: readonly Rule[]): Promise<void>;
  /** What these rules would make of every port there is. */
  previewRules(rules: readonly Rule[]): readonly RulePreview[];
}

/** What may be asked about stacks. Streams end early when aborted; a deployment then with what has become of it. */
export interface StackCommands {
  list(): readonly Stack[];
  /** Rejects with `stack-exists`, `host-not-found`. */
  add(stack: Stack): Promise<void>;
  remove(name: string): Promise<void>;
  deploy(request: DeployRequest, signal: AbortSignal): AsyncIterable<DeployEvent>;
  rollback(request: RollbackRequest, signal: AbortSignal): AsyncIterable<DeployEvent>;
  /** All stacks, unless some are named. */
  verify(names: readonly string[] | undefined, signal: AbortSignal): AsyncIterable<DeployEvent>;
  /** Starts a run that nobody need read. Resolves with its name. */
  begin(request: RunRequest): Promise<string>;
  /** What the stack's newest run has told and tells; ends with it. */
  follow(stack: string, signal: AbortSignal): AsyncIterable<DeployEvent>;
  /** A run that is over already is left alone. */
  cancel(run: string): void;
  dryRun(name: string, signal: AbortSignal): Promise<DryRun>;
  history(name: string, signal: AbortSignal): Promise<DeployHistory>;
}

/** What may be asked about the logs of containers. Rejects with `log-subject-not-found`, `log-subject-ambiguous`, `log-unreadable`. */
export interface LogCommands {
  read(request: LogReadRequest, signal: AbortSignal): Promise<LogPage>;
  /** Ends early when aborted. */
  follow(request: LogFollowRequest, signal: AbortSignal): AsyncIterable<LogEvent>;
  /** The engine's own log. Ends when aborted. */
  own(request: OwnLogRequest, signal: AbortSignal): AsyncIterable<LogEvent>;
}

/** Running commands on hosts. */
export interface RunCommands {
  /**
   * Runs it in one session channel. Who stops reading, or aborts, cancels; the events then end with the failure, once the host has
   * ended the commands. Rejects with `host-not-found`, `queue-full`, `queue-timeout`, `command-timed-out`, `connection-lost` and the like.
   */
  start(request: CommandRunRequest, signal: AbortSignal): AsyncIterable<CommandRunEvent>;
  /** Resolves when it has been taken: send no faster. Rejects with `run-not-started`. */
  input(run: string, data: Buffer, end: boolean): Promise<void>;
  /** A run that is over already is left alone. */
  cancel(run: string): void;
}

/** What is arranged on the engine's own machine. */
export interface MachineCommands {
  /** Rejects with `host-not-found`, `context-not-ours`; so do the next two. */
  dockerContext(hostId: string): Promise<DockerContext>;
  installContext(hostId: string): Promise<DockerContext>;
  /** Rejects with `context-in-use` too. */
  removeContext(hostId: string): Promise<DockerContext>;
  exportProfile(): string;
  /** Throws `profile-unreadable`, `profile-incomplete`. */
  previewProfile(text: string): readonly ProfileChange[];
  applyProfile(text: string): Promise<void>;
  resetSettings(): Promise<void>;
  command(): Promise<CommandPlace>;
}

export interface MetricsSource {
  /** Everything that is measured, in Prometheus' text format. */
  text(): Promise<string>;
}

export interface DiagnosticsCommands {
  /** Rejects with `host-not-found`, or when aborted. */
  collect(request: DiagnosticsRequest, signal: AbortSignal): Promise<DiagnosticsBundle>;
}

/**
 * What a door may ask of the engine; inputs have passed the contract's schemas. Each rejects with a `FailureError`
 * the user can act upon: `host-not-found`, `forward-not-found`, `host-exists` and the like.
 */
export interface EngineCommands {
  readonly store: StateStore;
  readonly forwards: ForwardCommands;
  readonly stacks: StackCommands;
  readonly runs: RunCommands;
  readonly logs: LogCommands;
  readonly machine: MachineCommands;
  readonly timeline: TimelineSource;
  readonly metrics: MetricsSource;
  readonly diagnostics: DiagnosticsCommands;
  /** Saves the host and connects to it. Resolves with its id. */
  addHost(profile: HostProfile): Promise<string>;
  removeHost(hostId: string): Promise<void>;
  listHosts(): readonly HostProfile[];
  /** The single hosts of the user's ssh_config. */
  listAliases(): Promise<SshAlias[]>;
  /** What the user's ssh_config and docker contexts name and is not saved. */
  listCandidates(): Promise<HostCandidate[]>;
  /** Starts the pretend host of this process, unless it runs. Resolves with its id. */
  startDemo(): Promise<string>;
  connect(hostId: string): Promise<void>;
  disconnect(hostId: string): Promise<void>;
  reconnect(hostId: string): Promise<void>;
  /** Without an answer the question is declined. */
  answerPrompt(hostId: string, promptId: string, answer: PromptAnswer | undefined): Promise<void>;
  updateSettings(change: SettingsChange): Promise<void>;
  /** Somebody who can answer prompts is watching, until the returned function is called. */
  attend(): () => void;
  /** Tries a host out beside the running ones; ends early when aborted. */
  testHost(profile: HostProfile, signal: AbortSignal): AsyncIterable<HostTestStep>;
  /** Examines this machine, then the host if one is given; rejects when aborted. */
  examine(profile: HostProfile | undefined, signal: AbortSignal): AsyncIterable<DoctorStep>;
  /** No connection waits out its back-off, and none that seems up is believed unseen. `why` is said in the log. */
  checkConnections(why: string): void;
  /** Asks the shell that runs the engine to stop it. */
  requestStop(): void;
}
