import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Diagnostics } from '../../../engine/diagnostics/diagnostics.ts';
import { openLogFile } from '../../../engine/log-file.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { resolvePaths, type Paths } from '../../../engine/paths.ts';
import { SettingsFile } from '../../../engine/settings-file.ts';
import { StateStore } from '../../../engine/state-store.ts';
import type { Alert } from '../../../shared/alert.ts';
import type { DoctorStep } from '../../../shared/doctor.ts';
import type { HostProfile } from '../../../shared/host.ts';
import { stackSchema } from '../../../shared/stack.ts';
import type { TimelineEntry } from '../../../shared/timeline.ts';
import { TestClock } from '../../support/test-clock.ts';
import { appState, forwardView, hostView } from '../serve/fake-engine.ts';
import { unzip } from './unzip.ts';

let home: string;
let paths: Paths;
let clock: TestClock;
let settings: SettingsFile;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tl-diagnostics-'));
  paths = resolvePaths({ env: { TOWLINE_HOME: home }, platform: 'linux', home, uid: 0 });
  clock = new TestClock();
  settings = await SettingsFile.open({ file: paths.settingsFile, clock, log: silentLogger });
});
afterEach(async () => {
  await settings.dispose();
  await rm(home, { recursive: true });
});

/** Looking for the versions of docker and ssh takes longer than all the rest. */
const nowhere = { PATH: '/nowhere' };

interface Told {
  readonly said?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** An engine's diagnostics where everybody says `said`: the server, Docker, the doctor, containers, alerts. */
function diagnosticsOf({ said = 'plain', env = nowhere }: Told = {}): Diagnostics {
  const reason = { code: 'auth-refused', message: said, hint: said };
  const ended = [{ at: 0, cause: reason, received: 1 }];
  const shop = hostView('shop', {
    state: 'failed',
    reason,
    server: { ident: said },
    events: { state: 'waiting', attempt: 1, received: 0, consecutiveFailures: 1, ended },
    forwards: { web: forwardView('web', 8080, { container: said, state: 'refused', reason }) },
  });
  const alert: Alert = { id: 'a', code: 'log-growing', message: said, hint: said, since: 0, announcedAt: 0 };
  const state = { ...appState([shop], { webDoor: said, settingsProblem: reason }), alerts: { a: alert } };
  const entries: TimelineEntry[] = [
    { seq: 1, at: 0, kind: 'alert', state: 'raised', alert: 'a', message: said },
    { seq: 2, at: 0, kind: 'connection', hostId: 'shop', state: 'failed', reason },
  ];
  const examine = async function* (profile: HostProfile | undefined): AsyncGenerator<DoctorStep> {
    const fix = { on: 'here', advice: said, file: { path: '~/.ssh/config', lines: [said] }, commands: [said] } as const;
    yield {
      id: 'agent',
      title: 'ssh-agent',
      state: 'warn',
      detail: said,
      fix: { ...fix, file: { ...fix.file, lines: [said] }, commands: [said] },
    };
    if (profile !== undefined) yield { id: 'auth', title: 'Login', state: 'ok', detail: profile.target };
    if (said === 'broken') throw new Error(said);
  };
  const timeline = {
    read: () => entries,
    watch: () => {
      throw new Error('not watched');
    },
  };
  const profileOf = (id: string): HostProfile | undefined => settings.settings.hosts.find((host) => host.id === id);
  const store = new StateStore(state, clock);
  return new Diagnostics({ settings, store, timeline, paths, env, clock, profileOf, examine });
}

async function collect(told: Told = {}, hostId?: string): Promise<Map<string, string>> {
  const request = hostId === undefined ? {} : { hostId };
  const bundle = await diagnosticsOf(told).collect(request, new AbortController().signal);
  return new Map([...unzip(Buffer.from(bundle.zip, 'base64'))].map(([name, content]) => [name, content.toString()]));
}

async function log(said: string): Promise<void> {
  const opened = openLogFile({ file: paths.logFile, level: 'info', clock });
  opened.log.warn(said, { said, error: new Error(said, { cause: new Error(said) }) });
  await opened.dispose();
}

test('it holds versions, settings, state, what the doctor says, the timeline and the log, and tells what is what', async () => {
  await log('connected');
  const files = await collect();
  const names = ['versions.json', 'settings.json', 'state.json', 'doctor.json', 'timeline.ndjson', 'towline.log'];
  expect([...files.keys()]).toEqual(['README.txt', ...names]);
  for (const name of names) expect(files.get('README.txt')).toContain(`\n${name}`);
  const json = (name: string): unknown => JSON.parse(files.get(name) ?? '');
  expect(json('versions.json')).toMatchObject({
    towline: '0.0.0-test',
    node: process.versions.node,
    os: { platform: process.platform },
    hosts: [{ id: 'shop', docker: '20.10.24' }],
  });
  expect(json('settings.json')).toEqual(settings.settings);
  expect(json('state.json')).toMatchObject({
    hosts: { shop: { events: { ended: [{ cause: { message: 'plain' } }] } } },
  });
  expect(json('doctor.json')).toMatchObject([{ id: 'agent', detail: 'plain' }]);
  expect(files.get('timeline.ndjson')?.trimEnd().split('\n')).toHaveLength(2);
  expect(JSON.parse(files.get('towline.log') ?? '')).toMatchObject({ level: 'warn', msg: 'connected' });
});

test('a host is examined when it is named, and only one that there is', async () => {
  await settings.update((before) => ({ ...before, hosts: [{ id: 'shop', target: 'ssh://me@shop' }] }));
  const files = await collect({}, 'shop');
  expect(JSON.parse(files.get('doctor.json') ?? '')).toMatchObject([{ id: 'agent' }, { detail: 'ssh://me@shop' }]);
  await expect(collect({}, 'nowhere')).rejects.toMatchObject({ code: 'host-not-found' });
});

test('without a log, and where the doctor fails, there is still all the rest', async () => {
  await mkdir(paths.logFile, { recursive: true });
  const files = await collect({ said: 'broken' });
  expect(files.get('towline.log')).toMatch(/^The log could not be read: EISDIR/);
  expect(JSON.parse(files.get('doctor.json') ?? '')).toMatchObject([{ id: 'agent' }, { error: { message: 'broken' } }]);
});

test('of the log there are the newest 5 MB, in whole lines, over its rotated files', async () => {
  const line = (number: number): string => `{"n":${number},"fill":"${'x'.repeat(90)}"}`;
  const lines = Array.from({ length: 60_000 }, (_, number) => line(number));
  await mkdir(join(home, 'logs'));
  await writeFile(`${paths.logFile}.1`, `${lines.slice(0, 40_000).join('\n')}\n`);
  await writeFile(paths.logFile, `${lines.slice(40_000).join('\n')}\n`);
  const told = (await collect()).get('towline.log') ?? '';
  expect(told.length).toBeLessThanOrEqual(5_000_000);
  expect(told.length).toBeGreaterThan(4_990_000);
  const first = JSON.parse(told.slice(0, told.indexOf('\n'))) as { n: number };
  expect(told).toBe(`${lines.slice(first.n).join('\n')}\n`);
});

test('aborted, it ends with the reason', async () => {
  await writeFile(join(home, 'x'), '');
  await mkdir(join(home, 'logs'));
  await writeFile(paths.logFile, '{}\n'.repeat(1_000));
  const reason = new Error('enough');
  await expect(diagnosticsOf().collect({}, AbortSignal.abort(reason))).rejects.toBe(reason);
});

const unknown = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);

test.each<[string, (secret: string) => string]>([
  ['a private key', (secret) => `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`],
  ['a private key that is cut off', (secret) => `-----BEGIN RSA PRIVATE KEY-----\n${secret}`],
  ['a password in an address', (secret) => `dial ssh://me:${secret}@shop:22 failed`],
  ['a password with an @ in an address', (secret) => `postgres://me:a@${secret}@db/shop`],
  ['a token that is the user of an address', (secret) => `clone https://${secret}x0x0@github.com/me/shop failed`],
  ['the token of the web door', (secret) => `http://127.0.0.1:9444/?token=${secret}`],
  ['a header', (secret) => `Authorization: Bearer ${secret}`],
  ['a variable', (secret) => `AWS_SECRET_ACCESS_KEY=${secret} DB_PASS=${secret} PGPWD="${secret}"`],
  ['an option', (secret) => `docker login --password ${secret} --username me`],
  ['JSON in a text', (secret) => JSON.stringify(JSON.stringify({ password: secret, apiKey: `a ${secret}` }))],
  ['a passphrase of several words', (secret) => `passphrase: correct ${secret} staple`],
  ['a token by its look', (secret) => `got ghp_${secret} and eyJhbGciOiJI.${secret}.${secret}`],
])('%s that is told anywhere is not in it', async (_title, phrase) => {
  await fc.assert(
    fc.asyncProperty(unknown, async (secret) => {
      const said = phrase(secret);
      await log(said);
      await writeFile(`${paths.logFile}.1`, `${said}\n${JSON.stringify({ said, deep: { said: [said] } })}\n`);
      for (const [name, text] of await collect({ said })) expect(text, name).not.toContain(secret);
      await rm(join(home, 'logs'), { recursive: true });
    }),
    { numRuns: 10 },
  );
});

test('what a .env holds, a variable with a telling name, or our own token file is not in it, in whatever form', async () => {
  const dir = join(home, 'shop');
  await mkdir(dir);
  const stack = stackSchema.parse({ name: 'shop', host: 'shop', dir });
  await settings.update((before) => ({ ...before, stacks: [stack] }));
  const value = fc.stringMatching(/^[!-&(-~]{8,30}$/);
  const five = fc.uniqueArray(value, { minLength: 5, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(five, async ([plain = '', telling = '', other = '', variable = '', token = '']) => {
      await writeFile(join(dir, '.env'), `# ours\nSHOP='${plain}'\nexport DB_PASSWORD='${telling}'\n`);
      await writeFile(join(dir, 'web.env'), `A='${other}'\n`);
      await writeFile(paths.scrapeTokenFile, `${token}\n`);
      const secrets = [plain, telling, other, variable, token];
      const said = secrets
        .map((secret) => `<${secret}> ${JSON.stringify({ secret })} ${encodeURIComponent(secret)}`)
        .join(' | ');
      await log(said);
      const forms = secrets.flatMap((secret) => [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
      ]);
      for (const [name, text] of await collect({ said, env: { ...nowhere, CI_TOKEN: variable } })) {
        for (const form of forms) expect(text, name).not.toContain(form);
      }
      await rm(join(home, 'logs'), { recursive: true });
    }),
    { numRuns: 40 },
  );
});

test('ports, addresses and plain words that a .env holds too stay readable', async () => {
  const dir = join(home, 'shop');
  await mkdir(dir);
  await settings.update((before) => ({ ...before, stacks: [stackSchema.parse({ name: 'shop', host: 'shop', dir })] }));
  await writeFile(join(dir, '.env'), 'PORT=8080\nBIND=127.0.0.1\nMODE=production\nDEBUG=false\n');
  const said = 'production on 127.0.0.1:8080';
  const state = JSON.parse((await collect({ said })).get('state.json') ?? '') as unknown;
  expect(state).toMatchObject({ hosts: { shop: { forwards: { web: { requestedPort: 8080, container: said } } } } });
});
