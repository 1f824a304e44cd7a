import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';
import { FailureError } from '../../shared/failure.ts';

/** What a proxy said last on stderr goes into the message when it fails; more is of no use. */
const keptStderr = 2_000;

/** Starts a ProxyCommand by the user's shell, as ssh does, and gives its stdin and stdout as one stream. */
export function openProxyCommand(command: string, env: NodeJS.ProcessEnv): Duplex {
  const child = spawn(env['SHELL'] || '/bin/sh', ['-c', `exec ${command}`], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  return new ProxyStream(command, child);
}

/** Ending it ends the process; a process that fails ends it with an error that quotes what the process said on stderr. */
class ProxyStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(command: string, child: ChildProcessWithoutNullStreams) {
    super();
    this.#child = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-keptStderr);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdin.on('error', () => undefined); // it has gone; how it ended is what counts
    child.once('error', (error) => this.destroy(proxyFailed(command, error.message)));
    child.once('close', (code: number | null, signal: NodeJS.Signals | null) => {
      if (code === 0) this.push(null);
      else
        this.destroy(proxyFailed(command, said.trim() || (code === null ? `ended by ${signal}` : `exit code ${code}`)));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }
}

function proxyFailed(command: string, why: string): FailureError {
  return new FailureError({
    code: 'proxy-command-failed',
    message: `The ProxyCommand "${command}" failed: ${why}.`,
    hint: 'Try it in a terminal; it has to reach the SSH server by itself.',
  });
}
