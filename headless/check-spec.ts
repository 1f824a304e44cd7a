import { FailureError } from '../shared/failure.ts';
import { endpointCheckSchema, type EndpointCheck } from '../shared/stack.ts';

/**
 * A check as one types it: `tcp:[HOST:]PORT`, `tls:HOST[:PORT] [DAYS]`, `http(s)://… [STATUS] [~REGEX]`; `direct` in front of it
 * asks from this machine instead of from the host, `insecure` takes any certificate. Throws `usage`.
 */
export function parseCheckSpec(text: string): EndpointCheck {
  const [, front = '', target = '', rest = ''] =
    /^((?:direct\s+|insecure\s+)*)(\S+)(?:\s+(.*))?$/s.exec(text.trim()) ?? [];
  const via = front.includes('direct') ? 'direct' : 'host';
  const insecure = front.includes('insecure') ? { insecure: true } : {};
  const check = endpointCheckSchema.safeParse({ via, ...insecure, ...fieldsOf(target, rest) });
  if (check.success) return check.data;
  throw new FailureError({
    code: 'usage',
    message: `${text} is not a check.`,
    hint: "Write tcp:PORT, tcp:HOST:PORT, tls:HOST:PORT DAYS, or a URL with the expected status and pattern: 'http://127.0.0.1:8080/ 200 ~ok'.",
  });
}

function fieldsOf(target: string, rest: string): object | undefined {
  const [, kind, address = ''] = /^(tcp|tls):(.+)$/.exec(target) ?? [];
  if (kind === undefined) {
    const [, status, body] = /^(\d{3})?\s*(?:~(.*))?$/s.exec(rest) ?? [undefined, 'none'];
    return {
      ...{ kind: 'http', url: target },
      ...(status === undefined ? {} : { status: Number(status) }),
      ...(body === undefined ? {} : { body }),
    };
  }
  const [, behind, port, alone] = /^(?:(?:(\[[^\]]+\]|[^:]+):)?(\d+)|(\[[^\]]+\]|[^:]+))$/.exec(address) ?? [];
  const host = behind ?? alone;
  if (!/^\d*$/.test(rest)) return undefined;
  return {
    kind,
    ...(host === undefined ? {} : { host: host.replace(/^\[|\]$/g, '') }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(kind === 'tls' && rest !== '' ? { minDays: Number(rest) } : {}),
  };
}
