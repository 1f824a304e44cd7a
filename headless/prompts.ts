import type { PromptAnswer, PromptRequest } from '../shared/prompt.ts';
import { cleanText } from './clean-text.ts';

/** Asks one line of the person; undefined is "not now". */
export type Ask = (question: string, echo: boolean) => Promise<string | undefined>;

/** Shows lines that want no answer. */
export type Tell = (text: string) => void;

/** Puts the engine's question to the person at the terminal; undefined declines it. */
export async function askPrompt(request: PromptRequest, ask: Ask, tell: Tell): Promise<PromptAnswer | undefined> {
  const { hostId } = request;
  switch (request.kind) {
    case 'host-key': {
      const answer = await askYesNo(hostKeyQuestion(request), ask);
      return answer === undefined ? undefined : { kind: 'host-key', hostId, accept: answer };
    }
    case 'passphrase': {
      const again = request.wrongBefore ? 'That is not it. ' : '';
      const passphrase = await ask(`${again}Passphrase of ${cleanText(request.keyFile)}: `, false);
      if (passphrase === undefined) return undefined;
      return { kind: 'passphrase', hostId, passphrase, ...(await askToKeep(request, ask)) };
    }
    case 'password': {
      const password = await ask(`Password of ${cleanText(accountOf(request))}: `, false);
      if (password === undefined) return undefined;
      return { kind: 'password', hostId, password, ...(await askToKeep(request, ask)) };
    }
    case 'keyboard-interactive': {
      for (const text of [request.name, ...request.instructions.split('\n')])
        if (text.trim() !== '') tell(`${cleanText(text)}\n`);
      const answers: string[] = [];
      for (const { text, echo } of request.prompts) {
        const answer = await ask(`${cleanText(text)} `, echo);
        if (answer === undefined) return undefined;
        answers.push(answer);
      }
      return { kind: 'keyboard-interactive', hostId, answers };
    }
  }
}

/** Asked only where there is a keychain; nothing is kept without a yes. */
async function askToKeep(
  request: { readonly canRemember?: boolean | undefined },
  ask: Ask,
): Promise<{ remember?: true }> {
  if (request.canRemember !== true) return {};
  const keep = await askYesNo('Keep it in the keychain of this machine? (yes/no) ', ask);
  return keep === true ? { remember: true } : {};
}

function accountOf({ user, host, port = 22 }: Extract<PromptRequest, { kind: 'password' }>): string {
  const place = port === 22 ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return `${user}@${place}`;
}

function hostKeyQuestion(request: Extract<PromptRequest, { kind: 'host-key' }>): string {
  const { host, port, address, keyType, fingerprint, randomart, knownAs, authority } = request;
  const where = address === undefined || address === host ? '' : ` (${address})`;
  const known = knownAs.length === 0 ? [] : [`This key is known already, as ${knownAs.join(', ')}.`];
  const vouched =
    authority === undefined
      ? []
      : [`An authority vouches for this host (${authority}). Only OpenSSH can check that: --transport openssh.`];
  return [
    `This machine has not met ${host}:${port}${where} before. Its ${keyType} key is`,
    fingerprint,
    ...randomart,
    ...known,
    ...vouched,
    'Compare the fingerprint. Trust this key and connect? (yes/no) ',
  ]
    .map(cleanText)
    .join('\n');
}

/** Only a whole word counts: a key is not trusted by a slip of the finger. */
async function askYesNo(question: string, ask: Ask): Promise<boolean | undefined> {
  let text = question;
  for (;;) {
    const answer = (await ask(text, true))?.trim().toLowerCase();
    if (answer === undefined) return undefined;
    if (answer === 'yes') return true;
    if (answer === 'no' || answer === 'n') return false;
    text = 'Write yes or no: ';
  }
}
