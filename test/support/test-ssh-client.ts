import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from 'ssh2';

/** ssh2's client on a test sshd, authenticated; by default as a user without any credentials. */
export async function connectTestClient(port: number, config: ConnectConfig = {}): Promise<Client> {
  const client = new ssh2.Client();
  client.on('error', () => undefined); // what a test does to the connection later
  const ready = once(client, 'ready'); // rejects on `error`
  client.connect({ host: '127.0.0.1', port, username: 'tester', ...config });
  await ready;
  return client;
}

export function openTcpChannel(client: Client, port: number, host = '127.0.0.1'): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

export function openUnixChannel(client: Client, path: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.openssh_forwardOutStreamLocal(path, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

export function openExec(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

/** Runs a command to its end, with nothing on its stdin. */
export async function runCommand(
  client: Client,
  command: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const channel = await openExec(client, command);
  const closed = once(channel, 'close') as Promise<[number]>;
  channel.end();
  const [stdout, stderr, [code]] = await Promise.all([text(channel), text(channel.stderr), closed]);
  return { code, stdout, stderr };
}
