import { createRoot } from 'react-dom/client';
import type { Bridge } from '../shared/bridge.ts';
import { overBridge, overWebSocket, type Connect } from './client.ts';
import { applyTheme } from './preferences.ts';
import { AppRoot } from './shell/app-root.tsx';
import { StateMirror } from './store.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/window.css';
import './styles/window-app.css';
import './styles/state.css';
import './styles/controls.css';
import './styles/controls-app.css';
import './styles/forwards.css';
import './styles/forward-rows.css';
import './styles/panels.css';
import './styles/hosts.css';
import './styles/settings.css';
import './styles/stacks.css';
import './styles/logs.css';
import './styles/ansi.css';
import './styles/timeline.css';
import './styles/popover.css';
import './styles/dialogs.css';
import './styles/first-run.css';
import './styles/narrow.css';

applyTheme();
const { towline: bridge } = window as { towline?: Bridge }; // only in the desktop app
const overWeb = (): Connect => overWebSocket(new URL('rpc', window.location.href.replace(/^http/, 'ws')).href);
const mirror = new StateMirror(bridge === undefined ? overWeb() : overBridge(bridge));
window.addEventListener('online', () => {
  if (mirror.read().link === 'live') void mirror.api.engine.checkConnections().catch(() => undefined); // the mirror itself tells of an engine that has gone
});
const container = document.getElementById('root');
if (container !== null) createRoot(container).render(<AppRoot mirror={mirror} />);
