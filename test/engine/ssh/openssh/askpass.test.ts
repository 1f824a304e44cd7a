import { expect, test } from 'vitest';
import { AskpassReader } from '../../../../engine/ssh/openssh/askpass.ts';

const question = '\x1ek7\x1e42\x1eEnter passphrase for key ‘k’: \x1e';

test('questions are told from what ssh says, wherever the stream was cut', () => {
  const bytes = Buffer.from(`Warning: é\n${question}Permission denied.\n`);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const reader = new AskpassReader('k7');
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, turn) =>
      reader.push(bytes.subarray(turn * size, (turn + 1) * size)),
    );
    expect(parts.map(({ said }) => said).join('')).toBe('Warning: é\nPermission denied.\n');
    expect(parts.flatMap(({ questions }) => questions)).toEqual([{ id: '42', text: 'Enter passphrase for key ‘k’: ' }]);
  }
});

test('who does not know the secret word asks nothing', () => {
  const forged = '\x1eother\x1e1\x1epassword: \x1e';
  const { said, questions } = new AskpassReader('k7').push(Buffer.from(`${forged}${question}`));
  expect([said, questions.map(({ id }) => id)]).toEqual([forged, ['42']]);
});
