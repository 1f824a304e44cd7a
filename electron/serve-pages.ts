import { protocol } from 'electron';
import { builtPages, readPages } from '../engine/serve/pages.ts';
import { answerPage, pageScheme } from './page-protocol.ts';

/** Must have happened before the app is ready. */
export function prepareProtocol(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true } }]);
}

/** Serves the built pages to our own windows. */
export async function servePages(): Promise<void> {
  const pages = await readPages(builtPages());
  protocol.handle(pageScheme, (request) => answerPage(pages, request));
}
