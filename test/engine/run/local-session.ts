import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Duplex, type Readable } from 'node:stream';
import { remoteCommand } from '../../../engine/base/remote-command.ts';
import type { CommandSession } from '../../../engine/run/command-run.ts';

/** The remote program's session, run by a shell of this machine as sshd would run it: in a process group of its own. */
export class LocalSession extends Duplex implements CommandSession {
  readonly stderr: Readable;
  readonly signals: string[] = [];
  readonly exited: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #stdin: NonNullable<ChildProcess['stdin']>;
  readonly #stdout: Readable;
  /** What a server does that knows no signals. */
  deaf = false;

  constructor(shell: readonly [string, ...string[]] = ['/bin/sh']) {
    super({ autoDestroy: false, emitClose: false });
    const [name, ...args] = shell;
    const child = spawn(name, [...args, '-c', remoteCommand], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#stdin = child.stdin.on('error', () => undefined);
    this.#stdout = child.stdout;
    this.stderr = child.stderr;
    this.exited = once(child, 'close');
    child.stdout.on('data', (data: Buffer) => {
      if (!this.push(data)) child.stdout.pause();
    });
    child.stdout.once('close', () => this.push(null));
    this.once('end', () => this.emit('close'));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(name: string): void {
    this.signals.push(name);
    if (!this.deaf) process.kill(-this.pid, `SIG${name}`);
  }

  /** The connection is gone: nobody reads or writes the pipes any more. */
  cut(): void {
    this.emit('error', new Error('the connection was lost'));
    this.destroy();
  }

  override destroy(): this {
    this.#stdin.destroy();
    this.#stdout.destroy();
    this.stderr.destroy();
    return this;
  }

  override _read(): void {
    this.#stdout.resume();
  }

  override _write(data: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#stdin.write(data, () => done());
  }

  override _final(done: () => void): void {
    this.#stdin.end(() => done());
  }
}

/** Whether any process of the group is left, but for those that only wait to be reaped. */
export function groupLives(group: number): boolean {
  return processes().some((one) => one.group === group && one.state !== 'Z');
}

/** Linux tells it in /proc, and not every Linux has `ps`. */
function processes(): { group: number; state: string }[] {
  if (!existsSync('/proc/self/stat')) {
    const lines = execFileSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' }).trim().split('\n');
    return lines.map((line) => {
      const [group, state = ''] = line.trim().split(/ +/);
      return { group: Number(group), state: state.slice(0, 1) };
    });
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      const [state = 'Z', , group] = statOf(pid).split(' ');
      return { group: Number(group), state };
    });
}

/** State, parent and group, which follow the name in brackets. */
function statOf(pid: string): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2);
  } catch {
    return ''; // it has ended meanwhile
  }
}
