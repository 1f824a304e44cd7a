import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Disposable } from '../../engine/base/disposables.ts';

/** SSH_AGENTC_* of the agent protocol. */
const requests: Readonly<Record<number, 'list' | 'sign'>> = { 11: 'list', 13: 'sign' };

/** SSH_AGENT_FAILURE: it does not know the request. */
const failure = Buffer.from([5]);

/** An agent that names its keys, or does not even do that, and never signs. */
export interface TestAgent extends Disposable {
  /** The kinds of requests heard. */
  readonly heard: readonly ('list' | 'sign' | 'other')[];
  /** Connections that its clients have not ended. */
  readonly open: number;
}

/** Listens at `path`. Without `keys` (public key blobs) it answers nothing at all. */
export async function startTestAgent(path: string, keys?: readonly Buffer[]): Promise<TestAgent> {
  const heard: TestAgent['heard'][number][] = [];
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    client.on('error', () => undefined); // a client that hangs up
    let begun = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      begun = Buffer.concat([begun, chunk]);
      if (begun.length < 4 || begun.length < 4 + begun.readUInt32BE()) return; // one request at a time, in pieces
      const kind = requests[begun[4] ?? 0] ?? 'other';
      begun = Buffer.alloc(0);
      heard.push(kind);
      if (keys === undefined || kind === 'sign') return;
      client.write(kind === 'list' ? identities(keys) : string(failure));
    });
  }).listen(path);
  await once(server, 'listening');
  return {
    heard,
    get open() {
      return clients.size;
    },
    async dispose() {
      for (const client of clients) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** SSH_AGENT_IDENTITIES_ANSWER. */
function identities(keys: readonly Buffer[]): Buffer {
  const body = Buffer.concat([
    Buffer.from([12]),
    uint32(keys.length),
    ...keys.flatMap((key, index) => [string(key), string(Buffer.from(`key-${index + 1}`))]),
  ]);
  return string(body);
}

function string(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
