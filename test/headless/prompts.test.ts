import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { askPrompt } from '../../headless/prompts.ts';
import { readAnswer } from '../../headless/read-answer.ts';

const untold = (text: string): void => expect.fail(`told: ${text}`);

const hostKey = {
  ...({
    kind: 'host-key',
    hostId: 'shop',
    host: 'shop',
    port: 22,
    keyType: 'ssh-ed25519',
    fingerprint: 'SHA256:abc',
  } as const),
  ...{ randomart: ['+--+', '|o |'], knownAs: [] },
};

test('an unknown host key is shown with fingerprint and picture, and only a whole word trusts it', async () => {
  const questions: string[] = [];
  const answers = ['y', 'yes'];
  const answer = await askPrompt(
    hostKey,
    async (question, echo) => {
      expect(echo).toBe(true);
      questions.push(question);
      return answers.shift();
    },
    untold,
  );
  expect(answer).toEqual({ kind: 'host-key', hostId: 'shop', accept: true });
  expect(questions[0]).toMatch(/shop:22 before[^]*SHA256:abc\n\+--\+\n\|o \|\n/);
  expect(questions[1]).toBe('Write yes or no: ');
});

test('a host that an authority vouches for is asked about with the way to check that', async () => {
  const questions: string[] = [];
  const ask = async (question: string) => void questions.push(question);
  await askPrompt({ ...hostKey, authority: '/home/me/.ssh/known_hosts:3' }, ask, untold);
  await askPrompt(hostKey, ask, untold);
  expect(
    questions.map((question) => question.includes('known_hosts:3') && question.includes('--transport openssh')),
  ).toEqual([true, false]);
});

test('secrets are asked for without echo, and whoever declines one declines all', async () => {
  const echoes: boolean[] = [];
  const ask = (answer: string | undefined) => async (_question: string, echo: boolean) => {
    echoes.push(echo);
    return answer;
  };
  expect(
    await askPrompt({ kind: 'passphrase', hostId: 'shop', keyFile: '/k', wrongBefore: true }, ask('secret'), untold),
  ).toMatchObject({ passphrase: 'secret' });
  expect(
    await askPrompt({ kind: 'password', hostId: 'shop', user: 'me', host: 'shop' }, ask(undefined), untold),
  ).toBeUndefined();
  const prompts = [
    { text: 'Code:', echo: true },
    { text: 'PIN:', echo: false },
  ];
  const interactive = { kind: 'keyboard-interactive', hostId: 'shop', name: '', instructions: '', prompts } as const;
  expect(await askPrompt({ ...interactive, prompts: [...prompts] }, ask('1'), untold)).toMatchObject({
    answers: ['1', '1'],
  });
  expect(echoes).toEqual([false, false, true, false]);
});

test('what a server writes into a question cannot steer the terminal', async () => {
  const prompts = [{ text: 'Pass\x1b[2J:', echo: false }];
  const asked: string[] = [];
  await askPrompt(
    { kind: 'keyboard-interactive', hostId: 'shop', name: 'a\x07', instructions: '\x9b1m', prompts },
    async (question) => {
      asked.push(question);
      return '';
    },
    (text) => asked.push(text),
  );
  expect(asked.join()).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

test('a password is asked for with its port, where that is not the usual one', async () => {
  const asked: string[] = [];
  for (const place of [
    { host: 'shop' },
    { host: 'shop', port: 22 },
    { host: 'shop', port: 2222 },
    { host: '::1', port: 2222 },
  ]) {
    await askPrompt(
      { kind: 'password', hostId: 'shop', user: 'me', ...place },
      async (question) => void asked.push(question),
      untold,
    );
  }
  expect(asked).toEqual(['me@shop', 'me@shop', 'me@shop:2222', 'me@[::1]:2222'].map((who) => `Password of ${who}: `));
});

test('a notice without a question is shown, and nobody waits for an answer to it', async () => {
  const told: string[] = [];
  const notice = { kind: 'keyboard-interactive', hostId: 'shop', name: '', prompts: [] } as const;
  const answer = await askPrompt(
    { ...notice, prompts: [], instructions: 'Confirm user presence for key ED25519-SK\nTouch it.\n' },
    () => expect.fail('asked'),
    (text) => told.push(text),
  );
  expect(answer).toEqual({ kind: 'keyboard-interactive', hostId: 'shop', answers: [] });
  expect(told).toEqual(['Confirm user presence for key ED25519-SK\n', 'Touch it.\n']);
});

/** A keyboard on which `keys` are pressed once the question stands there. */
async function typed(
  keys: Buffer[],
  echo: boolean,
): Promise<{ answer: string | undefined; shown: string; interrupted: boolean }> {
  let shown = '';
  let interrupted = false;
  const keyboard = Object.assign(new EventEmitter(), { resume: () => undefined, pause: () => undefined });
  const read = readAnswer(
    {
      keyboard,
      screen: { write: (text) => (shown += text) },
      question: '? ',
      echo,
      signal: new AbortController().signal,
    },
    () => (interrupted = true),
  );
  for (const key of keys) keyboard.emit('data', key);
  const answer = await read;
  expect(keyboard.listenerCount('data')).toBe(0);
  return { answer, shown, interrupted };
}

test.each<[string, Buffer[], boolean, object]>([
  ['a line', [Buffer.from('yes\r')], true, { answer: 'yes', shown: '? yes\n' }],
  ['a secret', [Buffer.from('geheim\r')], false, { answer: 'geheim', shown: '? \n' }],
  ['a letter in two pieces', [Buffer.from([0xc3]), Buffer.from([0xa9, 13])], false, { answer: 'é' }],
  ['corrections', [Buffer.from('ab\x7fc\x15xy\x7f\n')], true, { answer: 'x' }],
  ['Ctrl-D', [Buffer.from('\x04')], true, { answer: undefined, interrupted: false }],
  ['Ctrl-C', [Buffer.from('ab\x03')], true, { answer: undefined, interrupted: true }],
])('%s is read from the keyboard', async (_title, keys, echo, expected) => {
  expect(await typed(keys, echo)).toMatchObject(expected);
});

test('a question that is withdrawn lets go of the keyboard', async () => {
  const keyboard = Object.assign(new EventEmitter(), { resume: () => undefined, pause: () => undefined });
  const abort = new AbortController();
  const read = readAnswer(
    { keyboard, screen: { write: () => true }, question: '? ', echo: true, signal: abort.signal },
    () => undefined,
  );
  abort.abort();
  expect([await read, keyboard.listenerCount('data')]).toEqual([undefined, 0]);
});

test('where there is a keychain it is asked whether to keep a secret, and only a yes keeps it', async () => {
  const request = { kind: 'password', hostId: 'shop', user: 'me', host: 'shop', canRemember: true } as const;
  const answering = (answers: string[]) => () => Promise.resolve(answers.shift());
  expect(await askPrompt(request, answering(['s3cret', 'yes']), untold)).toEqual({
    ...{ kind: 'password', hostId: 'shop', password: 's3cret' },
    remember: true,
  });
  expect(await askPrompt(request, answering(['s3cret', 'no']), untold)).toEqual({
    ...{ kind: 'password', hostId: 'shop', password: 's3cret' },
  });
});
