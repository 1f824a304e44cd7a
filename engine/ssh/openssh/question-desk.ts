import { FailureError } from '../../../shared/failure.ts';
import type { Clock } from '../../base/clock.ts';
import type { Prompter } from '../prompter.ts';
import { giveAnswer, type RawQuestion } from './askpass.ts';
import { answerLine, noticeRequest, readQuestion } from './question.ts';

export interface DeskOptions {
  readonly hostId: string;
  /** The host as the user knows it. */
  readonly where: string;
  readonly folder: string;
  readonly prompter: Prompter;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** ssh is to ask no more: the login cannot succeed. */
  readonly giveUp: () => void;
}

/**
 * Carries ssh's questions to a person. A secret is tried once: when ssh asks for it again it was wrong, and the login ends,
 * as it does when nobody answers; ssh itself would send an empty password. Passphrases cost nothing at the server.
 */
export class QuestionDesk {
  readonly #options: DeskOptions;
  readonly #answered = new Set<string>();
  readonly #notices = new AbortController();
  #failure: FailureError | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** What a person has to do, when a question was what the login failed by. */
  get failure(): FailureError | undefined {
    return this.#failure;
  }

  /** Takes notices away. */
  close(): void {
    this.#notices.abort();
  }

  async ask({ id, text }: RawQuestion): Promise<void> {
    const { hostId, where, folder, prompter, signal, clock, giveUp } = this.#options;
    if (id === '') {
      const shown = AbortSignal.any([signal, this.#notices.signal]);
      await prompter(noticeRequest(text, hostId), shown).catch(() => undefined); // a finger is needed, not an answer
      return;
    }
    const again = this.#answered.has(text);
    const request = readQuestion(text, { hostId, again });
    const free = request.kind === 'passphrase' || request.kind === 'host-key';
    if (again && !free) {
      this.#failure = wrongSecret(where, request.kind === 'password' ? 'the password' : 'the answer');
      return giveUp();
    }
    const line = answerLine(request, await prompter(request, signal).catch(() => undefined));
    this.#answered.add(text);
    if (request.kind === 'host-key') {
      if (line !== 'yes') this.#failure = unknownHost(request.host, `${request.keyType} key ${request.fingerprint}`);
    } else if (line === undefined) {
      this.#failure ??= unanswered(where, request.kind === 'passphrase' ? request.keyFile : undefined, text);
      if (!free) return giveUp();
    }
    await giveAnswer(folder, id, line, clock);
  }
}

function wrongSecret(where: string, what: string): FailureError {
  return new FailureError({
    code: 'auth-refused',
    message: `${where} refused ${what}.`,
    hint: 'Try again with the right one; Towline does not try by itself.',
  });
}

function unknownHost(host: string, key: string): FailureError {
  return new FailureError({
    code: 'host-key-unknown',
    message: `The host ${host} is not known: it showed the ${key}.`,
    hint: 'Compare the fingerprint with the one its owner gives you, then accept it when asked, or run with --accept-new.',
  });
}

function unanswered(where: string, keyFile: string | undefined, text: string): FailureError {
  if (keyFile !== undefined) {
    return new FailureError({
      code: 'key-passphrase-needed',
      message: `The key ${keyFile} is encrypted, and its passphrase was not given.`,
      hint: 'Connect where you can be asked, or add the key to your agent: ssh-add.',
    });
  }
  const question = text.trim().split('\n').at(-1) ?? '';
  return new FailureError({
    code: 'auth-needs-answer',
    message: `ssh asks for ${where}: "${question}", and nobody was there to answer.`,
    hint: 'Connect where you can be asked (a terminal or the window), or use a key.',
  });
}
