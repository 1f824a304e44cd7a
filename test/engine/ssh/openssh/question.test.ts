import { describe, expect, test } from 'vitest';
import { answerLine, readQuestion } from '../../../../engine/ssh/openssh/question.ts';

const asking = { hostId: 'lab', again: false };

describe('ssh’s words', () => {
  test.each([
    [
      "Enter passphrase for key '/home/me/a key': ",
      { kind: 'passphrase', keyFile: '/home/me/a key', wrongBefore: false },
    ],
    ["me@10.0.0.7's password: ", { kind: 'password', user: 'me', host: '10.0.0.7' }],
    [
      '(me@lab) Verification code: ',
      { kind: 'keyboard-interactive', prompts: [{ text: '(me@lab) Verification code:', echo: false }] },
    ],
    [
      'Enter PIN for ED25519-SK key /k: ',
      { kind: 'keyboard-interactive', prompts: [{ text: 'Enter PIN for ED25519-SK key /k:', echo: false }] },
    ],
    [
      "Please type 'yes', 'no' or the fingerprint: ",
      { kind: 'keyboard-interactive', prompts: [{ text: "Please type 'yes', 'no' or the fingerprint:", echo: true }] },
    ],
  ])('%s', (text, request) => {
    expect(readQuestion(text, asking)).toMatchObject({ hostId: 'lab', ...request });
  });

  test('about a host key carry its fingerprint and its other names', () => {
    const text = [
      "The authenticity of host '[lab]:2222 ([10.0.0.7]:2222)' can't be established.",
      'ED25519 key fingerprint is SHA256:Sd2Xu0VeYVoUgVdBKcGnQWbTZ0tJ6X1Pp0VIDXc1Hyk.',
      '+--[ED25519 256]--+',
      '|      .o.        |',
      '+----[SHA256]-----+',
      'This host key is known by the following other names/addresses:',
      '    ~/.ssh/known_hosts:3: old.example.com',
      'Are you sure you want to continue connecting (yes/no/[fingerprint])? ',
    ].join('\n');
    expect(readQuestion(text, asking)).toEqual({
      kind: 'host-key',
      hostId: 'lab',
      host: '[lab]:2222',
      port: 2222,
      address: '[10.0.0.7]:2222',
      keyType: 'ED25519',
      fingerprint: 'SHA256:Sd2Xu0VeYVoUgVdBKcGnQWbTZ0tJ6X1Pp0VIDXc1Hyk',
      randomart: ['+--[ED25519 256]--+', '|      .o.        |', '+----[SHA256]-----+'],
      knownAs: ['old.example.com'],
    });
  });
});

test('an answer to another kind of question, or of two lines, is none', () => {
  const request = readQuestion("me@lab's password: ", asking);
  const passwords = ['secret', 'two\nlines'].map((password) =>
    answerLine(request, { kind: 'password', hostId: 'lab', password }),
  );
  expect([...passwords, answerLine(request, { kind: 'passphrase', hostId: 'lab', passphrase: 'x' })]).toEqual([
    'secret',
    undefined,
    undefined,
  ]);
});
