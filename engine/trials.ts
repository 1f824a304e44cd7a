import type { HostTestStep } from '../shared/contract.ts';
import type { DoctorStep } from '../shared/doctor.ts';
import type { HostProfile } from '../shared/host.ts';
import type { PromptAnswer } from '../shared/prompt.ts';
import type { Clock } from './base/clock.ts';
import type { Connections } from './connections.ts';
import { diagnose, diagnoseMachine } from './doctor/diagnose.ts';
import { testHost } from './host-test.ts';
import type { PendingPrompt, PromptDesk } from './prompts.ts';
import { planConnection, type EmbeddedTrust } from './ssh/connect-plan.ts';
import { connector, type ConnectorOptions } from './ssh/connector.ts';

export interface TrialsOptions {
  readonly connections: Connections;
  readonly promptDesk: () => PromptDesk;
  /** The trust of a host that this process itself has started. */
  readonly embeddedTrust: (profile: HostProfile) => EmbeddedTrust | undefined;
  /** Takes the questions of all trials that wait for an answer. */
  readonly showQuestions: (questions: readonly PendingPrompt[]) => void;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly runtimeDir: string;
}

/** Ways of connecting that are tried out beside the running hosts: tests and examinations. What they ask is shown with the state. */
export class Trials {
  readonly #options: TrialsOptions;
  readonly #asking = new Set<PromptDesk>();

  constructor(options: TrialsOptions) {
    this.#options = options;
  }

  test(profile: HostProfile, signal: AbortSignal): AsyncGenerator<HostTestStep, void> {
    const { clock } = this.#options;
    return this.#run(profile, (options) => testHost({ profile, connect: connector(options), clock, signal }));
  }

  /** This machine first, then the host, where one is named. */
  async *examine(profile: HostProfile | undefined, signal: AbortSignal): AsyncGenerator<DoctorStep, void> {
    const { clock, env, runtimeDir } = this.#options;
    yield* diagnoseMachine({ env, clock, runtimeDir, knownHostsFile: profile?.knownHostsFile });
    if (profile === undefined) return;
    yield* this.#run(profile, (options) => {
      const connect = profile.transport === 'openssh' ? connector(options) : undefined;
      return diagnose({ profile, plan: planConnection(options), connect, clock, signal, env });
    });
  }

  /** False when no trial asks that question. */
  answer(promptId: string, answer: PromptAnswer | undefined): boolean {
    return [...this.#asking].some((desk) => desk.answer(promptId, answer));
  }

  async *#run<T>(
    profile: HostProfile,
    walk: (options: ConnectorOptions) => AsyncGenerator<T, void>,
  ): AsyncGenerator<T, void> {
    const { connections, promptDesk, embeddedTrust } = this.#options;
    const prompts = promptDesk();
    const changes = prompts.onDidChange(() => this.#show());
    this.#asking.add(prompts);
    try {
      yield* walk(connections.forTrial(profile, prompts.ask, embeddedTrust(profile)));
    } finally {
      this.#asking.delete(prompts);
      void changes.dispose();
      this.#show();
    }
  }

  #show(): void {
    this.#options.showQuestions([...this.#asking].flatMap(({ pending }) => pending ?? []));
  }
}
