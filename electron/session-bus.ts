import { connect, type Socket } from 'node:net';
import { withTimeout, type Clock } from '../engine/base/clock.ts';
import { busCall, readBusMessage } from './bus-message.ts';

/** The bus is on this machine and has nothing else to do. */
const answerMs = 2_000;

/** Whether anybody owns a name on the user's session bus; false as well where there is no bus to ask. */
export async function busNameHasOwner(address: string | undefined, name: string, clock: Clock): Promise<boolean> {
  const path = busPath(address);
  if (path === undefined) return false;
  const socket = connect(path);
  try {
    return await withTimeout(clock, answerMs, ask(socket, name), () => new Error('the session bus does not answer'));
  } catch {
    return false; // no bus, or one that does not answer: nobody there to show anything
  } finally {
    socket.destroy();
  }
}

/** The first socket that an address such as `unix:path=/run/user/1000/bus,guid=…` names; Linux's abstract ones too. */
export function busPath(address: string | undefined): string | undefined {
  for (const one of (address ?? '').split(';')) {
    const [, kind, value] = /^unix:(?:.*,)?(path|abstract)=([^,]*)/.exec(one) ?? [];
    if (value !== undefined) return `${kind === 'abstract' ? '\0' : ''}${decodeURIComponent(value)}`;
  }
  return undefined;
}

function ask(socket: Socket, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let data = Buffer.alloc(0);
    let greeted = false;
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the session bus hung up')));
    socket.once('connect', () => {
      const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
      socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      data = Buffer.concat([data, chunk]);
      if (!greeted) {
        const end = data.indexOf('\r\n');
        if (end < 0) return;
        if (!data.toString('latin1', 0, end).startsWith('OK')) return reject(new Error('the session bus refuses us'));
        data = data.subarray(end + 2);
        greeted = true;
        socket.write(Buffer.concat([Buffer.from('BEGIN\r\n'), busCall(1, 'Hello'), busCall(2, 'NameHasOwner', name)]));
      }
      for (let message = readBusMessage(data); message !== undefined; message = readBusMessage(data)) {
        data = data.subarray(message.length);
        if (message.reply?.serial === 2) return resolve(message.reply.ok && message.reply.body.readUInt32LE(0) === 1);
      }
    });
  });
}
