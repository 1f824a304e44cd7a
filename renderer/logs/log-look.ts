import type { Times } from '../models/log-times.ts';

/** How a log is shown; it stays so while the window is open. */
export interface LogLook {
  readonly wrap: boolean;
  readonly times: Times;
  readonly onlyFound: boolean;
}

export const firstLook: LogLook = { wrap: false, times: 'local', onlyFound: false };
