import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FailureError } from '../../shared/failure.ts';
import { formatTarget, hostIdOf, parseTarget } from '../../shared/target.ts';

function refusal(text: string): string {
  try {
    parseTarget(text);
  } catch (error) {
    if (error instanceof FailureError && error.code === 'target-invalid') return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
  return 'accepted';
}

describe('a target', () => {
  test.each([
    ['dockerhost', { host: 'dockerhost' }],
    ['GPU-Lab', { host: 'GPU-Lab' }],
    ['me@dockerhost', { host: 'dockerhost', user: 'me' }],
    ['first.last@corp@dockerhost', { host: 'dockerhost', user: 'first.last@corp' }],
    ['ssh://dockerhost', { host: 'dockerhost' }],
    ['SSH://dockerhost/', { host: 'dockerhost' }],
    ['ssh://me@10.0.0.7:2222', { host: '10.0.0.7', user: 'me', port: 2222 }],
    ['ssh://a%40b@h', { host: 'h', user: 'a@b' }],
    ['ssh://me@[2001:db8::7]:65535', { host: '2001:db8::7', user: 'me', port: 65535 }],
    ['ssh://[fe80::1%25eth0]', { host: 'fe80::1%eth0' }],
    ['[fe80::1%eth0]', { host: 'fe80::1%eth0' }],
    ['me@::1', { host: '::1', user: 'me' }],
    ['ssh://[::ffff:10.0.0.7]:22', { host: '::ffff:10.0.0.7', port: 22 }],
  ])('%s is read as it stands', (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });

  test.each([
    ['', /empty/],
    [' host', /space/],
    ['ho\tst', /control/],
    ['ho\0st', /control/],
    ['-oProxyCommand=evil', /option/],
    ['me@-oProxyCommand=evil', /dash/],
    ['ssh://-l@host', /user -l begins with a dash/],
    ['ssh://me:secret@host', /never put a password in a URL/i],
    ['tcp://host:2375', /by ssh, not by tcp/],
    ['ssh://host/var/run/docker.sock', /path/],
    ['ssh://host?x', /path/],
    ['ssh://host:0', /port/],
    ['ssh://host:65536', /1 to 65535/],
    ['ssh://host:', /port/],
    ['ssh://host:22x', /port/],
    ['host:2222', /ssh:\/\/host:2222/],
    ['ssh://@host', /user before the @ is empty/],
    ['ssh://me@', /no host/],
    ['ssh://:22', /no host/],
    ['ssh://::1', /brackets/],
    ['ssh://[::1', /IPv6/],
    ['ssh://[1:2]', /IPv6/],
    ['ssh://[::1%25a%25b]', /IPv6/],
    ['ssh://%zz@host', /percent/],
    ['ssh://a%0ab@host', /character/],
    ['host;reboot', /character/],
    ['$(reboot)', /character/],
    ['me`x`@host', /character/],
  ])('%j is refused and the reason says why', (text, reason) => {
    expect(refusal(text)).toMatch(reason);
  });

  test('whatever the text, it is a target or a failure with that code', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((s) => `ssh://${s}`),
        ),
        (text) => {
          expect(typeof refusal(text)).toBe('string');
        },
      ),
    );
  });

  test('what parses is read back from its formatted form', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_.+-]{0,20}$/));
    const user = fc.option(fc.stringMatching(/^[a-z_][a-z0-9_.@%+:-]{0,12}$/), { nil: undefined });
    const port = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined });
    fc.assert(
      fc.property(host, user, port, (h, u, p) => {
        const target = { host: h, ...(u === undefined ? {} : { user: u }), ...(p === undefined ? {} : { port: p }) };
        expect(parseTarget(formatTarget(target))).toEqual(target);
      }),
    );
  });
});

describe('the id of a target', () => {
  test('a plain name is its own id, anything else is made fit for a file name', () => {
    const ids = ['dockerhost', 'gpu-lab.example.com', 'GPU-Lab', 'ssh://me@dockerhost:2222', '::1'].map((text) =>
      hostIdOf(parseTarget(text)).replace(/_[0-9a-z]{8}$/, '_HASH'),
    );
    expect(ids).toEqual(['dockerhost', 'gpu-lab.example.com', 'gpu-lab_HASH', 'me-dockerhost-2222_HASH', '1_HASH']);
  });

  test('two targets never share an id', () => {
    const host = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,80}$/);
    const target = fc.record(
      { host, user: fc.stringMatching(/^[a-z-]{1,4}$/), port: fc.nat({ max: 99 }) },
      { requiredKeys: ['host'] },
    );
    fc.assert(
      fc.property(target, target, (a, b) => {
        expect(hostIdOf(a)).toMatch(/^[a-z0-9][a-z0-9._-]{0,59}$/);
        expect(hostIdOf(a) === hostIdOf(b)).toBe(formatTarget(a) === formatTarget(b));
      }),
    );
  });

  test('a plain name in the shape of a made id is made over as well', () => {
    const made = hostIdOf({ host: 'web', user: 'me' });
    expect(hostIdOf({ host: made })).not.toBe(made);
  });
});
