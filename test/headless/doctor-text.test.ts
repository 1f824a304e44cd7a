import { expect, test } from 'vitest';
import { doctorSummary, doctorText } from '../../headless/doctor-text.ts';
import type { DoctorStep } from '../../shared/doctor.ts';

const plain = { color: false, unicode: true };

const broken: DoctorStep = {
  id: 'forward-tcp',
  title: 'Forwarding ports',
  state: 'failed',
  detail: 'The server forwards no port: DisableForwarding yes.',
  fix: {
    on: 'host',
    advice: 'In its sshd_config:',
    file: { path: '/etc/ssh/sshd_config', lines: ['DisableForwarding no'] },
    commands: ['sudo sshd -t && { sudo systemctl reload ssh || sudo systemctl reload sshd; }'],
  },
};

test('a step that failed shows what mends it below, lines and commands whole', () => {
  expect(doctorText(broken, plain, 40)).toBe(
    [
      '✘ Forwarding ports: The server forwards',
      '  no port: DisableForwarding yes.',
      '    On the host: In its sshd_config:',
      '    /etc/ssh/sshd_config',
      '      DisableForwarding no',
      '    $ sudo sshd -t && { sudo systemctl reload ssh || sudo systemctl reload sshd; }',
      '',
    ].join('\n'),
  );
});

test('what mends an earlier step as well is told once', () => {
  const text = doctorText({ ...broken, title: 'Docker', detail: 'no way' }, plain, 80, [broken]);
  expect(text).toBe('✘ Docker: no way\n    Mended as above: Forwarding ports.\n');
});

test('a step that is fine is one line, without a fix', () => {
  expect(doctorText({ ...broken, state: 'ok', detail: 'every address' }, plain, 80)).toBe(
    '✔ Forwarding ports: every address\n',
  );
});

test('a terminal without Unicode gets other marks', () => {
  const marks = (['ok', 'warn', 'failed', 'skipped'] as const).map(
    (state) =>
      doctorText({ id: 'docker', title: 'Docker', state, detail: 'x' }, { color: false, unicode: false }, 80)[0],
  );
  expect(marks).toEqual(['+', '!', 'x', '-']);
});

test('what a server says can not command the terminal', () => {
  expect(doctorText({ ...broken, detail: 'It said: \x1b[2J\u202e' }, plain, 80)).not.toMatch(/[\x1b\u202e]/);
});

test.each([
  [['ok', 'skipped'], 'All is well.'],
  [['ok', 'warn', 'warn'], '2 things worth a look.'],
  [['failed', 'warn'], '1 thing to mend, 1 thing worth a look.'],
] as const)('the end says what there is to do: %j', (states, summary) => {
  expect(doctorSummary(states.map((state) => ({ ...broken, state })))).toBe(summary);
});
