import { ownLog } from '../models/log-subjects.ts';
import { LogPicker } from './log-picker.tsx';
import { LogReader } from './log-reader.tsx';

interface LogsViewProps {
  readonly hostId: string | undefined;
  readonly name: string | undefined;
  /** RFC 3339: the moment at which it is opened; without it, its newest lines are followed. */
  readonly at: string | undefined;
}

export function LogsView({ hostId, name, at }: LogsViewProps) {
  if (hostId === undefined || name === undefined) return <LogPicker />;
  if (hostId === ownLog.hostId) return <LogReader key={hostId} {...ownLog} at={undefined} />;
  return <LogReader key={`${hostId} ${name} ${at ?? ''}`} hostId={hostId} name={name} at={at} />;
}
