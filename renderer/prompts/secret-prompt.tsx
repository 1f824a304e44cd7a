import { useState, type ReactNode } from 'react';
import { Checkbox } from '../components/checkbox.tsx';
import { Dialog } from '../components/dialog.tsx';
import { SecretField } from '../components/secret-field.tsx';
import { PromptFoot } from './prompt-foot.tsx';
import type { PromptProps } from './prompt-props.ts';

interface SecretDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly label: string;
  readonly problem?: string | undefined;
  readonly action: string;
  readonly place: string;
  readonly onSecret: (secret: Secret | undefined) => void;
}

/** What was typed, and whether the system's keychain shall keep it. */
interface Secret {
  readonly text: string;
  readonly remember: boolean;
}

/** One secret: it goes to the engine, and is kept only where the user says so. */
function SecretDialog({ title, children, label, problem, action, place, onSecret }: SecretDialogProps) {
  const [text, setText] = useState('');
  const [remember, setRemember] = useState(false);
  const decline = (): void => onSecret(undefined);
  return (
    <Dialog
      title={title}
      look="needs-you"
      onDismiss={decline}
      onSubmit={() => text !== '' && onSecret({ text, remember })}
      foot={<PromptFoot place={place} action={action} ready={text !== ''} onDecline={decline} />}
    >
      <p className="Dialog-text">{children}</p>
      <div className="Above-3">
        <SecretField label={label} value={text} onChange={setText} problem={problem} />
      </div>
      <Checkbox checked={remember} onChange={setRemember}>
        Keep in the keychain of this machine
      </Checkbox>
    </Dialog>
  );
}

export function PassphrasePrompt({ question, place, onAnswer }: PromptProps<'passphrase'>) {
  const { hostId, keyFile, wrongBefore } = question.request;
  return (
    <SecretDialog
      title={`Passphrase for ${keyFile.split('/').at(-1)}`}
      label="Passphrase"
      action="Unlock"
      place={place}
      problem={wrongBefore ? 'That was not it. The key stays locked.' : undefined}
      onSecret={(secret) =>
        onAnswer(secret && { kind: 'passphrase', hostId, passphrase: secret.text, remember: secret.remember })
      }
    >
      {question.hostId} accepts this key: <span className="Mono">{keyFile}</span>
    </SecretDialog>
  );
}

export function PasswordPrompt({ question, place, onAnswer }: PromptProps<'password'>) {
  const { hostId, user, host } = question.request;
  return (
    <SecretDialog
      title={`Password of ${user}`}
      label="Password"
      action="Sign in"
      place={place}
      onSecret={(secret) =>
        onAnswer(secret && { kind: 'password', hostId, password: secret.text, remember: secret.remember })
      }
    >
      {host} asks for it.
    </SecretDialog>
  );
}
