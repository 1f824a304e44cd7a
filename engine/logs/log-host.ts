import type { Readable } from 'node:stream';
import type { Disposable } from '../base/disposables.ts';

/** A container as far as its log is concerned; `createdAt` in RFC 3339. */
export interface LoggedContainer {
  readonly id: string;
  readonly name: string;
  readonly project: string | undefined;
  readonly service: string | undefined;
  /** With a terminal, its log is one bare stream of bytes. */
  readonly tty: boolean;
  readonly running: boolean;
  readonly createdAt: string;
}

/** Which part of a log. Times in Unix seconds with up to nine digits of a fraction, both inclusive. */
export interface LogAttach {
  readonly follow: boolean;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Of all there are by now, whatever `until` says. */
  readonly tail?: number | undefined;
}

/** What is needed of a daemon. All reject while it can't be reached; `openLog` with `log-unreadable` where there is nothing to read. */
export interface LogDaemon {
  /** False where each stream costs a session: then nothing is followed, but asked for every now and then. */
  readonly keepsStreams: boolean;
  /** By name, id or the start of an id; undefined if there is none. */
  loggedContainer(name: string): Promise<LoggedContainer | undefined>;
  /** All containers of the compose project, stopped ones too. */
  loggedContainersOf(project: string): Promise<readonly LoggedContainer[]>;
  /** Docker's stream of the log, each line with its time before it. Who destroys it ends it. */
  openLog(id: string, attach: LogAttach): Promise<Readable>;
}

/** A host as the logs see it. */
export interface LogHost {
  readonly logs: LogDaemon;
  /** Containers run that did not, or the other way round, or Docker has become reachable or ceased to be. */
  onDidChangeDocker(listener: () => void): Disposable;
}
