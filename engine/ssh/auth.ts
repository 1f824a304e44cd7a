import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import { FailureError } from '../../shared/failure.ts';
import { authFailure, isTooManyFailures, type AuthAttempt, type AuthReport, type KeyAttempt } from './auth-report.ts';
import { collectIdentities, type IdentitySources } from './identities.ts';
import { OfferedKey } from './identity.ts';

export interface AuthOptions extends IdentitySources {
  readonly user: string;
  /** For messages. */
  readonly host: string;
  readonly port: number;
}

/** What the server answered to the last step. */
interface Reply {
  readonly methods: readonly string[];
  readonly partial: boolean;
}

/** Methods a server may string together before it has had its fill of us, or we of it. */
const mostRounds = 8;

type Steps<R> = AsyncGenerator<AnyAuthMethod, R, Reply>;
type NextStep = (step: AnyAuthMethod | false) => void;

/**
 * One authentication, in ssh's own order: none (which tells what the server takes), keys, keyboard-interactive, password.
 * A secret given by a person is sent once: when it is refused, all is over. Make a new one for each connection.
 */
export class Authentication {
  readonly #options: AuthOptions;
  readonly #steps: Steps<void>;
  readonly #attempts: AuthAttempt[] = [];
  readonly #problems: string[] = [];
  #offered: readonly string[] = [];
  #keyFailure: FailureError | undefined;
  /** A person was asked in vain: nothing more is tried. */
  #stopped = false;
  #ended = false;
  #last: Reply = { methods: [], partial: false };
  #next: NextStep = () => undefined;

  constructor(options: AuthOptions) {
    this.#options = options;
    this.#steps = this.#walk();
  }

  /** For ssh2's `authHandler`. */
  readonly handler: AuthHandlerMiddleware = (methodsLeft, partialSuccess, next) => {
    this.#next = next as NextStep;
    const methods = (methodsLeft as AuthenticationType[] | null) ?? [];
    this.#proceed({ methods, partial: partialSuccess === true });
  };

  /** What has been seen so far. */
  get report(): AuthReport {
    const { host, port, user } = this.#options;
    const keyFailure = this.#keyFailure === undefined ? {} : { keyFailure: this.#keyFailure };
    return {
      host,
      port,
      user,
      offered: this.#offered,
      attempts: this.#attempts,
      problems: this.#problems,
      ...keyFailure,
    };
  }

  /**
   * Why the server did not let us in, or undefined while nothing speaks against it (the network failed, say).
   * `cause` is the error ssh2 ended with.
   */
  failure(cause?: unknown): FailureError | undefined {
    return this.#ended || isTooManyFailures(cause) ? authFailure(this.report, cause) : undefined;
  }

  /** Takes the next step after an answer, or after a step that is given up without one. */
  #proceed(reply: Reply): void {
    this.#last = reply;
    void this.#steps.next(reply).then(
      (step) => {
        this.#ended = step.done === true;
        this.#next(step.done === true ? false : step.value);
      },
      (error: unknown) => {
        this.#note(error);
        this.#ended = true;
        this.#next(false);
      },
    );
  }

  async *#walk(): Steps<void> {
    let reply: Reply = yield this.#none();
    this.#offered = reply.methods;
    const done = new Set<string>();
    for (let round = 0; round < mostRounds && !this.#stopped; round += 1) {
      const method = ['publickey', 'keyboard-interactive', 'password'].find(
        (name) => reply.methods.includes(name) && !done.has(name),
      );
      if (method === undefined) return;
      done.add(method);
      if (method === 'publickey') reply = yield* this.#offerKeys(reply);
      else if (method === 'password') reply = yield* this.#offerPassword(reply);
      else reply = yield* this.#answerQuestions();
      if (reply.partial) done.clear();
    }
  }

  async *#offerKeys(before: Reply): Steps<Reply> {
    const { identities, problems } = await collectIdentities(this.#options);
    this.#problems.push(...problems);
    let reply = before;
    for (const identity of identities) {
      const key = await identity.publicKey().catch((error: unknown) => this.#note(error));
      if (key === undefined) continue;
      const attempt: KeyAttempt = {
        method: 'publickey',
        origin: identity.origin,
        name: identity.name,
        outcome: 'refused',
      };
      this.#attempts.push(attempt);
      const offered = new OfferedKey(key, identity, (error) => {
        attempt.outcome = 'unsigned';
        this.#note(error);
        this.#proceed(this.#last);
      });
      reply = yield { type: 'agent', username: this.#options.user, agent: offered };
      if (!offered.signed) continue;
      // ssh2 keeps to itself what a server answers to a signature: ask again what it takes now.
      reply = yield this.#none();
      const onTheWay = reply.methods.join() !== before.methods.join();
      attempt.outcome = onTheWay ? 'not-enough' : 'signature-refused';
      if (onTheWay) return { ...reply, partial: true };
    }
    return reply;
  }

  async *#offerPassword(before: Reply): Steps<Reply> {
    const { user, host, port, hostId, prompter, signal } = this.#options;
    const answer = await prompter({ kind: 'password', hostId, user, host, port }, signal);
    if (answer?.kind !== 'password') return this.#stop('password', 'unanswered', before);
    const reply = yield { type: 'password', username: user, password: answer.password };
    return reply.partial ? reply : this.#stop('password', 'refused', reply);
  }

  *#answerQuestions(): Generator<AnyAuthMethod, Reply, Reply> {
    let asked = false;
    let unanswered = false;
    const giveUp = (): void => {
      unanswered = true;
      this.#proceed(this.#last);
    };
    const reply = yield {
      type: 'keyboard-interactive',
      username: this.#options.user,
      prompt: (name, instructions, _language, prompts, finish) => {
        asked = true;
        void this.#ask(name, instructions, prompts).then(
          (answers) => (answers === undefined ? giveUp() : finish(answers)),
          giveUp,
        );
      },
    };
    if (unanswered) return this.#stop('keyboard-interactive', 'unanswered', reply);
    return !asked || reply.partial ? reply : this.#stop('keyboard-interactive', 'refused', reply);
  }

  async #ask(name: string, instructions: string, prompts: readonly Prompt[]): Promise<string[] | undefined> {
    const { hostId, prompter, signal } = this.#options;
    const questions = prompts.map(({ prompt, echo }) => ({ text: prompt, echo: echo === true }));
    const request = { kind: 'keyboard-interactive', hostId, name, instructions, prompts: questions } as const;
    const answer = await prompter(request, signal);
    const complete = answer?.kind === 'keyboard-interactive' && answer.answers.length === prompts.length;
    return complete ? answer.answers : undefined;
  }

  #none(): AnyAuthMethod {
    return { type: 'none', username: this.#options.user };
  }

  #note(error: unknown): undefined {
    if (error instanceof FailureError) this.#keyFailure = error;
    else this.#problems.push(error instanceof Error ? error.message : String(error));
  }

  /** A person was asked: whatever came of it, nothing is repeated. */
  #stop(method: 'password' | 'keyboard-interactive', outcome: 'refused' | 'unanswered', reply: Reply): Reply {
    this.#stopped = true;
    this.#attempts.push({ method, outcome });
    return reply;
  }
}
