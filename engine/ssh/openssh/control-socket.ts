import { connect, type Socket } from 'node:net';
import { FrameSplitter } from './frame-splitter.ts';
import { MuxConnection } from './mux-connection.ts';
import { framed, uint32, WireReader } from './wire.ts';

/** OpenSSH's PROTOCOL.mux: the few words of it that lead into proxy mode. */
const hello = 1;
const version = 4;
const wantProxy = 0x1000000f;
const isProxy = 0x8000000f;
const requestId = 0;

/** Connects to the control socket of a master and makes it carry our channels. Rejects if it is no such socket. */
export function openControlSocket(path: string): Promise<MuxConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const frames = new FrameSplitter();
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const onClose = (): void => fail(new Error('the master closed its control socket'));
    const onData = (chunk: Buffer): void => {
      try {
        const state = greet(frames.push(chunk), socket);
        if (state !== 'proxy') return;
      } catch (error) {
        return fail(error as Error);
      }
      socket.removeAllListeners();
      resolve(new MuxConnection(socket, frames));
    };
    socket.once('error', fail);
    socket.once('close', onClose);
    socket.on('data', onData);
  });
}

/** Answers the master's words one by one; `proxy` once it has agreed. It says nothing more before we do. */
function greet(messages: readonly Buffer[], socket: Socket): 'greeting' | 'proxy' {
  for (const message of messages) {
    const reader = new WireReader(message);
    const type = reader.uint32();
    if (type === isProxy) return 'proxy';
    const spoken = reader.uint32();
    if (type !== hello) throw new Error(`the master refused to be a proxy (${type.toString(16)})`);
    if (spoken !== version) throw new Error(`the master speaks version ${spoken} of the control protocol`);
    socket.write(framed(uint32(hello), uint32(version)));
    socket.write(framed(uint32(wantProxy), uint32(requestId)));
  }
  return 'greeting';
}
