import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { accountOf, openKeychain, type Keychain, type KeychainOptions } from '../../engine/keychain.ts';
import { TestClock } from '../support/test-clock.ts';

type Library = Awaited<ReturnType<NonNullable<KeychainOptions['load']>>>;

let entries: Map<string, string>;
let options: unknown[];
let broken: Error | undefined;

/** The library's class over a map; it breaks when told. */
class FakeEntry {
  readonly #account: string;

  constructor(service: string, account: string, given: unknown) {
    this.#account = `${service}/${account}`;
    options.push(given);
  }

  async getPassword(): Promise<string | null> {
    if (broken !== undefined) throw broken;
    return entries.get(this.#account) ?? null;
  }

  async setPassword(secret: string): Promise<void> {
    if (broken !== undefined) throw broken;
    entries.set(this.#account, secret);
  }

  async deletePassword(): Promise<boolean> {
    if (broken !== undefined) throw broken;
    return entries.delete(this.#account);
  }
}

const load = () => Promise.resolve({ AsyncEntry: FakeEntry } as unknown as Library);
const name = { kind: 'password', user: 'ml', host: 'lab', port: 22 } as const;

beforeEach(() => {
  entries = new Map();
  options = [];
  broken = undefined;
});

async function opened(): Promise<Keychain> {
  const keychain = await openKeychain({ clock: systemClock, load });
  if ('unavailable' in keychain) throw new Error(keychain.unavailable);
  return keychain;
}

test('secrets are kept under the service towline, by names people can read', async () => {
  const keychain = await opened();
  await keychain.set(name, 'hunter2');
  expect(await keychain.get(name)).toBe('hunter2');
  expect([...entries.keys()]).toEqual(['towline/password ml@lab:22']);
  await keychain.delete(name);
  await keychain.delete(name);
  expect(await keychain.get(name)).toBeUndefined();
});

test('names of different logins and keys never meet', () => {
  expect(accountOf({ ...name, host: '::1' })).toBe('password ml@[::1]:22');
  expect(accountOf({ kind: 'passphrase', keyFile: '/home/ml/.ssh/id_rsa', fingerprint: 'SHA256:x' })).toBe(
    'passphrase /home/ml/.ssh/id_rsa SHA256:x',
  );
});

test('the library is bound to the Secret Service, so that the kernel’s key ring is never used', async () => {
  await (await opened()).set(name, 'x');
  expect(options.every((given) => (given as { linux?: { store?: string } }).linux?.store === 'secret-service')).toBe(
    true,
  );
});

describe('without a keychain it says why', () => {
  test('no library for this system', async () => {
    const why = await openKeychain({ clock: systemClock, load: () => Promise.reject(new Error('not found')) });
    expect(why).toEqual({ unavailable: expect.stringContaining('no keychain support') as string });
  });

  test.each([
    ['linux', 'Secret Service'],
    ['darwin', 'it is locked'],
  ] as const)('%s', async (platform, words) => {
    broken = new Error('it is locked');
    expect(await openKeychain({ clock: systemClock, load, platform })).toEqual({
      unavailable: expect.stringContaining(words) as string,
    });
  });

  test('one that never answers', async () => {
    const clock = new TestClock();
    class Hanging extends FakeEntry {
      override getPassword = () => new Promise<never>(() => undefined);
    }
    const opening = openKeychain({
      clock,
      platform: 'darwin',
      load: () => Promise.resolve({ AsyncEntry: Hanging } as unknown as Library),
    });
    await clock.advance(60_000);
    expect(await opening).toEqual({ unavailable: expect.stringContaining('does not answer') as string });
  });
});

test('a keychain that closes later: a person is asked, and what can’t be kept is said', async () => {
  const keychain = await opened();
  broken = new Error('locked');
  expect(await keychain.get(name)).toBeUndefined();
  await expect(keychain.set(name, 'x')).rejects.toMatchObject({ code: 'keychain-failed' });
  await expect(keychain.delete(name)).rejects.toThrow('locked');
});
