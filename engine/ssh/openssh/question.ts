import type { PromptAnswer, PromptRequest } from '../../../shared/prompt.ts';

/** On whose behalf ssh asks. */
export interface Asking {
  readonly hostId: string;
  /** This very question has been answered before in this login. */
  readonly again: boolean;
}

/** ssh's words as a question to a person. What is not recognised is asked as ssh put it. */
export function readQuestion(text: string, { hostId, again }: Asking): PromptRequest {
  const keyFile = /^Enter passphrase for (?:key )?'?(.+?)'?: ?$/.exec(text)?.[1];
  if (keyFile !== undefined) return { kind: 'passphrase', hostId, keyFile, wrongBefore: again };
  const [, user, host] = /^([^@\s]+)@(\S+)'s password: ?$/.exec(text) ?? [];
  if (user !== undefined && host !== undefined) return { kind: 'password', hostId, user, host };
  return hostKeyQuestion(text, hostId) ?? asItStands(text, hostId);
}

/** What ssh shows while it waits for a finger on a security key; there is nothing to type. */
export function noticeRequest(text: string, hostId: string): PromptRequest {
  return { kind: 'keyboard-interactive', hostId, name: '', instructions: text.trim(), prompts: [] };
}

/** The line that ssh is given; undefined when there is no answer to this question in it. */
export function answerLine(request: PromptRequest, answer: PromptAnswer | undefined): string | undefined {
  const line = spoken(request, answer);
  return line?.includes('\n') ? undefined : line;
}

function spoken(request: PromptRequest, answer: PromptAnswer | undefined): string | undefined {
  if (answer === undefined || answer.kind !== request.kind) return undefined;
  switch (answer.kind) {
    case 'passphrase':
      return answer.passphrase;
    case 'password':
      return answer.password;
    case 'host-key':
      return answer.accept ? 'yes' : 'no';
    case 'keyboard-interactive':
      return answer.answers[0];
  }
}

function hostKeyQuestion(text: string, hostId: string): PromptRequest | undefined {
  const [, host, address] = /^The authenticity of host '(\S+)(?: \((.+)\))?' can't be established/m.exec(text) ?? [];
  const [, keyType, fingerprint] = /^(\S+) key fingerprint is:? (SHA256:[A-Za-z0-9+/]+)/m.exec(text) ?? [];
  if (host === undefined || keyType === undefined || fingerprint === undefined) return undefined;
  return {
    kind: 'host-key',
    hostId,
    host,
    port: Number(/\]:(\d+)$/.exec(host)?.[1] ?? 22),
    ...(address === undefined ? {} : { address }),
    keyType,
    fingerprint,
    randomart: text.split('\n').filter((line) => /^(\+.*\+|\|.*\|)$/.test(line)),
    knownAs: [...text.matchAll(/^ {4}\S+:\d+: (.+)$/gm)].map((match) => match[1] ?? ''),
  };
}

/** A prompt of the server carries the login before it; only a plain "yes or no" is shown as it is typed. */
function asItStands(text: string, hostId: string): PromptRequest {
  const lines = text.trimEnd().split('\n');
  const echo = /\((yes\/no|yes\/no\/\[fingerprint\])\)\??$|the fingerprint: ?$/.test(text.trimEnd());
  return {
    kind: 'keyboard-interactive',
    hostId,
    name: '',
    instructions: lines.slice(0, -1).join('\n'),
    prompts: [{ text: lines.at(-1) ?? '', echo }],
  };
}
