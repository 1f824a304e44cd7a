import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';

/** A container of a compose project, running or not. `health` is missing where the image has no health check. */
export interface ProjectContainer {
  readonly id: string;
  readonly name: string;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  readonly health?: 'starting' | 'healthy' | 'unhealthy';
  readonly exitCode: number;
  readonly restarts: number;
}

/** The containers of compose projects, and what they have logged. */
export interface ComposeProjects {
  /** All that belong to the project, stopped ones too. */
  containersOf(project: string): Promise<readonly ProjectContainer[]>;
  lastLines(containerId: string, lines: number): Promise<readonly string[]>;
}

const states: readonly ProjectContainer['state'][] = [
  ...(['created', 'running', 'paused', 'restarting', 'removing', 'exited'] as const),
];

/** Docker's filter for the containers of a project. */
export function projectFilter(project: string): string {
  return JSON.stringify({ label: [`com.docker.compose.project=${project}`] });
}

/** Whether `docker compose up` made it, and not somebody's `docker compose run`. */
export function isService({ Labels }: Pick<ContainerInfo, 'Labels'>): boolean {
  return Labels?.['com.docker.compose.oneoff'] !== 'True';
}

/** Of `GET /containers/{id}/json`; a state that nobody knows is a dead one. */
export function projectContainer({ Id, Name, State, RestartCount }: ContainerInspectInfo): ProjectContainer {
  const health = State.Health?.Status;
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    state: states.find((state) => state === State.Status) ?? 'dead',
    ...(health === 'starting' || health === 'healthy' || health === 'unhealthy' ? { health } : {}),
    exitCode: State.ExitCode,
    restarts: RestartCount ?? 0,
  };
}

const frameHeader = 8;

/** The lines of `GET /containers/{id}/logs`: in frames of 8 bytes and a text, or the bare text of a terminal. */
export function logLines(raw: Buffer): string[] {
  const texts: Buffer[] = [];
  let rest = raw;
  while (rest.length >= frameHeader && isFrame(rest)) {
    const end = frameHeader + rest.readUInt32BE(4);
    texts.push(rest.subarray(frameHeader, end));
    rest = rest.subarray(end);
  }
  const lines = Buffer.concat([...texts, rest])
    .toString('utf8')
    .split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Which stream (0 to 2), three zeros, and the length of the text. */
function isFrame(bytes: Buffer): boolean {
  return (bytes[0] ?? 3) <= 2 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0;
}
