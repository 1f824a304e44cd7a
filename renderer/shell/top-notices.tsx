import { useApp, useHosts, useMirrored } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/notice.tsx';
import type { Route } from '../route.ts';
import { AlertNotices } from './alert-notices.tsx';
import { count } from '../../shared/words.ts';
import { countForwards } from '../models/forward-list.ts';

/** What concerns every view: the engine has gone, the settings are broken, everything is paused, a warning. */
export function TopNotices({ route }: { readonly route: Route }) {
  const { act } = useApp();
  const lost = useMirrored(({ link }) => link === 'lost');
  const problem = useMirrored(({ state }) => state?.settingsProblem);
  const hosts = useHosts();
  const all = Object.values(hosts);
  const paused = all.length > 0 && all.every((host) => host.paused);
  return (
    <div className="TopNotices">
      {lost ? (
        <Notice
          look="degraded"
          message="Towline does not answer"
          hint="What you see is how it last was. This page joins again by itself."
        />
      ) : null}
      {problem === undefined ? null : <Notice look="error" message={problem.message} hint={problem.hint} />}
      {paused ? (
        <Notice
          look="paused"
          message="All forwards are paused"
          hint={`${count(countForwards(hosts).all, 'local port')} closed.`}
        >
          <Button small onClick={() => void act((api) => api.forwards.resume({}))}>
            Resume all
          </Button>
        </Notice>
      ) : null}
      <AlertNotices route={route} />
    </div>
  );
}
