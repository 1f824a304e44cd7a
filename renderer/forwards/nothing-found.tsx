import { count } from '../../shared/words.ts';
import { Button } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import type { Counts } from '../models/forward-list.ts';

interface NothingFoundProps {
  readonly text: string;
  readonly counts: Counts;
  readonly onClear: () => void;
}

export function NothingFound({ text, counts, onClear }: NothingFoundProps) {
  const title = text === '' ? 'Nothing here needs a look' : `Nothing matches “${text}”`;
  return (
    <Empty title={title} actions={<Button onClick={onClear}>{text === '' ? 'Show all' : 'Clear filter'}</Button>}>
      {count(counts.all, 'forward')} on {count(counts.hosts, 'host')}{' '}
      {text === '' ? 'listen as they should.' : 'were looked at: name, image, port, project.'}
    </Empty>
  );
}
