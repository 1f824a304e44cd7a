import type { Connection } from 'ssh2';

/** Why a channel is not opened, as RFC 4254 §5.1 numbers it, and the words that go with it. */
export interface Refusal {
  readonly refused: RefusalReason;
  readonly description: string;
}

export type RefusalReason = keyof typeof reasonCodes;

const reasonCodes = { prohibited: 1, 'connect-failed': 2, 'unknown-channel-type': 3, 'resource-shortage': 4 } as const;

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}

/** What ssh2's server calls, synchronously, from each `reject()`. */
interface Protocol {
  channelOpenFail(recipient: number, reason: number, description: string): void;
}

/**
 * ssh2's `reject()` has no way to say why: it always sends "connect failed" and no words.
 * This gives one connection a `reject` that does.
 */
export function refuser(connection: Connection): (reject: () => void, refusal: Refusal) => void {
  const protocol = (connection as Connection & { readonly _protocol: Protocol })._protocol;
  const send = protocol.channelOpenFail.bind(protocol);
  let saying: Refusal | undefined;
  protocol.channelOpenFail = (recipient, reason, description) => {
    if (saying === undefined) send(recipient, reason, description);
    else send(recipient, reasonCodes[saying.refused], saying.description);
  };
  return (reject, refusal) => {
    saying = refusal;
    try {
      reject();
    } finally {
      saying = undefined;
    }
  };
}
