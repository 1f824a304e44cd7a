import type { HostProfile } from '../shared/host.ts';
import type { Clock } from './base/clock.ts';
import { DisposableStore, type Disposable } from './base/disposables.ts';
import type { Logger } from './base/logger.ts';
import { hostSecrets, lazyKeychain, type LazyKeychain } from './host-secrets.ts';
import { openKeychain } from './keychain.ts';
import { AttemptBudget } from './ssh/attempt-budget.ts';
import type { EmbeddedTrust } from './ssh/connect-plan.ts';
import type { Connect } from './ssh/connection.ts';
import { connector, type ConnectorOptions } from './ssh/connector.ts';
import { HostAttempts } from './ssh/host-attempts.ts';
import type { Prompter } from './ssh/prompter.ts';
import { TrialAttempts } from './ssh/trial-attempts.ts';
import { StartPacer } from './start-pacer.ts';

export interface ConnectionsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly env: NodeJS.ProcessEnv;
  /** Ours alone (0700): sockets of the system's ssh. */
  readonly runtimeDir: string;
}

/** What all hosts of an engine share in connecting: the budget of attempts, the order of starting, the keychain. */
export class Connections implements Disposable {
  readonly #options: ConnectionsOptions;
  readonly #owned = new DisposableStore();
  readonly #budget: AttemptBudget;
  readonly #pacer: StartPacer;
  readonly #keychain: LazyKeychain;

  constructor(options: ConnectionsOptions) {
    const { clock, log } = options;
    this.#options = options;
    this.#budget = this.#owned.add(new AttemptBudget({ clock, attempts: 60, burst: 20 }));
    this.#pacer = new StartPacer({ clock });
    this.#keychain = lazyKeychain(() => openKeychain({ clock }), log);
  }

  /** For a single look at a host, beside the running ones and within the budget of its addresses. */
  forTrial(profile: HostProfile, prompter: Prompter, embedded: EmbeddedTrust | undefined): ConnectorOptions {
    const attempts = new TrialAttempts(this.#budget, this.#options.clock);
    return { ...this.#shared(), profile, prompter, embedded, attempts };
  }

  /** For a host that stays: in turn with the others, within the budget of its addresses, with the secrets the keychain holds. */
  forHost(
    profile: HostProfile,
    prompter: Prompter,
    embedded: EmbeddedTrust | undefined,
  ): { readonly connect: Connect; readonly attempts: HostAttempts } {
    const attempts = new HostAttempts(this.#budget);
    const secrets = hostSecrets(prompter, this.#keychain, this.#options.log);
    const options: ConnectorOptions = { ...this.#shared(), profile, prompter: secrets.ask, embedded, attempts };
    const connect = secrets.learningFrom(connector(options));
    return { attempts, connect: (attempt) => this.#pacer.run(() => connect(attempt), attempt.signal) };
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }

  #shared(): Pick<ConnectorOptions, 'clock' | 'env' | 'runtimeDir'> {
    const { clock, env, runtimeDir } = this.#options;
    return { clock, env, runtimeDir };
  }
}
