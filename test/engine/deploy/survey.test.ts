import { expect, test } from 'vitest';
import { encodeWord } from '../../../engine/base/line-code.ts';
import { Survey } from '../../../engine/deploy/survey.ts';

const hash = 'ab'.repeat(32);

function surveyOf(...lines: string[]): Survey {
  const survey = new Survey();
  for (const line of lines) {
    const [word = '', ...rest] = line.split(' ');
    if (!survey.take(word, rest.join(' '))) throw new Error(`${word} was not taken`);
  }
  return survey;
}

test('files are known by what the host says of them now; half a word is no file', () => {
  const { files } = surveyOf(
    'stat 81a4 12 ./ a  b ',
    `hash ${hash}  ./ a  b `,
    `hash ${hash} *./tool`,
    'stat 81ed 3 ./tool',
    `link ${hash} ln`,
    'stat 21b6 0 /dev/null',
    `hash ${hash}  /dev/null`,
    'stat 81a4 1 ./gone',
  );
  expect([...files.values()]).toEqual([
    { path: ' a  b ', mode: '644', hash, size: 12 },
    { path: 'tool', mode: '755', hash, size: 3 },
    { path: 'ln', mode: 'link', hash, size: undefined },
  ]);
});

test('the history has the newest release first and marks the current one', () => {
  const { history } = surveyOf(
    'result 20260102-000000-b succeeded 1700000100',
    `release 20260101-000000-a 1700000000 ${encodeWord('me @home')}`,
    'release 20260102-000000-b 1700000100 you',
    'fact current 20260101-000000-a',
    `fact lock 4711 1700000200 1700003800 ${encodeWord('Zoë')}`,
  );
  expect(history).toEqual({
    releases: [
      { id: '20260102-000000-b', at: 1_700_000_100_000, by: 'you', current: false },
      { id: '20260101-000000-a', at: 1_700_000_000_000, by: 'me @home', current: true },
    ],
    last: { id: '20260102-000000-b', outcome: 'succeeded', at: 1_700_000_100_000 },
    unfinished: false,
    lock: { by: 'Zoë', since: 1_700_000_200_000, expires: 1_700_003_800_000 },
  });
});

test('ports that containers publish are found in what docker ps prints', () => {
  const { publishers } = surveyOf(
    'publisher shop|web|0.0.0.0:80->8080/tcp, :::80->8080/tcp, 53/udp',
    'publisher |x|127.0.0.1:7-8->7-8/udp',
  );
  expect(
    publishers.map(({ project, container, port, protocol }) => `${project}|${container}|${port}/${protocol}`),
  ).toEqual([...['shop|web|80/tcp', 'shop|web|80/tcp', '|x|7/udp', '|x|8/udp']]);
});

test('a word of the future is not taken', () => {
  expect(new Survey().take('weather', 'fine')).toBe(false);
});
