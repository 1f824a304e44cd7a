/** As much of D-Bus's wire format as two questions to the bus itself need: little-endian, bodies of one string or none. */

const type = { methodCall: 1, methodReturn: 2, error: 3 } as const;

/** Header fields: code and the signature of its value. */
const field = { path: 1, interface: 2, member: 3, replySerial: 5, destination: 6, signature: 8 } as const;

export interface BusReply {
  readonly serial: number;
  readonly ok: boolean;
  readonly body: Buffer;
}

/** A call to the bus; with an argument, a string. */
export function busCall(serial: number, member: string, argument?: string): Buffer {
  const body = argument === undefined ? Buffer.alloc(0) : text(argument);
  const fields = [
    variant(field.path, 'o', text('/org/freedesktop/DBus')),
    variant(field.interface, 's', text('org.freedesktop.DBus')),
    variant(field.member, 's', text(member)),
    variant(field.destination, 's', text('org.freedesktop.DBus')),
    ...(argument === undefined ? [] : [variant(field.signature, 'g', signature('s'))]),
  ];
  const array = fields.reduce((all, one) => Buffer.concat([padded(all, 8), one]), Buffer.alloc(0));
  const head = Buffer.alloc(16);
  head.write('l', 0, 'latin1');
  head.writeUInt8(type.methodCall, 1);
  head.writeUInt8(1, 3); // the protocol's version
  head.writeUInt32LE(body.length, 4);
  head.writeUInt32LE(serial, 8);
  head.writeUInt32LE(array.length, 12);
  return Buffer.concat([padded(Buffer.concat([head, array]), 8), body]);
}

/** The first whole message of what has arrived: a reply, or `other` for what is none; undefined while it is not whole. */
export function readBusMessage(data: Buffer): { reply: BusReply | undefined; length: number } | undefined {
  if (data.length < 16) return undefined;
  const bodyLength = data.readUInt32LE(4);
  const fieldsEnd = 16 + data.readUInt32LE(12);
  const bodyStart = aligned(fieldsEnd, 8);
  const length = bodyStart + bodyLength;
  if (data.length < length) return undefined;
  const kind = data.readUInt8(1);
  const body = data.subarray(bodyStart, length);
  if (kind !== type.methodReturn && kind !== type.error) return { reply: undefined, length };
  return { reply: { serial: replySerial(data.subarray(0, fieldsEnd)), ok: kind === type.methodReturn, body }, length };
}

/** The serial that a reply answers: the one field of type `u`. */
function replySerial(head: Buffer): number {
  for (let at = 16; at < head.length;) {
    const code = head.readUInt8(at);
    const kind = head.toString('latin1', at + 2, at + 3);
    const value = at + 4;
    if (code === field.replySerial) return head.readUInt32LE(value);
    const end =
      kind === 'u'
        ? value + 4
        : kind === 'g'
          ? value + head.readUInt8(value) + 2
          : value + head.readUInt32LE(value) + 5;
    at = aligned(end, 8);
  }
  return 0;
}

function variant(code: number, kind: 'o' | 's' | 'g', value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([code]), signature(kind), value]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length - 1);
  return Buffer.concat([length, bytes]);
}

function signature(kind: string): Buffer {
  return Buffer.from([kind.length, ...Buffer.from(`${kind}\0`)]);
}

function padded(data: Buffer, to: number): Buffer {
  return Buffer.concat([data, Buffer.alloc(aligned(data.length, to) - data.length)]);
}

function aligned(offset: number, to: number): number {
  return Math.ceil(offset / to) * to;
}
