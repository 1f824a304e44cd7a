import { useApp } from '../app-context.ts';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the tooltip and the word that it is done. */
  readonly what: string;
  readonly word?: string;
}

export function CopyButton({ text, what, word }: CopyButtonProps) {
  const { copy } = useApp();
  const onClick = (): void => copy(text, what);
  if (word === undefined) return <IconButton icon="copy" label={`Copy ${what}`} onClick={onClick} />;
  return (
    <Button small icon="copy" onClick={onClick}>
      {word}
    </Button>
  );
}
