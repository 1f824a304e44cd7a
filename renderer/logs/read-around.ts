import type { LogPage } from '../../shared/log.ts';
import type { Api } from '../client.ts';

/** So far beyond the moment is read, ms: less where that alone would fill the page. */
const aheadMs = [600_000, 60_000, 6_000, 600, 60];
const pageLines = 5_000;

export interface LogMoment {
  readonly hostId: string;
  readonly name: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The lines around a moment: those just before it, and those after it as far as a page reaches. */
export async function readAround(api: Api, { hostId, name, at }: LogMoment, signal: AbortSignal): Promise<LogPage> {
  const moment = Date.parse(at);
  let page: LogPage = { sources: [], lines: [], more: false };
  for (const ahead of aheadMs) {
    const until = new Date(moment + ahead).toISOString();
    page = await api.logs.read({ hostId, name, until, tail: pageLines }, { signal });
    const first = page.lines[0];
    if (first === undefined || !page.more || Date.parse(`${first.at.slice(0, 23)}Z`) <= moment) return page;
  }
  return page;
}
