import { FailureError } from '../shared/failure.ts';
import type { ForwardTarget } from '../shared/forward.ts';

/** A forward as one types it. */
export interface ForwardSpec {
  readonly bind?: string;
  readonly localPort: number;
  readonly target: ForwardTarget;
}

/** `[BIND:]PORT:HOST:HOSTPORT` or `[BIND:]PORT:/SOCKET` as for `ssh -L`; a bare `PORT` is the same one on the host's loopback. */
export function parseForwardSpec(text: string): ForwardSpec {
  const parts = split(text);
  const last = parts.at(-1) ?? '';
  if (parts.length === 1)
    return { localPort: port(last, text), target: { kind: 'tcp', address: '127.0.0.1', port: port(last, text) } };
  const socket = last.startsWith('/');
  const head = parts.slice(0, socket ? -1 : -2);
  const localPort = port(head.at(-1) ?? '', text);
  const bind = head.length === 2 ? { bind: head[0] ?? '' } : {};
  if (head.length < 1 || head.length > 2 || bind.bind === '') throw invalid(text);
  if (socket) return { ...bind, localPort, target: { kind: 'unix', path: last } };
  const address = parts.at(-2) ?? '';
  if (address === '') throw invalid(text);
  return { ...bind, localPort, target: { kind: 'tcp', address, port: port(last, text) } };
}

/** At colons, but not at those of an IPv6 address in brackets, nor inside a path. */
function split(text: string): string[] {
  const path = /:(\/.*)$/s.exec(text);
  if (path !== null) return [...split(text.slice(0, path.index)), path[1] ?? ''];
  return [...text.matchAll(/(?:^|:)(?:\[([^\]]*)\]|([^:]*))/g)].map((part) => part[1] ?? part[2] ?? '');
}

function port(text: string, whole: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 65535) throw invalid(whole);
  return number;
}

function invalid(text: string): FailureError {
  return new FailureError({
    code: 'usage',
    message: `${text} is not a forward.`,
    hint: 'Write PORT, PORT:HOST:HOSTPORT or PORT:/path/of/socket, with the local address in front if it is another one: [::1]:8080:db:5432.',
  });
}
