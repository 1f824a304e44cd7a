import { bool, byte, string, uint32, WireReader } from './wire.ts';

/** What the server says about channels (RFC 4254), as far as a client that opens channels has to hear it. */
export type ServerMessage = { readonly channel: number } & (
  | { readonly kind: 'open-confirmed'; readonly peer: number; readonly window: number; readonly maxPacket: number }
  | { readonly kind: 'open-refused'; readonly reason: number; readonly description: string }
  | { readonly kind: 'window-adjust'; readonly bytes: number }
  | { readonly kind: 'data'; readonly data: Buffer }
  | { readonly kind: 'stderr'; readonly data: Buffer }
  | { readonly kind: 'eof' | 'close' | 'success' | 'failure' }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'exit-signal'; readonly signal: string }
  | { readonly kind: 'request'; readonly wantReply: boolean }
);

const number = {
  open: 90,
  openConfirmation: 91,
  openFailure: 92,
  windowAdjust: 93,
  data: 94,
  extendedData: 95,
  eof: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const;

const noPadding = byte(0);

/** Undefined for a message that is not about a channel of ours. `frame` begins with the length of its padding, which is 0. */
export function readServerMessage(frame: Buffer): ServerMessage | undefined {
  const reader = new WireReader(frame);
  reader.byte();
  const type = reader.byte();
  if (type < number.openConfirmation || type > number.failure) return undefined;
  const channel = reader.uint32();
  switch (type) {
    case number.openConfirmation:
      return {
        channel,
        kind: 'open-confirmed',
        peer: reader.uint32(),
        window: reader.uint32(),
        maxPacket: reader.uint32(),
      };
    case number.openFailure:
      return { channel, kind: 'open-refused', reason: reader.uint32(), description: reader.text() };
    case number.windowAdjust:
      return { channel, kind: 'window-adjust', bytes: reader.uint32() };
    case number.data:
      return { channel, kind: 'data', data: reader.string() };
    case number.extendedData:
      reader.uint32(); // stderr is the only kind there is
      return { channel, kind: 'stderr', data: reader.string() };
    case number.eof:
      return { channel, kind: 'eof' };
    case number.close:
      return { channel, kind: 'close' };
    case number.request:
      return { channel, ...readRequest(reader) };
    case number.success:
      return { channel, kind: 'success' };
    default:
      return { channel, kind: 'failure' };
  }
}

type Request =
  { kind: 'exit'; code: number } | { kind: 'exit-signal'; signal: string } | { kind: 'request'; wantReply: boolean };

function readRequest(reader: WireReader): Request {
  const name = reader.text();
  const wantReply = reader.bool();
  switch (name) {
    case 'exit-status':
      return { kind: 'exit', code: reader.uint32() };
    case 'exit-signal':
      return { kind: 'exit-signal', signal: reader.text() };
    default:
      return { kind: 'request', wantReply };
  }
}

/** `details` is what the type of channel wants beside the common fields. */
export function openMessage(options: {
  type: string;
  channel: number;
  window: number;
  maxPacket: number;
  details: Buffer;
}): Buffer {
  const { type, channel, window, maxPacket, details } = options;
  return message(number.open, string(type), uint32(channel), uint32(window), uint32(maxPacket), details);
}

export function windowAdjustMessage(peer: number, bytes: number): Buffer {
  return message(number.windowAdjust, uint32(peer), uint32(bytes));
}

/** In one copy: it is what all bytes go through. */
export function dataMessage(peer: number, data: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(14 + data.length);
  bytes.writeUInt32BE(10 + data.length);
  bytes.writeUInt8(0, 4);
  bytes.writeUInt8(number.data, 5);
  bytes.writeUInt32BE(peer, 6);
  bytes.writeUInt32BE(data.length, 10);
  data.copy(bytes, 14);
  return bytes;
}

export function eofMessage(peer: number): Buffer {
  return message(number.eof, uint32(peer));
}

export function closeMessage(peer: number): Buffer {
  return message(number.close, uint32(peer));
}

/** The answer to a request that we do not know, a server's keepalive among them. */
export function failureMessage(peer: number): Buffer {
  return message(number.failure, uint32(peer));
}

export function execMessage(peer: number, command: string): Buffer {
  return message(number.request, uint32(peer), string('exec'), bool(true), string(command));
}

export function signalMessage(peer: number, signal: string): Buffer {
  return message(number.request, uint32(peer), string('signal'), bool(false), string(signal));
}

function message(type: number, ...parts: readonly Buffer[]): Buffer {
  return string(Buffer.concat([noPadding, byte(type), ...parts]));
}
