import { Icon } from '../components/icon.tsx';
import type { Route } from '../route.ts';
import { logsWindowAddress } from '../shell/logs-window.ts';

/** The same in a window of its own. */
export function OpenApart({ route }: { readonly route: Route }) {
  return (
    <a
      className="IconButton"
      href={logsWindowAddress(route)}
      target="_blank"
      rel="noreferrer"
      aria-label="Open in a window of its own"
      title="Open in a window of its own"
    >
      <Icon name="open" />
    </a>
  );
}
