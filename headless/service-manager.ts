/** What the system's own manager says of our service. */
export interface ServiceStatus {
  readonly manager: 'systemd' | 'launchd';
  /** The unit or the LaunchAgent. */
  readonly file: string;
  /** `foreign`: a file is in its place that we did not make. */
  readonly installed: 'yes' | 'no' | 'foreign';
  /** Starts by itself. */
  readonly enabled: boolean;
  readonly state: 'running' | 'starting' | 'stopped' | 'failed';
  readonly pid?: number;
  /** How the last run ended, if badly: by its own exit code, or by a signal. */
  readonly exitCode?: number;
  readonly signal?: number;
  /** Whether it runs while its user is not logged in. */
  readonly lingers?: boolean;
  /** Whether it gets the address of an ssh agent. */
  readonly seesAgent?: boolean;
}

/** One system's way to keep a program running for its user. */
export interface ServiceManager {
  readonly kind: ServiceStatus['manager'];
  /** Rejects with `service-manager-missing` where there is nobody to hand the service to. */
  check(): Promise<void>;
  /** Writes the service, starts it, and has it start by itself from now on. Rejects with `service-foreign`, `service-refused`. */
  install(): Promise<'installed' | 'updated' | 'unchanged'>;
  /** Stops it and takes it away. Rejects with `service-foreign`, `service-refused`. */
  uninstall(): Promise<'removed' | 'absent'>;
  status(): Promise<ServiceStatus>;
  /** Where one reads what the service says. */
  readonly logCommand: string;
}
