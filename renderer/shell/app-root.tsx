import { useEffect, useMemo, useState } from 'react';
import { AppContext, type App } from '../app-context.ts';
import { failureOf } from '../client.ts';
import type { StateMirror } from '../store.ts';
import { Toasts, type Toast } from './toasts.tsx';
import { Window } from './window.tsx';

const toastMs = 4_000;

/** Joins the mirror with the window: follows the engine while the window is there, and tells what came of requests. */
export function AppRoot({ mirror }: { readonly mirror: StateMirror }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  useEffect(() => {
    const end = new AbortController();
    void mirror.run(end.signal); // never rejects
    return () => end.abort();
  }, [mirror]);
  const app = useMemo((): App => {
    const close = (toast: Toast): void => setToasts((all) => all.filter((other) => other !== toast));
    const show = (toast: Toast): void =>
      setToasts((all) => [...all.filter(({ message }) => message !== toast.message), toast].slice(-3));
    const tell = (message: string): void => {
      const toast: Toast = { look: 'done', message, close: () => close(toast) };
      show(toast);
      setTimeout(toast.close, toastMs);
    };
    const fail: App['fail'] = ({ message, hint }) => {
      const toast: Toast = { look: 'error', message, hint, close: () => close(toast) };
      show(toast);
    };
    return {
      mirror,
      tell,
      fail,
      async act(request) {
        try {
          await request(mirror.api);
          return true;
        } catch (error) {
          fail(failureOf(error));
          return false;
        }
      },
      copy(text, what) {
        navigator.clipboard.writeText(text).then(
          () => tell(`Copied ${what === 'command' ? 'the command' : text}`),
          () =>
            fail({
              code: 'clipboard-refused',
              message: 'The browser does not let this page copy.',
              hint: `Copy it by hand: \`${text}\``,
            }),
        );
      },
    };
  }, [mirror]);
  return (
    <AppContext value={app}>
      <Window />
      <Toasts toasts={toasts} />
    </AppContext>
  );
}
