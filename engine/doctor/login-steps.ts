import type { DoctorFix, DoctorStep, DoctorStepId } from '../../shared/doctor.ts';
import type { Failure } from '../../shared/failure.ts';
import { here, sshdFix } from './fixes.ts';
import type { Credential, LoginEvidence } from './login-watch.ts';
import { agreed, isPostQuantum } from './server-hello.ts';
import { skipped, step } from './step.ts';

const order = ['tcp', 'banner', 'key-exchange', 'host-key', 'auth'] as const;
type LoginStepId = (typeof order)[number];

/** The steps of a login from what was seen of it; `keyNames` tells whose key a fingerprint is. */
export function loginSteps(evidence: LoginEvidence, keyNames: ReadonlyMap<string, string>): DoctorStep[] {
  const { failure } = evidence;
  const at = failure === undefined ? undefined : brokenAt(evidence, failure);
  const steps: DoctorStep[] = [];
  for (const id of order) {
    if (id === at && failure !== undefined) {
      const rest = order.slice(order.indexOf(id) + 1);
      return [...steps, brokenStep(id, failure, evidence, keyNames), ...skipped(rest, 'not reached')];
    }
    steps.push(passedStep(id, evidence, keyNames));
  }
  return steps;
}

/** The first part of the way that was not passed. */
function brokenAt({ transportUp, hello, hostKey }: LoginEvidence, failure: Failure): LoginStepId {
  if (!transportUp) return 'tcp';
  if (hello.ident === undefined) return 'banner';
  if (/^(host-key|known-hosts)/.test(failure.code)) return 'host-key';
  if (hostKey === undefined) return 'key-exchange';
  return hostKey.trusted === true ? 'auth' : 'host-key';
}

function passedStep(id: LoginStepId, evidence: LoginEvidence, keyNames: ReadonlyMap<string, string>): DoctorStep {
  const { where, address, hello, hostKey, user } = evidence;
  switch (id) {
    case 'tcp':
      return step(id, 'ok', `${where ?? 'the host'} answers${address === undefined ? '' : ` (${address})`}`);
    case 'banner':
      return step(id, 'ok', hello.ident ?? '');
    case 'key-exchange':
      return step(id, 'ok', exchangeText(evidence));
    case 'host-key':
      return step(id, 'ok', hostKey === undefined ? 'trusted' : `known: ${hostKey.type} ${hostKey.fingerprint}`);
    case 'auth':
      return step(
        id,
        'ok',
        `as ${user ?? 'the user'}, by ${acceptedBy(evidence, keyNames)}${triedBefore(evidence, keyNames)}`,
      );
  }
}

function brokenStep(
  id: LoginStepId,
  failure: Failure,
  evidence: LoginEvidence,
  keyNames: ReadonlyMap<string, string>,
): DoctorStep {
  const failed = (detail: string, fix?: DoctorFix): DoctorStep => step(id, 'failed', detail, fix ?? fixOf(failure));
  switch (id) {
    case 'banner':
      return hungUp(failure, evidence);
    case 'key-exchange':
      return noCommonAlgorithm(failure, evidence) ?? failed(failure.message);
    case 'auth':
      return failed(`${failure.message}${offeredText(evidence, keyNames)}`);
    case 'tcp':
    case 'host-key':
      return failed(failure.message);
  }
}

/** A server that is full, or has shut this address out, hangs up before it says who it is. */
function hungUp(failure: Failure, { hello: { greeting } }: LoginEvidence): DoctorStep {
  const said = greeting === '' ? '' : ` It said: ${greeting}`;
  if (/not allowed at this time/i.test(greeting)) {
    const fix = here(
      'Wait ten minutes without a try (PerSourcePenalties, OpenSSH 9.8 and later), then mend the login that failed before.',
    );
    return step(
      'banner',
      'failed',
      `The server has shut this address out for a while, after failed logins.${said}`,
      fix,
    );
  }
  if (/exceeded maxstartups/i.test(greeting)) {
    return step('banner', 'failed', `Too many logins are under way at the server: MaxStartups.${said}`, moreStartups());
  }
  if (failure.code === 'host-hung-up' || (greeting === '' && /closed|hung up|reset/i.test(failure.message))) {
    const why = 'MaxStartups, PerSourcePenalties, fail2ban or a rate limit of the firewall';
    return step('banner', 'failed', `The server hangs up before it says who it is: ${why}.`, moreStartups());
  }
  return step('banner', 'failed', `${failure.message}${said}`, fixOf(failure));
}

function moreStartups(): DoctorFix {
  return sshdFix(['MaxStartups 100:30:200', 'LoginGraceTime 30']);
}

const lists: readonly { name: 'kex' | 'hostKey' | 'cipher'; keyword: string }[] = [
  { name: 'kex', keyword: 'KexAlgorithms' },
  { name: 'hostKey', keyword: 'HostKeyAlgorithms' },
  { name: 'cipher', keyword: 'Ciphers' },
];

/** Says which list has nothing in common, and what the server has in it. */
function noCommonAlgorithm(failure: Failure, { hello, ours }: LoginEvidence): DoctorStep | undefined {
  const theirs = hello.offer;
  if (theirs === undefined || ours === undefined) return undefined;
  const broken = lists.find(({ name }) => agreed(ours[name], theirs[name]) === undefined);
  if (broken === undefined) return undefined;
  const offered = theirs[broken.name].filter((name) => !/^(kex-strict|ext-info)/.test(name));
  const quantum = broken.name === 'kex' && offered.every(isPostQuantum);
  const why = quantum ? 'The server takes post-quantum key exchanges only' : `No common algorithm (${broken.keyword})`;
  const fix = sshdFix([`${broken.keyword} +${ours[broken.name][0] ?? ''}`]);
  const other = quantum ? ' Or let the system’s ssh make the connection: transport openssh for this host.' : '';
  return step('key-exchange', 'failed', `${why}: ${offered.join(', ') || failure.message}.`, {
    ...fix,
    advice: fix.advice + other,
  });
}

function exchangeText({ hello: { offer }, ours }: LoginEvidence): string {
  if (offer === undefined || ours === undefined) return 'done';
  const chosen = [agreed(ours.kex, offer.kex), agreed(ours.hostKey, offer.hostKey), agreed(ours.cipher, offer.cipher)];
  const text = chosen.filter((name) => name !== undefined).join(', ');
  return offer.kex.some(isPostQuantum) ? `${text}; not post-quantum, though the server could` : text;
}

function acceptedBy({ tried }: LoginEvidence, keyNames: ReadonlyMap<string, string>): string {
  const last = tried.at(-1);
  return last === undefined || last.method === 'none' ? 'no credentials at all' : credentialText(last, keyNames);
}

function triedBefore({ tried }: LoginEvidence, keyNames: ReadonlyMap<string, string>): string {
  const before = tried.slice(0, -1).filter(({ method }) => method !== 'none');
  return before.length === 0
    ? ''
    : `; refused before: ${before.map((one) => credentialText(one, keyNames)).join(', ')}`;
}

function offeredText({ tried, methods }: LoginEvidence, keyNames: ReadonlyMap<string, string>): string {
  const offered = tried.filter(({ method }) => method !== 'none').map((one) => credentialText(one, keyNames));
  const takes = methods.length === 0 ? '' : ` The server takes: ${methods.join(', ')}.`;
  return `${takes} ${offered.length === 0 ? 'Nothing was offered.' : `Offered: ${offered.join(', ')}.`}`;
}

function credentialText({ method, key }: Credential, keyNames: ReadonlyMap<string, string>): string {
  if (key === undefined) return method;
  return `${keyNames.get(key.fingerprint) ?? 'a key'} (${key.type} ${key.fingerprint})`;
}

/** Commands stand in a hint after the last colon or alone; here they are taken out to be shown on lines of their own. */
export function fixOf({ hint }: Failure): DoctorFix | undefined {
  if (hint === undefined) return undefined;
  const command = /(?:ssh-copy-id|ssh-keygen|chmod|ssh-add) [^—]*?(?= - or|$)/.exec(hint)?.[0];
  return command === undefined ? here(hint) : here(hint, command.trim());
}

const laterSteps: readonly DoctorStepId[] = [
  'exec',
  'sessions',
  'forward-tcp',
  'forward-unix',
  'docker',
  'compose',
  'keepalive',
];

/** What follows a login that did not come about. */
export function afterLogin(): DoctorStep[] {
  return skipped(laterSteps, 'not logged in');
}

/** What follows a login that did not last: the answers up to then can't be told from the loss. */
export function connectionLost(): DoctorStep[] {
  const [first = 'exec', ...rest] = laterSteps;
  const fix = here(
    'Try again. If it happens each time, the server’s log says why:',
    'sudo journalctl -u ssh -u sshd --since -10min',
  );
  return [
    step(first, 'failed', 'The connection was lost while the server was being asked what it allows.', {
      ...fix,
      on: 'host',
    }),
    ...skipped(rest, 'connection lost'),
  ];
}
