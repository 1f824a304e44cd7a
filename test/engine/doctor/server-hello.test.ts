import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreed, HelloReader, isPostQuantum, parseServerHello } from '../../../engine/doctor/server-hello.ts';
import { joinStrings } from '../../../engine/ssh/key-blob.ts';

const lists = [
  'mlkem768x25519-sha256,curve25519-sha256',
  'ssh-ed25519',
  'aes128-ctr',
  'aes256-ctr',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'none',
  'none',
  '',
  '',
];

function kexInit(): Buffer {
  const body = Buffer.concat([Buffer.from([20]), Buffer.alloc(16, 7), joinStrings(lists), Buffer.alloc(5)]);
  const padding = 8;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + body.length + padding);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, body, Buffer.alloc(padding)]);
}

const hello = Buffer.concat([
  Buffer.from('Welcome\r\nSSH-2.0-OpenSSH_9.2p1 Debian\r\n'),
  kexInit(),
  Buffer.from('encrypted'),
]);

test('the identification, the lines before it and the algorithms are read, however the bytes arrive', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: hello.length }), (size) => {
      const reader = new HelloReader();
      for (let at = 0; at < hello.length; at += size) reader.hear(hello.subarray(at, at + size));
      expect(reader.hello).toEqual({
        greeting: 'Welcome',
        ident: 'SSH-2.0-OpenSSH_9.2p1 Debian',
        offer: {
          kex: ['mlkem768x25519-sha256', 'curve25519-sha256'],
          hostKey: ['ssh-ed25519'],
          cipher: ['aes128-ctr'],
          mac: ['hmac-sha2-256'],
        },
      });
    }),
  );
});

test('a server that hangs up early has only a greeting', () => {
  expect(parseServerHello(Buffer.from('Exceeded MaxStartups\r\n'))).toEqual({
    greeting: 'Exceeded MaxStartups',
    ident: undefined,
    offer: undefined,
  });
});

test('nothing that a stranger sends makes it throw', async () => {
  const noise = await readFile(process.execPath).then((program) => program.subarray(0, 4096));
  expect(parseServerHello(noise).ident).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parseServerHello(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), bytes]));
    }),
  );
});

test('the client’s order decides what is agreed upon', () => {
  expect(agreed(['b', 'a'], ['a', 'b'])).toBe('b');
  expect(agreed(['c'], ['a', 'b'])).toBeUndefined();
});

test('post-quantum exchanges are known by name', () => {
  expect(
    ['sntrup761x25519-sha512@openssh.com', 'mlkem768x25519-sha256', 'curve25519-sha256'].map(isPostQuantum),
  ).toEqual([true, true, false]);
});
