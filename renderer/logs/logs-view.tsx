import { LogPicker } from './log-picker.tsx';
import { LogReader } from './log-reader.tsx';

interface LogsViewProps {
  readonly hostId: string | undefined;
  readonly name: string | undefined;
}

export function LogsView({ hostId, name }: LogsViewProps) {
  if (hostId === undefined || name === undefined) return <LogPicker />;
  return <LogReader key={`${hostId} ${name}`} hostId={hostId} name={name} />;
}
