import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../../engine/ssh/fingerprint.ts';
import { joinStrings } from '../../../engine/ssh/key-blob.ts';
import { hostKeyNames, judgeHostKey, parseKnownHosts, storedKeyTypes } from '../../../engine/ssh/known-hosts.ts';

const keyOf = (name: string, type = 'ssh-ed25519'): Buffer => joinStrings([type, name.padEnd(32, '.')]);
const line = (hosts: string, key: Buffer, type = 'ssh-ed25519'): string => `${hosts} ${type} ${key.toString('base64')}`;
const own = keyOf('own');
const other = keyOf('other');
const ecdsa = keyOf('own', 'ecdsa-sha2-nistp256');

function verdict(lines: string[], at: { port?: number; hostKeyAlias?: string } = {}): unknown {
  const entries = parseKnownHosts(lines.join('\n'), 'kh');
  const verdict = judgeHostKey(entries, hostKeyNames({ hostName: 'Web.Example.com', port: 22, ...at }), own);
  return verdict.kind;
}

describe('a host key', () => {
  test('is trusted under its plain name, whatever the case, beside other keys and other lines', () => {
    const text = ['# comment', '', 'junk', line('db', other), line('WEB.example.COM,10.0.0.7', own), line('x', own)];
    expect(verdict(text)).toBe('trusted');
  });

  test('is trusted by pattern, and not where a negated pattern says otherwise', () => {
    expect([verdict([line('*.example.com', own)]), verdict([line('*.example.com,!web.*', own)])]).toEqual([
      'trusted',
      'unknown',
    ]);
  });

  test('is trusted under a name that ssh-keygen -H hashed, and only under that name', () => {
    const key = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIIW9yfpLRF+nqnhKSFApcZWFWYmumPvxpkPNb2l6k8+v', 'base64');
    const entries = parseKnownHosts(line('|1|CaxE8ZnQUaea/uVmjIN1e/Fm5Es=|tpemLTKg2Q3+OCMGDjlESthesgk=', key), 'kh');
    const kinds = ['web.example.com', 'web'].map((name) => judgeHostKey(entries, { name }, key).kind);
    expect(kinds).toEqual(['trusted', 'unknown']);
  });

  test('on another port is looked up in brackets, then trusted under the bare name, as ssh does', () => {
    const at = { port: 2222 };
    expect([
      verdict([line('[web.example.com]:2222', own)], at),
      verdict([line('web.example.com', own)], at),
      verdict([line('web.example.com', other)], at),
      verdict([line('[web.example.com]:2222', other), line('web.example.com', own)], at),
      verdict([line('[web.example.com]:2222', own)]),
    ]).toEqual(['trusted', 'trusted', 'unknown', 'changed', 'unknown']);
  });

  test('is looked up under its alias alone when there is one', () => {
    const at = { port: 2222, hostKeyAlias: 'prod' };
    expect([verdict([line('prod', own)], at), verdict([line('[web.example.com]:2222', own)], at)]).toEqual([
      'trusted',
      'unknown',
    ]);
  });

  test('that differs from what is stored is changed, and all that is stored is told with its place', () => {
    const entries = parseKnownHosts(`${line('web', other)}\r\n${line('web', ecdsa, 'ecdsa-sha2-nistp256')}\r\n`, 'kh');
    expect(judgeHostKey(entries, { name: 'web' }, own)).toEqual({
      kind: 'changed',
      stored: [
        { file: 'kh', line: 1, keyType: 'ssh-ed25519', fingerprint: fingerprintOf(other) },
        { file: 'kh', line: 2, keyType: 'ecdsa-sha2-nistp256', fingerprint: fingerprintOf(ecdsa) },
      ],
    });
  });

  test('known only by another type is changed: ssh says so too', () => {
    expect(verdict([line('web.example.com', ecdsa, 'ecdsa-sha2-nistp256')])).toBe('changed');
  });

  test('that is revoked stays so, even where it is trusted as well', () => {
    const text = [line('web.example.com', own), line('@revoked *', own)];
    expect([verdict(text), verdict([line('@revoked *', other), line('web.example.com', own)])]).toEqual([
      'revoked',
      'trusted',
    ]);
  });

  test('is not vouched for by an authority, which is mentioned', () => {
    const entries = parseKnownHosts(line('@cert-authority *', own), 'kh');
    expect(judgeHostKey(entries, { name: 'web' }, own)).toEqual({
      kind: 'unknown',
      knownAs: [],
      certAuthority: { file: 'kh', line: 1 },
    });
  });

  test('that is unknown says under which other names it is known', () => {
    const entries = parseKnownHosts([line('web-old', own), line('|1|AAAA|BBBB', own)].join('\n'), 'kh');
    expect(judgeHostKey(entries, { name: 'web' }, own)).toEqual({
      kind: 'unknown',
      knownAs: ['web-old', 'a hashed name (kh:2)'],
    });
  });
});

describe('a known_hosts file', () => {
  test('lines with an unknown marker, two markers, a key of another type or no key are passed over', () => {
    const text = [
      line('@trusted web', own),
      line('@revoked @cert-authority web', own),
      line('web', own, 'ssh-rsa'),
      'web ssh-ed25519',
      'web ssh-ed25519 ####',
      'web ssh-ed25519 AAAA',
    ];
    expect(parseKnownHosts(text.join('\n'), 'kh')).toEqual([]);
  });

  test('tells the types to ask for first, none of them revoked or an authority', () => {
    const rsa = keyOf('own', 'ssh-rsa');
    const text = [
      line('[web]:2222', ecdsa, 'ecdsa-sha2-nistp256'),
      line('@revoked *', own),
      line('@cert-authority *', own),
      line('web', rsa, 'ssh-rsa'),
    ].join('\n');
    const entries = parseKnownHosts(text, 'kh');
    const types = (port: number): string[] => storedKeyTypes(entries, hostKeyNames({ hostName: 'web', port }));
    expect([types(2222), types(22), types(2200)]).toEqual([['ecdsa-sha2-nistp256'], ['ssh-rsa'], ['ssh-rsa']]);
  });

  test('no text makes the parser throw, and none makes a key trusted that it does not contain', () => {
    const words = fc.constantFrom(
      'web',
      '*',
      '!web',
      '|1|',
      '|1|AAAA|AAAA',
      '@revoked',
      '@cert-authority',
      'ssh-ed25519',
      '#',
      ',',
      ' ',
      '\t',
      '\n',
      '\r',
      '\0',
      own.toString('base64').slice(0, 40),
      other.toString('base64'),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }), (parts) => {
        const entries = parseKnownHosts(parts.join(''), 'kh');
        expect(judgeHostKey(entries, { name: 'web' }, own).kind).not.toBe('trusted');
      }),
    );
  });
});
