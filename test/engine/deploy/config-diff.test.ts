import { expect, test } from 'vitest';
import { diffConfigs } from '../../../engine/deploy/config-diff.ts';

const web = (more: string) => `services:\n  web:\n    image: web:1\n${more}`;

test('what differs is told setting by setting', () => {
  const before = web("    ports: ['80:80']\n    environment: { MODE: fast }\n");
  const after = web("    ports: ['80:80', '443:443']\n    restart: always\n").replace('web:1', 'web:2');
  expect(diffConfigs(before, after)).toEqual([
    { path: 'services.web.environment.MODE', before: 'fast' },
    { path: 'services.web.image', before: 'web:1', after: 'web:2' },
    { path: 'services.web.ports.1', after: '443:443' },
    { path: 'services.web.restart', after: 'always' },
  ]);
});

test('nothing differs between the same two, however they are written', () => {
  expect(diffConfigs(web('    tty: true\n'), 'services: { web: { tty: true, image: "web:1" } }')).toEqual([]);
});

test('before the first deployment everything is new', () => {
  expect(diffConfigs('', web(''))).toEqual([{ path: 'services.web.image', after: 'web:1' }]);
});
