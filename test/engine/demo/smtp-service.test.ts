import { expect, test } from 'vitest';
import { smtpAnswers } from '../../../engine/demo/smtp-service.ts';

test('a mail is taken with its body, dots and commands inside included, and its sender told', () => {
  const senders: string[] = [];
  const answer = smtpAnswers((sender) => void senders.push(sender));
  const lines = ['EHLO me', 'MAIL FROM:<a@b>', 'RCPT TO:<c@d>', 'DATA', 'QUIT', '..', '.', 'QUIT'];
  const codes = lines.map((line) => answer(line).text.slice(0, 3));
  expect(codes).toEqual(['250', '250', '250', '354', '', '', '250', '221']);
  expect(senders).toEqual(['<a@b>']);
});

test('an unknown command is an error, not a silence', () => {
  expect(smtpAnswers(() => undefined)('FLY')).toEqual({
    text: '502 5.5.2 Error: command not recognized\r\n',
    end: false,
  });
});
