import type { Session } from 'electron';
import { isOwnPage } from './page-protocol.ts';

/** A page may put text on the clipboard, as its copy buttons do. It may do nothing else that one would be asked about. */
const allowed = new Set(['clipboard-sanitized-write']);

/** Refuses every permission but those of the list, and those to our own pages only. */
export function restrictSession(
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler'>,
): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(allowed.has(permission) && isOwnPage(requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed.has(permission) && isOwnPage(origin));
}
