import type { DeployHistory } from '../../shared/deploy.ts';
import { Notice } from '../components/notice.tsx';
import { StateGlyph } from '../components/state-glyph.tsx';
import { clockTime } from '../format.ts';

interface ReleaseListProps {
  readonly history: DeployHistory;
  readonly busy: boolean;
  readonly onRollBack: (release: string) => void;
}

/** The releases that the host keeps, newest first. */
export function ReleaseList({ history: { releases, unfinished, lock }, busy, onRollBack }: ReleaseListProps) {
  const now = Date.now();
  return (
    <>
      {lock === undefined ? null : (
        <div className="Below-2">
          <Notice
            look="degraded"
            message={`${lock.by} is at it`}
            hint={`Since ${clockTime(lock.since, now)}; until ${clockTime(lock.expires, now)} at most.`}
          />
        </div>
      )}
      {unfinished && lock === undefined ? (
        <div className="Below-2">
          <Notice
            look="degraded"
            message="A run ended halfway"
            hint="The next deployment first goes back to the release before it."
          />
        </div>
      ) : null}
      <div className="SectionLabel">
        <span>Releases kept</span>
        <span>{releases.length}</span>
      </div>
      {releases.length === 0 ? (
        <p className="Second Small">None yet: the first deployment makes one.</p>
      ) : (
        <ul className="History">
          {releases.map(({ id, at, by, current }) => (
            <li className="HistoryRow" key={id}>
              <StateGlyph look={current ? 'on' : 'off'} small />
              <span className="Clip" title={`${id}, by ${by}`}>
                {clockTime(at, now)} <span className="Quiet">{by}</span>
              </span>
              {current ? (
                <span className="Quiet">runs</span>
              ) : (
                <button
                  type="button"
                  className="Link"
                  aria-label={`Roll back to ${clockTime(at, now)}`}
                  disabled={busy}
                  onClick={() => onRollBack(id)}
                >
                  Roll back
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
