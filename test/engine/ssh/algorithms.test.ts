import { Client } from 'ssh2';
import { describe, expect, test } from 'vitest';
import { supportedAlgorithms, type AlgorithmWishes } from '../../../engine/ssh/algorithms.ts';
import { runtimeCrypto, type CryptoProbe } from '../../../engine/ssh/crypto-probe.ts';

/** What Electron's BoringSSL lacks. */
const boringSsl: CryptoProbe = {
  ...runtimeCrypto,
  cipher: (name, keyBytes, ivBytes) => name !== 'chacha20' && runtimeCrypto.cipher(name, keyBytes, ivBytes),
  dhGroup: (name) => !['modp1', 'modp2', 'modp5'].includes(name) && runtimeCrypto.dhGroup(name),
};
const nothing: CryptoProbe = {
  cipher: () => false,
  hash: () => false,
  curve: () => false,
  ed25519: () => false,
  dhGroup: () => false,
};

test('AES-GCM is asked for first and nothing legacy is offered', () => {
  const { algorithms, unsupported } = supportedAlgorithms({});
  const weak = JSON.stringify(algorithms).match(/cbc|group1-|group14-sha1|exchange-sha1|"ssh-rsa"/g);
  expect([algorithms.cipher[0], weak, unsupported]).toEqual(['aes128-gcm@openssh.com', null, []]);
});

test('what the runtime can’t do is not offered', () => {
  const { algorithms, unsupported } = supportedAlgorithms(
    { ciphers: '+chacha20-poly1305@openssh.com', kexAlgorithms: '+diffie-hellman-group1-sha1' },
    boringSsl,
  );
  expect([JSON.stringify(algorithms).match(/chacha|group1-/), unsupported]).toEqual([
    null,
    ['chacha20-poly1305@openssh.com', 'diffie-hellman-group1-sha1'],
  ]);
});

describe('the user’s wishes', () => {
  const ciphersFor = (ciphers: string): unknown => {
    const { algorithms, unsupported } = supportedAlgorithms({ ciphers });
    return [algorithms.cipher.slice(0, 2), algorithms.cipher.length, unsupported];
  };

  test('a list is taken as it is, less what is not there, which is named', () => {
    expect(ciphersFor('aes256-ctr,umbra-1,aes128-ctr')).toEqual([['aes256-ctr', 'aes128-ctr'], 2, ['umbra-1']]);
  });

  test('plus appends, caret puts in front, minus removes by pattern', () => {
    const usual = supportedAlgorithms({}).algorithms.cipher.length;
    expect([ciphersFor('+aes128-cbc'), ciphersFor('^aes256-ctr'), ciphersFor('-aes*gcm*,chacha*')]).toEqual([
      [['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'], usual + 1, []],
      [['aes256-ctr', 'aes128-gcm@openssh.com'], usual, []],
      [['aes128-ctr', 'aes192-ctr'], 3, []],
    ]);
  });

  test('when nothing of them is left, that is a failure and not ssh2’s default', () => {
    const choose = (): unknown => supportedAlgorithms({ kexAlgorithms: 'sntrup761x25519-sha512@openssh.com' });
    expect(choose).toThrow(expect.objectContaining({ code: 'algorithms-unsupported' }) as Error);
  });

  test('the host key types that are stored come first, RSA with its newer signatures', () => {
    const first = (types: string[]): unknown =>
      supportedAlgorithms({ storedKeyTypes: types }).algorithms.serverHostKey.slice(0, 2);
    expect([first(['ecdsa-sha2-nistp384']), first(['ssh-rsa'])]).toEqual([
      ['ecdsa-sha2-nistp384', 'ssh-ed25519'],
      ['rsa-sha2-512', 'rsa-sha2-256'],
    ]);
  });
});

test.each<[string, AlgorithmWishes, CryptoProbe]>([
  ['by default', {}, runtimeCrypto],
  [
    'with all legacy wishes',
    { ciphers: '+3des-cbc,aes128-cbc', kexAlgorithms: '+diffie-hellman-group1-sha1', hostKeyAlgorithms: '+ssh-rsa' },
    runtimeCrypto,
  ],
  ['under BoringSSL', {}, boringSsl],
  ['with no crypto at all', {}, nothing],
])('ssh2 takes the choice without throwing: %s', (_title, wishes, probe) => {
  const { algorithms } = supportedAlgorithms(wishes, probe);
  const client = new Client();
  client.on('error', () => undefined);
  expect(() =>
    client.connect({ username: 'me', host: '127.0.0.1', port: 1, algorithms, readyTimeout: 0 }),
  ).not.toThrow();
  client.destroy();
});
