import type { GateReport } from '../../shared/deploy.ts';
import { Notice } from '../components/notice.tsx';
import { Progress } from '../components/progress.tsx';
import { StateGlyph } from '../components/state-glyph.tsx';
import type { RunView } from '../models/deploy-run.ts';
import { uploadInWords } from '../models/run-words.ts';

/** What a run has sent, what is built, what the gates see. */
export function RunFacts({ view, running }: { readonly view: RunView; readonly running: boolean }) {
  const { gates, warnings } = view;
  const stage = running ? view.stages.at(-1)?.stage : undefined;
  const upload = uploadInWords(view);
  const building = stage === 'building' ? view.building : undefined;
  const uploading = stage === 'uploading' && view.uploadBytes > 0;
  if (upload === undefined && building === undefined && gates.length === 0 && warnings.length === 0) return null;
  return (
    <div className="Deployment-facts Small">
      {warnings.map((warning) => (
        <Notice key={warning} look="degraded" message={warning} />
      ))}
      {upload === undefined ? null : (
        <div>
          <b className="Strong">{upload.what}</b> <span className="Second">{upload.of}</span>
        </div>
      )}
      {uploading ? <Progress label="Upload" value={view.sentBytes / view.uploadBytes} /> : null}
      {building === undefined ? null : (
        <>
          <div>
            <b className="Strong">Building {building.image ?? ''}</b>{' '}
            <span className="Second">
              step {building.step} of {building.of}
            </span>
          </div>
          <Progress label="Build" value={building.step / building.of} />
        </>
      )}
      {gates.length === 0 ? null : <Gates gates={gates} />}
    </div>
  );
}

function Gates({ gates }: { readonly gates: readonly GateReport[] }) {
  return (
    <ul className="Gates" aria-label="Gates">
      {gates.map(({ gate, ok, saw, log }) => (
        <li key={gate}>
          <StateGlyph look={ok ? 'done' : 'error'} small word={ok ? 'holds' : 'does not hold'} />
          <b className="Strong">{gate}</b>
          <span className="Second">{saw}</span>
          {log === undefined || log.length === 0 ? null : <pre className="Gates-log">{log.join('\n')}</pre>}
        </li>
      ))}
    </ul>
  );
}
