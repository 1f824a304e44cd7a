import type { DeployHistory, ReleaseRecord } from '../../shared/deploy.ts';
import { decodeWord } from '../base/line-code.ts';
import { parseManifestLine, type Manifest, type ManifestEntry } from './manifest.ts';
import type { FileMode } from './tree.ts';

/** A port of the host that a running container publishes. */
export interface Publisher {
  readonly project: string;
  readonly container: string;
  readonly port: number;
  readonly protocol: string;
}

/** A release that is to be gone back to, as the host keeps it. */
export interface KeptRelease {
  readonly files: Manifest;
  /** `IMAGE-ID REFERENCE` of its containers. */
  readonly images: readonly string[];
  readonly composeFiles: readonly string[];
}

/** All that the remote program tells of the host before it waits for an order. Filled word by word. */
export class Survey {
  readonly #facts = new Map<string, string>();
  readonly #files = new Map<string, { hash?: string; mode?: FileMode; size?: number }>();
  readonly #releases: ReleaseRecord[] = [];
  readonly #wanted = new Map<string, ManifestEntry>();
  readonly #images: string[] = [];
  readonly #composeFiles: string[] = [];
  readonly publishers: Publisher[] = [];
  #last: DeployHistory['last'];

  /** Takes one word; false if it is none of a survey's. */
  take(word: string, text: string): boolean {
    switch (word) {
      case 'fact':
        this.#facts.set(...cut(text));
        return true;
      case 'publisher':
        this.publishers.push(...parsePublisher(text));
        return true;
      case 'same':
      case 'stat':
        this.#takeStat(text);
        return true;
      case 'kept':
        this.#takeKept(text);
        return true;
      case 'hash':
        this.#file(text.slice(66), { hash: text.slice(0, 64) });
        return true;
      case 'link':
        this.#file(`./${text.slice(65)}`, { hash: text.slice(0, 64), mode: 'link' });
        return true;
      case 'release':
        this.#takeRelease(text);
        return true;
      case 'result':
        this.#takeResult(text);
        return true;
      case 'want': {
        const entry = parseManifestLine(text);
        if (entry !== undefined) this.#wanted.set(entry.path, entry);
        return true;
      }
      case 'image':
        this.#images.push(text);
        return true;
      case 'file':
        this.#composeFiles.push(text);
        return true;
      default:
        return false;
    }
  }

  fact(name: string): string | undefined {
    return this.#facts.get(name);
  }

  /** The files of ours that are there, as they are now and not as we once put them. */
  get files(): Manifest {
    const found = [...this.#files].flatMap(([path, { hash, mode, size }]): [string, ManifestEntry][] =>
      hash === undefined || mode === undefined ? [] : [[path, { path, hash, mode, size }]],
    );
    return new Map(found);
  }

  get asked(): KeptRelease {
    return { files: this.#wanted, images: this.#images, composeFiles: this.#composeFiles };
  }

  get history(): DeployHistory {
    const current = this.fact('current');
    const releases = this.#releases.map((release) => ({ ...release, current: release.id === current }));
    const [, since, expires, by] = this.fact('lock')?.split(' ') ?? [];
    return {
      releases: releases.sort((a, b) => (a.id < b.id ? 1 : -1)),
      unfinished: this.fact('unfinished') !== undefined,
      ...(this.#last === undefined ? {} : { last: this.#last }),
      ...(by === undefined ? {} : { lock: { by: decodeWord(by), since: seconds(since), expires: seconds(expires) } }),
    };
  }

  #file(path: string, part: { hash?: string; mode?: FileMode; size?: number }): void {
    if (!path.startsWith('./')) return;
    const name = path.slice(2);
    this.#files.set(name, { ...this.#files.get(name), ...part });
  }

  #takeStat(text: string): void {
    const [raw, rest] = cut(text);
    const [size, path] = cut(rest);
    const bits = (Number.parseInt(raw, 16) & 0o777).toString(8).padStart(3, '0');
    this.#file(path, { mode: bits as FileMode, size: Number(size) });
  }

  /** What we once put there; what a look at it says otherwise comes after. */
  #takeKept(text: string): void {
    const { path, hash, mode } = parseManifestLine(text) ?? { path: '', hash: '', mode: 'link' };
    if (mode !== 'link' && this.#files.has(path)) this.#file(`./${path}`, { hash });
  }

  #takeRelease(text: string): void {
    const [id = '', at, by = ''] = text.split(' ');
    this.#releases.push({ id, at: seconds(at), by: decodeWord(by), current: false });
  }

  #takeResult(text: string): void {
    const [id = '', outcome = '', at] = text.split(' ');
    this.#last = { id, outcome, at: seconds(at) };
  }
}

/** `0.0.0.0:8080->80/tcp, :::8080->80/tcp, 0.0.0.0:9000-9001->9000-9001/tcp` of `docker ps`. */
function parsePublisher(text: string): Publisher[] {
  const [project = '', container = '', ports = ''] = text.split('|');
  return [...ports.matchAll(/:(\d+)(?:-(\d+))?->\d+(?:-\d+)?\/(\w+)/g)].flatMap(([, low, high, protocol = 'tcp']) => {
    const first = Number(low);
    const last = Math.min(Number(high ?? low), first + 1_000);
    return Array.from({ length: last - first + 1 }, (_, index) => ({
      project,
      container,
      port: first + index,
      protocol,
    }));
  });
}

function cut(text: string): [string, string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function seconds(text: string | undefined): number {
  return (Number(text) || 0) * 1_000;
}
