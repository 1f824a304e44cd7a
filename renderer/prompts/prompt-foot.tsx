import { Button } from '../components/button.tsx';

interface PromptFootProps {
  readonly place: string;
  readonly action: string;
  readonly ready: boolean;
  readonly onDecline: () => void;
  /** Where given, only a click answers: Enter in a field must not. */
  readonly onAccept?: () => void;
  /** The focus starts on the safe answer. */
  readonly safeFirst?: boolean;
}

export function PromptFoot({ place, action, ready, onDecline, onAccept, safeFirst = false }: PromptFootProps) {
  return (
    <>
      <span className="Dialog-queue">{place}</span>
      <span className="Toolbar-gap" />
      <Button onClick={onDecline} {...(safeFirst ? { 'data-autofocus': true } : {})}>
        Not now
      </Button>
      <Button
        variant="primary"
        disabled={!ready}
        {...(onAccept === undefined ? { type: 'submit' } : { onClick: onAccept })}
      >
        {action}
      </Button>
    </>
  );
}
