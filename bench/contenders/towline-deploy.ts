import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { command, nodeOptions, type Towline } from './towline.ts';

/** A deployment as its JSON lines tell it. */
export interface Deployed {
  /** From its begin until every file is verified and in its place, in ms. */
  readonly filesMs: number;
  /** What Compose takes after that: reading its files, images, `up`; in ms. */
  readonly composeMs: number;
  readonly totalMs: number;
  readonly bytesSent: number;
}

/** The parts of the lines that we read. */
interface Line {
  readonly event: string;
  readonly stage?: string;
  readonly atMs?: number;
  readonly outcome?: string;
  readonly durationMs?: number;
  readonly bytesSent?: number;
  readonly failure?: unknown;
}

/** Describes a stack to a running Towline; its gates ask for a moment only. */
export async function addStack(subject: Towline, name: string, dir: string): Promise<void> {
  for await (const _ of run(subject, ['stacks', 'add', name, '--host', 'bench', '--dir', dir, '--stable', '0.3']));
}

/** `towline deploy NAME --json`, through the running Towline. */
export async function deployed(subject: Towline, name: string): Promise<Deployed> {
  let [filesMs, upMs] = [Number.NaN, Number.NaN];
  for await (const text of run(subject, ['deploy', name, '--json'])) {
    const line = JSON.parse(text) as Line;
    if (line.event === 'stage' && line.stage === 'checking') filesMs = line.atMs ?? Number.NaN;
    if (line.event === 'stage' && line.stage === 'gating') upMs = line.atMs ?? Number.NaN;
    if (line.event !== 'result') continue;
    if (line.outcome !== 'succeeded') throw new Error(`the deployment ended so: ${text}`);
    const { durationMs: totalMs = Number.NaN, bytesSent = Number.NaN } = line;
    return { filesMs, composeMs: upMs - filesMs, totalMs, bytesSent };
  }
  throw new Error('the deployment gave no result');
}

async function* run(subject: Towline, args: readonly string[]): AsyncGenerator<string> {
  const child = spawn(process.execPath, [...nodeOptions(), command, ...args], {
    env: { ...process.env, TOWLINE_HOME: subject.home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  yield* createInterface(child.stdout);
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`towline ${args.join(' ')} ended with ${code}`);
}
