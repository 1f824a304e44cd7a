import type { FileChange } from '../../shared/deploy.ts';
import type { ConfigChange, DryRun } from '../../shared/deployment.ts';
import { bytes } from '../../shared/words.ts';
import { Notice } from '../components/notice.tsx';
import { changesInWords } from '../models/run-words.ts';

const signs: Readonly<Record<FileChange['kind'], { readonly sign: string; readonly state: string }>> = {
  added: { sign: '+', state: 'on' },
  changed: { sign: '~', state: 'degraded' },
  deleted: { sign: '−', state: 'error' },
};
/** So many files are named; of the others there is a count. */
const mostFiles = 200;

/** What a deployment would send and delete. */
export function DryRunReport({ dryRun }: { readonly dryRun: DryRun }) {
  const { changes, uploadBytes, config, compose, warnings } = dryRun;
  return (
    <>
      {warnings.map((warning) => (
        <div className="Below-2" key={warning}>
          <Notice look="degraded" message={warning} />
        </div>
      ))}
      <div className="SectionLabel">
        <span>Files, {changesInWords(changes)}</span>
        <span>{bytes(uploadBytes)} to send</span>
      </div>
      {changes.length === 0 ? (
        <p className="Second Small">
          What is on the host is what is here. A deployment would still build and start it.
        </p>
      ) : (
        <ul className="DiffList" aria-label="Files">
          {changes.slice(0, mostFiles).map(({ path, kind, before, after }) => (
            <li className="DiffFile" key={path}>
              <span className="DiffFile-sign" data-state={signs[kind].state}>
                <span aria-hidden="true">{signs[kind].sign}</span>
                <span className="HiddenText">{kind}</span>
              </span>
              <span className="Clip" title={path}>
                {path}
              </span>
              <span>{bytes(after ?? before ?? 0)}</span>
            </li>
          ))}
        </ul>
      )}
      {changes.length > mostFiles ? <p className="Quiet Small">and {changes.length - mostFiles} more</p> : null}
      {config.length === 0 ? null : (
        <>
          <div className="SectionLabel">
            <span>Rendered config</span>
            <span>secrets masked</span>
          </div>
          <ul className="Diff" aria-label="Rendered config">
            {config.map((change) => (
              <ConfigLines key={change.path} change={change} />
            ))}
          </ul>
        </>
      )}
      {compose === undefined ? null : (
        <>
          <div className="SectionLabel">
            <span>Compose would</span>
          </div>
          <ul className="DiffList" aria-label="Compose would">
            {compose.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function ConfigLines({ change: { path, before, after } }: { readonly change: ConfigChange }) {
  return (
    <li>
      <div className="Diff-same">{path}</div>
      {before === undefined ? null : (
        <div className="Diff-cut">
          <span className="HiddenText">before: </span>
          {before}
        </div>
      )}
      {after === undefined ? null : (
        <div className="Diff-add">
          <span className="HiddenText">after: </span>
          {after}
        </div>
      )}
    </li>
  );
}
