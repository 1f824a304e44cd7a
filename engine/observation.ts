import type { Duplex } from 'node:stream';
import type { AlertThresholds } from '../shared/alert.ts';
import { AlertDesk } from './alerts/alert-desk.ts';
import { CertificateWatch, type DialEndpoint } from './alerts/certificate-watch.ts';
import type { Clock } from './base/clock.ts';
import { DisposableStore, type Disposable } from './base/disposables.ts';
import type { Logger } from './base/logger.ts';
import { Metrics } from './metrics/metrics.ts';
import type { SettingsFile } from './settings-file.ts';
import { dialTcp } from './ssh/dial-tcp.ts';
import type { StateStore } from './state-store.ts';
import { Timeline } from './timeline/timeline.ts';

export interface ObservationOptions {
  readonly store: StateStore;
  readonly settings: SettingsFile;
  /** Opens a connection from a host; rejects where the host is not connected. */
  readonly openTcp: (hostId: string, host: string, port: number) => Promise<Duplex>;
  /** Bytes written to the log since it was opened; undefined where it is no file. */
  readonly logBytes: (() => number) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

const dialMs = 10_000;

/** Watches the public state, and makes of it what has happened, what is measured, and what there is to warn of. */
export class Observation implements Disposable {
  readonly timeline: Timeline;
  readonly metrics: Metrics;
  readonly #owned = new DisposableStore();

  constructor({ store, settings, openTcp, logBytes, clock, log }: ObservationOptions) {
    this.timeline = this.#owned.add(new Timeline({ store, clock }));
    const onDidHappen = this.timeline.onDidAdd;
    this.metrics = this.#owned.add(new Metrics({ store, onDidHappen, clock, ...(logBytes && { logBytes }) }));
    const dial: DialEndpoint = async ({ hostId, host, port, via }, signal) => {
      return via === 'host' ? openTcp(hostId, host, port) : dialTcp({ host, port, timeoutMs: dialMs, signal, clock });
    };
    const stacks = () => settings.settings.stacks;
    const watch = this.#owned.add(new CertificateWatch({ stacks, dial, clock, log }));
    const certificates = () => watch.certificates;
    const thresholds = (): AlertThresholds => settings.settings.alerts;
    this.#owned.add(new AlertDesk({ store, thresholds, logBytes: logBytes ?? (() => 0), certificates, clock, log }));
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }
}
