import { FailureError } from './failure.ts';

/** A remote Docker host as the user named it: a name, an address or an alias of their ssh_config. */
export interface Target {
  readonly host: string;
  /** Only what the user wrote: absent means ssh_config or ssh's default decides. */
  readonly user?: string;
  readonly port?: number;
}

const forms = 'Write ssh://user@host:port, user@host, or an alias of your ~/.ssh/config.';
/** What OpenSSH refuses in a host name or user, plus what would make a URL ambiguous. */
const forbiddenInHost = /[\s\p{Cc}\p{Cf}'"`$\\;&<>|(){}[\]*?!,/@:#%=]/u;
const forbiddenInUser = /[\s\p{Cc}\p{Cf}'"`$\\;&<>|(){}]/u;

function invalid(message: string, hint = forms): FailureError {
  return new FailureError({ code: 'target-invalid', message, hint });
}

/** The text as a target. Throws a `target-invalid` failure that says which part is wrong. */
export function parseTarget(text: string): Target {
  if (text === '') throw invalid('The target is empty.');
  if (/[\s\p{Cc}]/u.test(text)) throw invalid('The target contains a space or a control character.');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  if (scheme !== undefined && scheme.toLowerCase() !== 'ssh') {
    throw invalid(`Towline reaches hosts by ssh, not by ${scheme}.`);
  }
  if (scheme === undefined && text.startsWith('-')) throw invalid(`${text} looks like an option, not like a host.`);
  const url = scheme !== undefined;
  const authority = url ? withoutPath(text.slice(scheme.length + 3)) : text;
  const at = authority.lastIndexOf('@');
  const user = at === -1 ? undefined : parseUser(authority.slice(0, at), url);
  const { host, port } = parseHostPort(authority.slice(at + 1), url);
  return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
}

function withoutPath(rest: string): string {
  const end = rest.search(/[/?#]/);
  if (end === -1) return rest;
  if (rest.slice(end) === '/') return rest.slice(0, end);
  throw invalid(`The target has a path (${rest.slice(end)}); a Docker host is a whole machine.`);
}

function parseUser(raw: string, url: boolean): string {
  if (url && raw.includes(':')) {
    throw invalid(
      'The target contains a password.',
      'Never put a password in a URL: leave it out, Towline asks for it when the host wants one.',
    );
  }
  const user = url ? percentDecoded(raw) : raw;
  if (user === '') throw invalid('The user before the @ is empty.');
  if (user.startsWith('-')) throw invalid(`The user ${user} begins with a dash.`);
  if (forbiddenInUser.test(user)) throw invalid('The user contains a character that ssh does not allow there.');
  return user;
}

function percentDecoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw invalid('The user contains a broken percent-escape.', 'Write a literal % as %25.');
  }
}

function parseHostPort(raw: string, url: boolean): { host: string; port?: number } {
  if (raw === '') throw invalid('The target names no host.');
  if (raw.startsWith('[')) return parseBracketed(raw);
  const colons = raw.split(':').length - 1;
  if (colons > 1) {
    if (!url && isIpv6(raw)) return { host: raw };
    throw invalid(`${raw} has more than one colon.`, `An IPv6 address stands in brackets: ssh://[::1]:22.`);
  }
  const [host = '', portText] = raw.split(':');
  if (portText !== undefined && !url) {
    throw invalid(`${raw} has a port, but is not a URL.`, `Write ssh://${raw} to name a port.`);
  }
  if (host === '') throw invalid('The target names no host.');
  if (host.startsWith('-')) throw invalid(`The host ${host} begins with a dash.`);
  if (forbiddenInHost.test(host)) throw invalid('The host contains a character that no host name has.');
  return portText === undefined ? { host } : { host, port: parsePort(portText) };
}

function parseBracketed(raw: string): { host: string; port?: number } {
  const match = /^\[([^[\]]*)\](?::(.*))?$/.exec(raw);
  const host = match?.[1]?.replace('%25', '%') ?? '';
  if (!isIpv6(host)) throw invalid(`${raw} is not an IPv6 address in brackets.`, 'Like this: ssh://[::1]:22.');
  return match?.[2] === undefined ? { host } : { host, port: parsePort(match[2]) };
}

function parsePort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535)
    throw invalid(`${text || 'Nothing'} is not a port.`, 'A port is a number from 1 to 65535.');
  return port;
}

/** Whether the text is an IPv6 address, with or without a scope (`fe80::1%eth0`). */
function isIpv6(text: string): boolean {
  const [address = '', scope, ...more] = text.split('%');
  if (more.length > 0 || (scope !== undefined && !/^[A-Za-z0-9._-]+$/.test(scope))) return false;
  const [head = '', tail, ...rest] = address.split('::');
  if (rest.length > 0) return false;
  const groups = [...groupsOf(head), ...groupsOf(tail ?? '')];
  const last = groups.at(-1) ?? '';
  const embedsIpv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(last);
  const hex = embedsIpv4 ? groups.slice(0, -1) : groups;
  if (embedsIpv4 && (tail ?? head) !== '' && !address.endsWith(last)) return false;
  const size = hex.length + (embedsIpv4 ? 2 : 0);
  return hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (tail === undefined ? size === 8 : size < 8);
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}

/** The target in the form `parseTarget` reads back: a bare name where nothing else was said, otherwise a URL. */
export function formatTarget(target: Target): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  if (target.user === undefined && target.port === undefined) return target.host;
  const user = target.user === undefined ? '' : `${encodeURIComponent(target.user)}@`;
  return `ssh://${user}${host}${target.port === undefined ? '' : `:${target.port}`}`;
}

/**
 * A stable id for the target, fit for a file name and a Docker context name: [a-z0-9._-], at most 60 characters.
 * A plain lower-case name is its own id; whatever had to be changed carries a hash of the whole, so that no two meet.
 */
export function hostIdOf(target: Target): string {
  const plain = target.user === undefined && target.port === undefined;
  if (plain && /^[a-z0-9][a-z0-9._-]{0,59}$/.test(target.host) && !/_[0-9a-z]{8}$/.test(target.host))
    return target.host;
  const readable = [target.user, target.host, target.port]
    .filter((part) => part !== undefined)
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 51);
  return `${readable === '' ? 'host' : readable}_${shortHash(formatTarget(target))}`;
}

/** Two independent 32-bit FNV-1a-like hashes folded into eight characters of base 36 (41 bits). */
function shortHash(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let i = 0; i < text.length; i += 1) {
    high = Math.imul(high ^ text.charCodeAt(i), 0x01000193);
    low = Math.imul(low ^ text.charCodeAt(i), 0x85ebca6b);
    low ^= low >>> 15;
  }
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return (bits % 36n ** 8n).toString(36).padStart(8, '0');
}
