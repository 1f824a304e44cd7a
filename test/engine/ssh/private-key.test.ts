import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { joinStrings } from '../../../engine/ssh/key-blob.ts';
import { openPrivateKey, readKeyFile } from '../../../engine/ssh/private-key.ts';

const secret = { cipher: 'aes-256-cbc', passphrase: 'open sesame' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const openSsh = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'me' }).private;
const openSshSecret = ssh2.utils.generateKeyPairSync('ed25519', {
  cipher: 'aes256-ctr',
  rounds: 1,
  passphrase: secret.passphrase,
}).private;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function keyFile(text: string, mode = 0o600): Promise<string> {
  const path = join(folder, 'key');
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

describe('a key of every format opens and signs', () => {
  test.each([
    ['PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }), undefined],
    ['PKCS#1, encrypted', rsa.export({ type: 'pkcs1', format: 'pem', ...secret }), secret.passphrase],
    ['SEC1', ec.export({ type: 'sec1', format: 'pem' }), undefined],
    ['PKCS#8 RSA', rsa.export({ type: 'pkcs8', format: 'pem' }), undefined],
    ['PKCS#8 ECDSA, encrypted', ec.export({ type: 'pkcs8', format: 'pem', ...secret }), secret.passphrase],
    ['PKCS#8 Ed25519', ed25519.export({ type: 'pkcs8', format: 'pem' }), undefined],
    ['OpenSSH', openSsh, undefined],
    ['OpenSSH, encrypted', openSshSecret, secret.passphrase],
  ])('%s', async (_title, text, passphrase) => {
    const key = await openPrivateKey('key', text.toString(), passphrase === undefined ? {} : { passphrase });
    const parsed = ssh2.utils.parseKey(
      `${key.publicKey.subarray(4, 4 + key.publicKey.readUInt32BE(0)).toString()} ${key.publicKey.toString('base64')}`,
    );
    if (parsed instanceof Error) throw parsed;
    const pem = createPublicKey(parsed.getPublicPEM());
    const digest = pem.asymmetricKeyType === 'ed25519' ? null : 'sha512';
    expect(verify(digest, Buffer.from('data'), pem, key.sign(Buffer.from('data'), 'sha512'))).toBe(true);
  });
});

describe('a key that does not open', () => {
  test.each([
    ['encrypted, with no passphrase', openSshSecret, undefined, 'key-passphrase-needed'],
    ['encrypted, with a wrong passphrase', openSshSecret, 'wrong', 'key-passphrase-wrong'],
    [
      'encrypted PKCS#8, with a wrong passphrase',
      ec.export({ type: 'pkcs8', format: 'pem', ...secret }).toString(),
      'wrong',
      'key-passphrase-wrong',
    ],
    ['no key at all', 'hello', undefined, 'key-format-unsupported'],
    [
      'a curve ssh does not know',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
      undefined,
      'key-format-unsupported',
    ],
    ['cut off', openSsh.slice(0, 120), undefined, 'key-format-unsupported'],
  ])('%s', async (_title, text, passphrase, code) => {
    const opened = openPrivateKey('key', text, passphrase === undefined ? {} : { passphrase });
    await expect(opened).rejects.toMatchObject({ code });
  });

  test('a parse that is no longer wanted ends at once', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    const opened = openPrivateKey('key', openSshSecret, { passphrase: secret.passphrase, signal });
    await expect(opened).rejects.toThrow('stopped');
  });
});

describe('a key file', () => {
  test('tells its public half without the passphrase', async () => {
    const file = await readKeyFile(await keyFile(openSshSecret));
    const opened = await openPrivateKey(file.path, file.text, { passphrase: secret.passphrase });
    expect([file.encrypted, file.warning, file.publicKey?.equals(opened.publicKey)]).toEqual([true, undefined, true]);
  });

  test('that others can read is only warned about', async () => {
    const file = await readKeyFile(await keyFile(openSsh, 0o644));
    expect(file.warning).toMatch(/chmod 600/);
  });

  test('that is missing or a folder is unreadable', async () => {
    await expect(readKeyFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'key-unreadable' });
    await expect(readKeyFile(folder)).rejects.toMatchObject({ code: 'key-unreadable' });
  });

  test('of a hardware token, or with a cipher we lack, is refused with what to do', async () => {
    const header = (cipher: string, type: string): string => {
      const body = [
        Buffer.from('openssh-key-v1\0'),
        joinStrings([cipher, 'bcrypt', '']),
        Buffer.from([0, 0, 0, 1]),
        joinStrings([joinStrings([type, 'x'])]),
      ];
      return `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.concat(body).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
    };
    const refusal = async (text: string): Promise<unknown> =>
      readKeyFile(await keyFile(text)).catch((e: unknown) => String(e));
    expect(await refusal(header('none', 'sk-ssh-ed25519@openssh.com'))).toMatch(/hardware token/);
    expect(await refusal(header('chacha20-poly1305@openssh.com', 'ssh-ed25519'))).toMatch(/encrypted with chacha20/);
  });
});
