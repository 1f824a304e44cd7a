import type { ContainerInspectInfo } from 'dockerode';
import type { Readable } from 'node:stream';
import { composeProjectLabel, composeServiceLabel } from '../../shared/container.ts';
import { FailureError } from '../../shared/failure.ts';
import { fromInspect } from './containers.ts';

/** A container as far as its log is concerned. */
export interface LoggedContainer {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly project: string | undefined;
  readonly service: string | undefined;
  /** With a terminal, its log is one bare stream of bytes. */
  readonly tty: boolean;
  readonly running: boolean;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** Which part of a log. Times in Unix seconds with up to nine digits of a fraction, both inclusive. */
export interface LogAttach {
  readonly follow: boolean;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Of all there are by now, `until` or not: Docker counts first. */
  readonly tail?: number | undefined;
}

/** The logs of one daemon's containers. */
export interface ContainerLogs {
  /** False where each stream costs a session: then nothing should be followed. */
  readonly keepsStreams: boolean;
  /** By name, id or the start of an id; undefined if there is none. */
  loggedContainer(name: string): Promise<LoggedContainer | undefined>;
  loggedContainersOf(project: string): Promise<readonly LoggedContainer[]>;
  /** Every line comes with its time before it. Rejects with `log-unreadable` where the log driver keeps nothing. */
  openLog(id: string, attach: LogAttach): Promise<Readable>;
}

export function loggedContainer(info: ContainerInspectInfo): LoggedContainer {
  const { container, running } = fromInspect(info);
  return {
    id: container.id,
    name: container.name,
    project: container.labels[composeProjectLabel],
    service: container.labels[composeServiceLabel],
    tty: info.Config?.Tty === true,
    running,
    createdAt: info.Created,
  };
}

/** The part of docker-modem, whose type dockerode leaves open, that is used here. */
interface Modem {
  dial(options: object, done: (error: Error | null, stream: unknown) => void): void;
}

/** `GET /containers/{id}/logs` as a stream. dockerode's own call collects the whole log in memory, unless it follows. */
export function dialLog(
  { modem }: { readonly modem: unknown },
  id: string,
  { follow, since, until, tail }: LogAttach,
  abortSignal: AbortSignal,
): Promise<Readable> {
  const options = {
    ...{ follow, stdout: true, stderr: true, timestamps: true },
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(tail === undefined ? {} : { tail }),
  };
  const statusCodes = { 200: true, 404: 'no such container', 500: 'server error', 501: 'not supported' };
  return new Promise((resolve, reject) => {
    (modem as Modem).dial(
      { path: `/containers/${id}/logs?`, method: 'GET', isStream: true, statusCodes, abortSignal, options },
      (error, stream) => {
        if (error === null) resolve(stream as Readable);
        else reject(unreadable(error) ?? error);
      },
    );
  });
}

function unreadable(error: Error): FailureError | undefined {
  if (!/does not support reading/i.test(error.message)) return undefined;
  return new FailureError({
    code: 'log-unreadable',
    message: 'The log driver of this container keeps nothing that could be read.',
    hint: 'On the host, use the log driver json-file, local or journald for it.',
  });
}
