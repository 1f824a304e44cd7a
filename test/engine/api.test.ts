import { createRouterClient } from '@orpc/server';
import ts from 'typescript';
import { afterEach, expect, test } from 'vitest';
import { createApi } from '../../engine/api.ts';
import { silentLogger, type Logger } from '../../engine/base/logger.ts';
import { protocolVersion } from '../../shared/contract.ts';
import { FakeEngine, appState, hostView } from './serve/fake-engine.ts';

const logged: unknown[] = [];
const log: Logger = { ...silentLogger, error: (message, fields) => logged.push([message, fields]) };
afterEach(() => logged.splice(0));

const profile = { id: 'shop', target: 'ssh://me@shop' };

function client(engine = new FakeEngine()) {
  return createRouterClient(createApi(engine, log), { context: {} });
}

test('a failure of the engine arrives whole, as the typed error', async () => {
  const api = client();
  expect(await api.hosts.add(profile)).toEqual({ hostId: 'shop' });
  await expect(api.hosts.add(profile)).rejects.toMatchObject({
    code: 'FAILURE',
    defined: true,
    data: { code: 'host-exists', message: 'There is a host shop already.', hint: 'Another name.' },
  });
});

test('a bug is a failure with the code internal, and is logged', async () => {
  await expect(client().hosts.reconnect({ hostId: 'shop' })).rejects.toMatchObject({
    code: 'FAILURE',
    data: { code: 'internal' },
  });
  expect(logged).toEqual([
    ['request failed', { request: 'hosts.reconnect', error: expect.any(TypeError) as TypeError }],
  ]);
});

test('input that the contract does not allow says what is wrong and where, and does not reach the engine', async () => {
  const engine = new FakeEngine();
  const forward = { hostId: 'shop', target: { kind: 'tcp', address: 'db', port: 5432 }, localPort: 70_000 } as const;
  await expect(client(engine).forwards.add(forward)).rejects.toMatchObject({
    code: 'FAILURE',
    data: {
      code: 'invalid-input',
      message: expect.stringMatching(/^forwards\.add was not understood: localPort: /) as string,
    },
  });
  expect([engine.asked, logged]).toEqual([[], []]);
});

test('another protocol is told both versions and what to do', async () => {
  await expect(client().hello({ protocol: protocolVersion + 1 })).rejects.toMatchObject({
    data: {
      code: 'protocol-mismatch',
      message: `The running Towline 0.0.0-test speaks protocol ${protocolVersion}, this command speaks ${protocolVersion + 1}.`,
      hint: expect.stringMatching(/Restart/) as string,
    },
  });
});

test('the state is followed until the client leaves', async () => {
  const engine = new FakeEngine(appState([hostView('shop')]));
  const abort = new AbortController();
  const pushes = await client(engine).state.watch(undefined, { signal: abort.signal });
  const kinds: string[] = [];
  for await (const push of pushes) {
    kinds.push(push.kind);
    if (push.kind === 'snapshot') engine.store.updateHost('shop', (host) => ({ ...host, paused: true }));
    else abort.abort();
  }
  expect(kinds).toEqual(['snapshot', 'patches']);
});

test('the steps of a host test arrive one by one', async () => {
  const steps: unknown[] = [];
  for await (const { step, state } of await client().hosts.test(profile)) steps.push([step, state]);
  expect(steps).toEqual([
    ['resolve', 'done'],
    ['connect', 'failed'],
  ]);
});

test('an examination is of this machine, and of a host where one is given', async () => {
  const examined = async (host?: typeof profile) => {
    const ids: string[] = [];
    for await (const { id } of await client().doctor(host)) ids.push(id);
    return ids;
  };
  expect([await examined(), await examined(profile)]).toEqual([['agent'], ['agent', 'auth']]);
});

test('a request that nobody answers does not compile', { timeout: 60_000 }, () => {
  const file = new URL('../../engine/api.ts', import.meta.url).pathname;
  const text = ts.sys.readFile(file) ?? '';
  const handler = /^ +pause: .*\n/m;
  expect(text).toMatch(handler);
  expect(problems(file, text)).toEqual([]);
  expect(problems(file, text.replace(handler, '')).join()).toMatch(/Property 'pause' is missing/);
});

/** What the compiler says of the file if it held this text. */
function problems(file: string, text: string): string[] {
  const options: ts.CompilerOptions = {
    ...{
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      exactOptionalPropertyTypes: true,
    },
    ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext, types: ['node'] },
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (name) => (name === file ? text : read(name));
  host.getSourceFile = (name, version) => ts.createSourceFile(name, host.readFile(name) ?? '', version);
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
