import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openControlSocket } from '../../../../engine/ssh/openssh/control-socket.ts';
import { FrameSplitter } from '../../../../engine/ssh/openssh/frame-splitter.ts';
import type { MuxConnection } from '../../../../engine/ssh/openssh/mux-connection.ts';
import { bool, byte, framed, string, uint32, WireReader } from '../../../../engine/ssh/openssh/wire.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** A message of the connection protocol, as the server of a connection would send it through a master. */
export function message(type: number, ...parts: Buffer[]): Buffer {
  return framed(byte(0), byte(type), ...parts);
}

export const said = {
  opened: (channel: number, window = 1 << 20): Buffer =>
    message(91, ...[channel, 70 + channel, window, 1000].map(uint32)),
  refused: (channel: number, reason: number): Buffer =>
    message(92, uint32(channel), uint32(reason), string('no'), string('')),
  adjust: (channel: number, bytes: number): Buffer => message(93, uint32(channel), uint32(bytes)),
  data: (channel: number, data: string | Buffer): Buffer => message(94, uint32(channel), string(data)),
  eof: (channel: number): Buffer => message(96, uint32(channel)),
  close: (channel: number): Buffer => message(97, uint32(channel)),
  exit: (channel: number, code: number): Buffer =>
    message(98, uint32(channel), string('exit-status'), bool(false), uint32(code)),
  keepalive: (channel: number): Buffer => message(98, uint32(channel), string('keepalive@openssh.com'), bool(true)),
  success: (channel: number): Buffer => message(99, uint32(channel)),
};

/** The far end of a control socket, played by hand. */
export class FakeMaster {
  readonly heard: { type: number; body: Buffer }[] = [];
  readonly connection: MuxConnection;
  readonly #socket: Socket;
  readonly #close: () => Promise<void>;

  private constructor(connection: MuxConnection, socket: Socket, frames: FrameSplitter, close: () => Promise<void>) {
    this.connection = connection;
    this.#socket = socket;
    this.#close = close;
    socket.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) this.heard.push({ type: frame[1] ?? 0, body: frame.subarray(2) });
    });
  }

  static async start({ version = 4, answer = 0x8000000f } = {}): Promise<FakeMaster> {
    const folder = await mkdtemp(join(tmpdir(), 'fake-master-'));
    const path = join(folder, 'm');
    const server: Server = createServer().listen(path);
    await once(server, 'listening');
    const frames = new FrameSplitter();
    const accepted = (once(server, 'connection') as Promise<[Socket]>).then(([socket]) => {
      socket.on('error', () => undefined);
      const greet = (chunk: Buffer): void => {
        for (const frame of frames.push(chunk)) {
          if (new WireReader(frame).uint32() !== 0x1000000f) continue;
          socket.off('data', greet);
          socket.write(framed(uint32(answer), uint32(0)));
        }
      };
      socket.on('data', greet);
      socket.write(framed(uint32(1), uint32(version)));
      return socket;
    });
    const close = async (): Promise<void> => {
      (await accepted).destroy();
      server.close();
      await rm(folder, { recursive: true });
    };
    try {
      return new FakeMaster(await openControlSocket(path), await accepted, frames, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  say(...messages: Buffer[]): void {
    this.#socket.write(Buffer.concat(messages));
  }

  /** The bodies of what came of this type, once there are so many. */
  async hears(type: number, count = 1): Promise<Buffer[]> {
    const bodies = (): Buffer[] => this.heard.filter((one) => one.type === type).map((one) => one.body);
    await waitFor(() => bodies().length >= count, { what: `${count} messages ${type}` });
    return bodies();
  }

  async dispose(): Promise<void> {
    this.connection.close();
    await this.#close();
  }
}
