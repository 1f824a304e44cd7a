import { expect, test } from 'vitest';
import { missingVariables, parseEnv, readCompose } from '../../../engine/deploy/compose-file.ts';

const read = (text: string, env: Record<string, string> = {}) => {
  const result = readCompose(text, new Map(Object.entries(env)));
  if (result.kind === 'invalid') throw new Error(result.problem);
  return result.compose;
};

test('the paths that a project speaks of are found in their short and long forms', () => {
  const { references, builds } = read(`
services:
  web:
    build: { context: ./web }
    env_file: [web.env, { path: maybe.env, required: false }]
    configs: [site]
    secrets: [{ source: key }]
    volumes: ['./www:/www:ro', 'named:/data', { type: bind, source: ./etc, target: /etc/x }, { type: volume, source: v }]
configs: { site: { file: ./site.conf } }
secrets: { key: { file: ./key.pem }, other: { external: true } }
`);
  expect(builds).toBe(true);
  expect(references.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    ...['context ./web', 'env-file web.env', 'file ./site.conf', 'file ./key.pem', 'mount ./www', 'mount ./etc'],
  ]);
});

test('published ports are found in every form, with variables filled in', () => {
  const { ports } = read(
    `services: { a: { ports: ['80', '8080:80', '127.0.0.1:8081:80/udp', '9000-9001:90-91', '\${P:-7000}:7', { target: 1, published: '6000' }] } }`,
  );
  expect(ports.map(({ port, protocol }) => `${port}/${protocol}`)).toEqual([
    ...['8080/tcp', '8081/udp', '9000/tcp', '9001/tcp', '7000/tcp', '6000/tcp'],
  ]);
});

test('what is no compose file is told in a few words', () => {
  const problem = (text: string) => {
    const result = readCompose(text, new Map());
    return result.kind === 'invalid' ? result.problem : undefined;
  };
  expect(problem('[1, 2]')).toBe('is not a mapping with `services`');
  expect(problem('services: {}')).toBe('has no services');
  expect(problem('services: { web: 1 }')).toBe('service web is not a mapping');
  expect(problem('services: [a')).toMatch(/at line 1/);
});

test('variables that are needed and those that would be empty are told apart', () => {
  const text = '# ${COMMENTED:?}\na: ${A} $B ${C:-x} ${D:?why} ${E?} ${F:+y} $$G ${H:?}\n';
  expect(
    missingVariables(
      text,
      new Map([
        ['H', ''],
        ['E', ''],
      ]),
    ),
  ).toEqual({ required: ['D', 'H'], unset: ['A', 'B'] });
});

test('a .env file gives its variables without their quotes', () => {
  expect([...parseEnv('A=1\nexport B = "two words"\n# C=3\nD=\'x\'\r\nbroken\n')]).toEqual([
    ['A', '1'],
    ['B', 'two words'],
    ['D', 'x'],
  ]);
});
