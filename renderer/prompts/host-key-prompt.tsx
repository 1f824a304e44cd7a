import { useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { StateWord } from '../components/state-word.tsx';
import { Fingerprint } from './fingerprint.tsx';
import { PromptFoot } from './prompt-foot.tsx';
import type { PromptProps } from './prompt-props.ts';

/** A host this machine has not met: its fingerprint is compared before anything is sent. */
export function HostKeyPrompt({ question, place, onAnswer }: PromptProps<'host-key'>) {
  const { hostId, host, port, address, keyType, fingerprint, knownAs, randomart } = question.request;
  const [expected, setExpected] = useState('');
  const same = bare(expected) === bare(fingerprint);
  const named = host.startsWith('[') ? host : `${host}:${port}`; // as known_hosts names it, with a port that is not the usual one
  const where = `${named}${address === undefined || address === host ? '' : ` (${address})`}`;
  const decline = (): void => onAnswer(undefined);
  const accept = (): void => onAnswer({ kind: 'host-key', hostId, accept: true });
  return (
    <Dialog
      title={`Is this ${question.hostId}?`}
      look="needs-you"
      onDismiss={decline}
      onSubmit={() => same && accept()}
      foot={
        <PromptFoot
          place={place}
          action="Trust and connect"
          ready={expected === '' || same}
          onDecline={decline}
          onAccept={accept}
          safeFirst
        />
      }
    >
      <p className="Dialog-text">
        This machine has not met {where} before. Compare its key with one you trust: the provider&apos;s console, or a
        colleague who is already connected.
      </p>
      <Fingerprint keyType={keyType} fingerprint={fingerprint} />
      {knownAs.length === 0 ? null : (
        <p className="Field-help">You know this very key already, as {knownAs.join(', ')}.</p>
      )}
      <div className="Above-4">
        <Field
          label="Paste the fingerprint you expect"
          mono
          value={expected}
          placeholder="SHA256:"
          onChange={(event) => setExpected(event.target.value)}
          help={
            <>
              On the host: <code>ssh-keygen -lf /etc/ssh/ssh_host_{keyFile(keyType)}_key.pub</code>
            </>
          }
          tail={
            expected === '' ? null : same ? (
              <StateWord look="done" word="Same" />
            ) : (
              <StateWord look="error" word="Different" />
            )
          }
        />
      </div>
      {randomart.length === 0 ? null : (
        <details className="Randomart">
          <summary>As a picture</summary>
          <pre>{randomart.join('\n')}</pre>
        </details>
      )}
    </Dialog>
  );
}

function bare(fingerprint: string): string {
  return fingerprint
    .replace(/\s/g, '')
    .replace(/^SHA256:/i, '')
    .replace(/=+$/, '');
}

function keyFile(keyType: string): string {
  if (keyType.includes('ecdsa')) return 'ecdsa';
  return keyType.includes('rsa') ? 'rsa' : 'ed25519';
}
