import type { DiagnosticsBundle, DiagnosticsRequest } from '../../shared/diagnostics.ts';
import type { DoctorStep } from '../../shared/doctor.ts';
import type { HostProfile } from '../../shared/host.ts';
import type { Clock } from '../base/clock.ts';
import type { DiagnosticsCommands } from '../commands.ts';
import { noHost } from '../engine-failures.ts';
import type { Paths } from '../paths.ts';
import type { SettingsFile } from '../settings-file.ts';
import type { StateStore } from '../state-store.ts';
import type { TimelineSource } from '../timeline/timeline.ts';
import { BundleRedactor } from './bundle-redactor.ts';
import { findSecrets } from './known-secrets.ts';
import { readLogTail } from './log-tail.ts';
import { readme, type BundlePart } from './readme.ts';
import { findVersions } from './versions.ts';
import { zip } from './zip.ts';

export interface DiagnosticsOptions {
  readonly settings: SettingsFile;
  readonly store: StateStore;
  readonly timeline: TimelineSource;
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** The hosts of this run that are not saved, too. */
  readonly profileOf: (hostId: string) => HostProfile | undefined;
  readonly examine: (profile: HostProfile | undefined, signal: AbortSignal) => AsyncIterable<DoctorStep>;
}

const maxLogBytes = 5_000_000;
/** After so many lines others get their turn: reading the log must not delay a forward. */
const linesAtOnce = 200;

/** Puts together what a person needs who is asked what is wrong. */
export class Diagnostics implements DiagnosticsCommands {
  readonly #options: DiagnosticsOptions;

  constructor(options: DiagnosticsOptions) {
    this.#options = options;
  }

  /** Rejects with `host-not-found`, or when aborted. */
  async collect({ hostId, alone = false }: DiagnosticsRequest, signal: AbortSignal): Promise<DiagnosticsBundle> {
    const { clock } = this.#options;
    const at = clock.now();
    const parts = await this.#parts(hostId, signal);
    const all = [{ name: 'README.txt', about: 'what is in here', text: readme(parts, { at, alone }) }, ...parts];
    const entries = all.map(({ name, text }) => ({ name, content: Buffer.from(text) }));
    return {
      name: `towline-diagnostics-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}Z.zip`,
      zip: (await zip(entries, at)).toString('base64'),
      contents: all.map(({ name, about, text }) => ({ name, about, bytes: Buffer.byteLength(text) })),
    };
  }

  async #parts(hostId: string | undefined, signal: AbortSignal): Promise<BundlePart[]> {
    const { settings, store, timeline, paths, env } = this.#options;
    const profile = hostId === undefined ? undefined : this.#profile(hostId);
    const stackDirs = settings.settings.stacks.map(({ dir }) => dir);
    const secrets = await findSecrets({ env, stackDirs, tokenFiles: [paths.scrapeTokenFile] });
    const redactor = new BundleRedactor(secrets);
    const lines = async (from: readonly string[]): Promise<string> =>
      inTurns(from, (line) => redactor.line(line), signal);
    const entries = timeline.read({}).map((entry) => JSON.stringify(entry));
    const log = await readLogTail(paths.logFile, maxLogBytes).catch((error: unknown) => [unavailable(error)]);
    return [
      {
        name: 'versions.json',
        about: 'Towline, Node, the system, Docker and SSH, here and on the hosts',
        text: redactor.json(await findVersions(store.state, env)),
      },
      { name: 'settings.json', about: 'the settings in force', text: redactor.json(settings.settings) },
      {
        name: 'state.json',
        about: 'hosts, forwards, stacks and warnings as they are',
        text: redactor.json(store.state),
      },
      {
        name: 'doctor.json',
        about:
          profile === undefined
            ? 'what the doctor says of this machine'
            : 'what the doctor says of this machine and the host',
        text: redactor.json(await this.#doctor(profile, signal)),
      },
      { name: 'timeline.ndjson', about: 'what has happened, oldest first', text: await lines(entries) },
      { name: 'towline.log', about: 'the newest lines of the log, oldest first', text: await lines(log) },
    ];
  }

  /** What it has found; where it fell ill itself, that too. */
  async #doctor(profile: HostProfile | undefined, signal: AbortSignal): Promise<unknown[]> {
    const steps: unknown[] = [];
    try {
      for await (const step of this.#options.examine(profile, signal)) steps.push(step);
    } catch (error) {
      signal.throwIfAborted();
      steps.push({ error });
    }
    return steps;
  }

  #profile(hostId: string): HostProfile {
    const { profileOf, settings } = this.#options;
    const profile = profileOf(hostId);
    if (profile !== undefined) return profile;
    throw noHost(
      hostId,
      settings.settings.hosts.map(({ id }) => id),
    );
  }
}

function unavailable(error: unknown): string {
  return `The log could not be read: ${(error as Error).message}`;
}

async function inTurns(
  from: readonly string[],
  change: (line: string) => string,
  signal: AbortSignal,
): Promise<string> {
  const done: string[] = [];
  for (const [index, line] of from.entries()) {
    done.push(`${change(line)}\n`);
    if (index % linesAtOnce === linesAtOnce - 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  }
  return done.join('');
}
