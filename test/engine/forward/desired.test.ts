import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { desiredForwards, type DesiredForward, type DesiredInput } from '../../../engine/forward/desired.ts';
import type { Container, PublishedPort } from '../../../shared/container.ts';

const publish = (
  hostPort: number,
  containerPort = 80,
  hostAddress = '0.0.0.0',
  protocol: PublishedPort['protocol'] = 'tcp',
) => {
  return { hostAddress, hostPort, containerPort, protocol };
};

function container(more: Partial<Container> = {}): Container {
  const name = more.name ?? 'web';
  return {
    ...{
      id: Buffer.from(name).toString('hex').padEnd(64, '0'),
      name,
      image: 'nginx',
      labels: {},
      exposed: [],
      addresses: ['172.17.0.2'],
    },
    ...{ hostNetwork: false, startedAtMs: 1_000, published: [publish(8080)], ...more },
  };
}

function desired(containers: readonly Container[], more: Partial<DesiredInput> = {}): DesiredForward[] {
  return desiredForwards({
    hostId: 'host',
    running: containers.map((it) => ({ container: it, startHeardAt: undefined })),
    lingering: [],
    manual: [],
    rules: [],
    policy: 'remap',
    allowLan: false,
    paused: { all: false, ids: new Set() },
    ...more,
  });
}

const brief = (forwards: readonly DesiredForward[]): string[] =>
  forwards.map(({ id, requestedPort, target, disposition }) => {
    const to = target.kind === 'unix' ? target.path : `${target.address} ${target.port}`;
    return `${id} | ${requestedPort} > ${to} | ${disposition.kind}`;
  });

test.each<[string, PublishedPort[], string[]]>([
  ['everywhere', [publish(8080)], ['web:8080/tcp | 8080 > 127.0.0.1 8080 | open']],
  ['on 127.0.0.1', [publish(8080, 80, '127.0.0.1')], ['web:127.0.0.1:8080/tcp | 8080 > 127.0.0.1 8080 | open']],
  ['on ::1', [publish(8080, 80, '::1')], ['web:[::1]:8080/tcp | 8080 > ::1 8080 | open']],
  ['on :: alone', [publish(8080, 80, '::')], ['web:8080/tcp | 8080 > ::1 8080 | open']],
  ['on a LAN address', [publish(8080, 80, '10.0.0.5')], ['web:10.0.0.5:8080/tcp | 8080 > 10.0.0.5 8080 | open']],
  [
    'on both loopback addresses',
    [publish(8080, 80, '::1'), publish(8080, 80, '127.0.0.1')],
    ['web:127.0.0.1:8080/tcp | 8080 > 127.0.0.1 8080 | open'],
  ],
  [
    'on two addresses for two services',
    [publish(8080, 80, '127.0.0.1'), publish(8080, 90, '10.0.0.5')],
    ['web:127.0.0.1:8080/tcp | 8080 > 127.0.0.1 8080 | open', 'web:10.0.0.5:8080/tcp | 8080 > 10.0.0.5 8080 | open'],
  ],
  [
    'under two numbers',
    [publish(8080), publish(8081)],
    ['web:8080/tcp | 8080 > 127.0.0.1 8080 | open', 'web:8081/tcp | 8081 > 127.0.0.1 8081 | open'],
  ],
  ['as UDP', [publish(53, 53, '0.0.0.0', 'udp')], ['web:53/udp | 53 > 127.0.0.1 53 | unsupported']],
  ['as SCTP', [publish(53, 53, '0.0.0.0', 'sctp')], ['web:53/sctp | 53 > 127.0.0.1 53 | unsupported']],
  ['nowhere', [], []],
])('a port published %s', (_where, published, expected) => {
  expect(brief(desired([container({ published })]))).toEqual(expected);
});

describe('rules and labels', () => {
  const of = (labels: Record<string, string>, rules: DesiredInput['rules'] = [], more: Partial<DesiredInput> = {}) =>
    desired([container({ labels })], { rules, ...more })[0];

  test.each<[string, Record<string, string>, DesiredInput['rules'], number]>([
    ['a label moves the port', { 'towline.port.80': '9000' }, [], 9000],
    [
      'a rule moves it, whatever the label says',
      { 'towline.port.80': '9000' },
      [{ match: { port: 80 }, localPort: 9100 }],
      9100,
    ],
    [
      'a rule without a port leaves it to the label',
      { 'towline.port.80': '9000' },
      [{ match: {}, policy: 'require' }],
      9000,
    ],
    [
      'the first rule that matches decides',
      {},
      [{ match: { container: 'web' } }, { match: {}, localPort: 9100 }],
      8080,
    ],
    ['a label of another port says nothing', { 'towline.port.8080': '9000' }, [], 8080],
    ['a label that is no port says nothing', { 'towline.port.80': '99999' }, [], 8080],
    ['nor does one with other things in it', { 'towline.port.80': '80; rm' }, [], 8080],
  ])('%s', (_what, labels, rules, port) => {
    expect(of(labels, rules)?.requestedPort).toBe(port);
  });

  test('a rule or a label leaves a container out, and a rule without ignore takes it in again', () => {
    const no = { 'towline.forward': 'false' };
    const kinds = [of({}, [{ match: {}, ignore: true }]), of(no), of(no, [{ match: { container: 'web' } }])];
    expect(kinds.map((forward) => forward?.disposition.kind)).toEqual(['ignored', 'ignored', 'open']);
  });

  test.each<[string | undefined, boolean, readonly string[], string]>([
    [undefined, false, ['127.0.0.1', '::1'], 'open'],
    ['localhost', false, ['127.0.0.1', '::1'], 'open'],
    ['127.0.0.2', false, ['127.0.0.2'], 'open'],
    ['[::1]', false, ['::1'], 'open'],
    ['0.0.0.0', false, ['0.0.0.0'], 'refused'],
    ['::ffff:127.0.0.1', false, ['::ffff:127.0.0.1'], 'refused'],
    ['192.168.1.5', true, ['192.168.1.5'], 'open'],
  ])('a label to bind %s, beyond loopback allowed: %s', (bind, allowLan, addresses, kind) => {
    const forward = of(bind === undefined ? {} : { 'towline.bind': bind }, [], { allowLan });
    expect([forward?.bind, forward?.disposition.kind]).toEqual([addresses, kind]);
  });

  test('the policy is the rule’s, else that of the settings', () => {
    expect([of({}, [{ match: {}, policy: 'require' }])?.policy, of({})?.policy]).toEqual(['require', 'remap']);
  });
});

describe('unpublished ports', () => {
  const exposed = [{ containerPort: 9000, protocol: 'tcp' as const }];
  const rules = [{ match: {}, unpublished: true }];

  test.each<[string, Partial<Container>, DesiredInput['rules'], string[]]>([
    ['are left alone without a rule', {}, [], []],
    ['are reached through the container’s address', {}, rules, ['web:direct:9000/tcp | 9000 > 172.17.0.2 9000 | open']],
    [
      'of the host’s network are on the host',
      { hostNetwork: true, addresses: [] },
      rules,
      ['web:direct:9000/tcp | 9000 > 127.0.0.1 9000 | open'],
    ],
    [
      'without an address are refused',
      { addresses: [] },
      rules,
      ['web:direct:9000/tcp | 9000 > 127.0.0.1 9000 | refused'],
    ],
  ])('%s', (_what, more, withRules, expected) => {
    expect(brief(desired([container({ published: [], exposed, ...more })], { rules: withRules }))).toEqual(expected);
  });
});

test('a manual forward is one among them, to a port or to a socket', () => {
  const manual = [
    { id: 'm1', target: { kind: 'tcp' as const, address: 'db.internal', port: 5432 }, localPort: 5432 },
    { id: 'm2', target: { kind: 'unix' as const, path: '/run/x.sock' }, localPort: 7000, bind: '0.0.0.0' },
  ];
  expect(brief(desired([], { manual }))).toEqual([
    'm1 | 5432 > db.internal 5432 | open',
    'm2 | 7000 > /run/x.sock | refused',
  ]);
});

test('a recreated Compose service keeps its id, and a lingering container gives way to it', () => {
  const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
  const [old, recreated] = [container({ name: 'shop-web-1', labels }), container({ name: 'shop-web-2', labels })];
  const [before] = desired([old]);
  const after = desired([recreated], { lingering: [old] });
  expect(after.map(({ id, containerId }) => [id, containerId])).toEqual([[before?.id, recreated.id]]);
});

test('a lingering port stays, unless another container claims it', () => {
  const old = container({ name: 'old' });
  expect(brief(desired([], { lingering: [old] }))).toEqual(['old:8080/tcp | 8080 > 127.0.0.1 8080 | linger']);
  expect(brief(desired([container({ name: 'new' })], { lingering: [old] }))).toEqual([
    'new:8080/tcp | 8080 > 127.0.0.1 8080 | open',
  ]);
});

test('paused alone or all together, a forward stays in the table', () => {
  const two = container({ published: [publish(8080), publish(8081)] });
  const kinds = (paused: DesiredInput['paused']) =>
    desired([two], { paused }).map((forward) => forward.disposition.kind);
  expect(kinds({ all: false, ids: new Set(['web:8081/tcp']) })).toEqual(['open', 'paused']);
  expect(kinds({ all: true, ids: new Set() })).toEqual(['paused', 'paused']);
});

test('of two containers that want one port, the most recently started comes first', () => {
  const labels = { 'towline.port.80': '5000' };
  const older = container({ name: 'a', labels, startedAtMs: 1, published: [publish(1001)] });
  const newer = container({ name: 'b', labels, startedAtMs: 2, published: [publish(1002)] });
  expect(desired([older, newer]).map((forward) => forward.container)).toEqual(['b', 'a']);
});

test('the result depends neither on the order of containers nor on having been asked before, and ids are unique', () => {
  const arbitraryPort = fc.record({
    hostAddress: fc.constantFrom('0.0.0.0', '127.0.0.1', '::', '::1', '10.0.0.5'),
    hostPort: fc.integer({ min: 8080, max: 8084 }),
    containerPort: fc.constantFrom(80, 81),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  });
  const arbitrary = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      startedAtMs: fc.nat(3),
      published: fc.array(arbitraryPort, { maxLength: 4 }),
    }),
    { selector: ({ name }) => name },
  );
  fc.assert(
    fc.property(arbitrary, fc.boolean(), (specs, linger) => {
      const all = specs.map(container);
      const [running, lingering] = linger ? [all.slice(1), all.slice(0, 1)] : [all, []];
      const forwards = desired(running, { lingering });
      expect(desired([...running].reverse(), { lingering })).toEqual(forwards);
      expect(new Set(forwards.map(({ id }) => id)).size).toBe(forwards.length);
    }),
  );
});
