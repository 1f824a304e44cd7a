import type { Clock } from '../base/clock.ts';
import { EventJournal, type DockerEvent } from './docker-events.ts';
import { bindingsOf, isUp, newRecord, type ContainerRecord, type ContainerSpec } from './docker-record.ts';

/**
 * The containers of a pretend Docker daemon and what happens to them, with the events that dockerd 20.10 emits for
 * the same act, in its order. Nothing runs: whoever serves a container's ports listens to the events.
 */
export class DockerDaemon {
  readonly journal = new EventJournal();
  readonly #clock: Clock;
  readonly #containers = new Map<string, ContainerRecord>();
  #lastNano = 0n;
  #nextEphemeral = 32768;
  #nextIp = 2;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Newest first, as the API lists them. */
  get containers(): readonly ContainerRecord[] {
    return [...this.#containers.values()].reverse();
  }

  /** By full id, name or unambiguous start of the id. */
  find(reference: string): ContainerRecord | undefined {
    const all = [...this.#containers.values()];
    const byName = this.#containers.get(reference) ?? all.find(({ name }) => name === reference);
    if (byName !== undefined || reference === '') return byName;
    const byPrefix = all.filter(({ id }) => id.startsWith(reference));
    return byPrefix.length === 1 ? byPrefix[0] : undefined;
  }

  create(spec: ContainerSpec): ContainerRecord {
    const record = newRecord(spec, `172.19.${this.#nextIp >> 8}.${this.#nextIp & 255}`, this.#clock.now());
    this.#nextIp += 1;
    this.#containers.set(record.id, record);
    this.emit(record, 'create');
    return record;
  }

  run(spec: ContainerSpec): ContainerRecord {
    const record = this.create(spec);
    this.start(record);
    return record;
  }

  /** False when it was up already. */
  start(record: ContainerRecord): boolean {
    if (isUp(record)) return false;
    record.status = 'running';
    record.startedMs = this.#clock.now();
    this.#attach(record);
    this.emit(record, 'start');
    return true;
  }

  /** False when it was not up. */
  stop(record: ContainerRecord, exitCode = 0): boolean {
    if (!isUp(record)) return false;
    this.emit(record, 'kill', { signal: '15' });
    this.exit(record, exitCode);
    this.emit(record, 'stop');
    return true;
  }

  restart(record: ContainerRecord): void {
    this.stop(record);
    this.start(record);
    this.emit(record, 'restart');
  }

  /** Its main process ends by itself. */
  exit(record: ContainerRecord, exitCode: number): void {
    record.status = 'exited';
    record.exitCode = exitCode;
    record.finishedMs = this.#clock.now();
    record.bindings = [];
    this.emit(record, 'die', { exitCode: String(exitCode) });
    this.#emitNetwork(record, 'disconnect');
  }

  /** With force: a container that is up is killed first. */
  remove(record: ContainerRecord): void {
    if (isUp(record)) {
      this.emit(record, 'kill', { signal: '9' });
      this.exit(record, 137);
    }
    this.#containers.delete(record.id);
    this.emit(record, 'destroy');
  }

  rename(record: ContainerRecord, name: string): void {
    const oldName = `/${record.name}`;
    record.name = name;
    this.emit(record, 'rename', { oldName });
  }

  pause(record: ContainerRecord): void {
    record.status = 'paused';
    this.emit(record, 'pause');
  }

  unpause(record: ContainerRecord): void {
    record.status = 'running';
    this.emit(record, 'unpause');
  }

  /** The container gets no event of its own, only its network does. */
  networkDisconnect(record: ContainerRecord): void {
    record.attached = false;
    record.bindings = [];
    this.#emitNetwork(record, 'disconnect');
  }

  networkConnect(record: ContainerRecord): void {
    record.attached = true;
    if (isUp(record)) this.#attach(record);
  }

  /** A line the container writes. */
  log(record: ContainerRecord, text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    record.logs.append({ stream, text, timeNano: this.#nano() });
  }

  /** Any container event: `health_status: healthy`, `oom`, the noise of `exec_create` … */
  emit(record: ContainerRecord, action: string, extra: Readonly<Record<string, string>> = {}): void {
    const attributes = { ...record.spec.labels, image: record.spec.image, name: record.name, ...extra };
    this.#record({ type: 'container', action, id: record.id, attributes });
  }

  #attach(record: ContainerRecord): void {
    if (!record.attached) return;
    record.bindings = bindingsOf(record.spec, () => this.#nextEphemeral++);
    this.#emitNetwork(record, 'connect');
  }

  #emitNetwork(record: ContainerRecord, action: 'connect' | 'disconnect'): void {
    const name = record.spec.network ?? 'bridge';
    const type = name === 'host' ? 'host' : 'bridge';
    this.#record({ type: 'network', action, id: networkId(name), attributes: { container: record.id, name, type } });
  }

  #record(event: Omit<DockerEvent, 'timeNano'>): void {
    this.journal.record({ ...event, timeNano: this.#nano() });
  }

  /** Never the same twice, so that an event can be told from the next. */
  #nano(): bigint {
    const now = BigInt(Math.trunc(this.#clock.now())) * 1_000_000n;
    this.#lastNano = now > this.#lastNano ? now : this.#lastNano + 1n;
    return this.#lastNano;
  }
}

/** The same for the same name: networks have no life of their own here. */
export function networkId(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64);
}
