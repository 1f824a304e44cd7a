import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { SecretField } from '../components/secret-field.tsx';
import { PromptFoot } from './prompt-foot.tsx';
import type { PromptProps } from './prompt-props.ts';

/** The server asks (keyboard-interactive): its words are shown as its words. */
export function InteractivePrompt(props: PromptProps<'keyboard-interactive'>) {
  return props.question.request.prompts.length === 0 ? <PromptNotice {...props} /> : <PromptForm {...props} />;
}

/** Nothing to write, such as a security key that waits for a touch: it goes by itself. */
function PromptNotice({ question, onAnswer }: PromptProps<'keyboard-interactive'>) {
  const { name, instructions } = question.request;
  const decline = (): void => onAnswer(undefined);
  return (
    <Dialog
      title={`${question.hostId} waits for you`}
      look="needs-you"
      onDismiss={decline}
      onSubmit={decline}
      foot={
        <>
          <span className="Dialog-queue">goes by itself once it is done</span>
          <span className="Toolbar-gap" />
          <Button type="submit" data-autofocus>
            Not now
          </Button>
        </>
      }
    >
      <p className="Dialog-said">{[name, instructions].filter(Boolean).join('\n')}</p>
    </Dialog>
  );
}

function PromptForm({ question, place, onAnswer }: PromptProps<'keyboard-interactive'>) {
  const { hostId, name, instructions, prompts } = question.request;
  const [answers, setAnswers] = useState<readonly string[]>(() => prompts.map(() => ''));
  const decline = (): void => onAnswer(undefined);
  const put = (index: number, value: string): void =>
    setAnswers(answers.map((answer, i) => (i === index ? value : answer)));
  const asks = prompts.length === 1 ? 'asks for an answer' : `asks for ${prompts.length} answers`;
  return (
    <Dialog
      title={`${question.hostId} ${asks}`}
      look="needs-you"
      onDismiss={decline}
      onSubmit={() => onAnswer({ kind: 'keyboard-interactive', hostId, answers: [...answers] })}
      foot={
        <PromptFoot
          place={place === '' ? 'never stored' : place}
          action="Answer"
          ready={answers.some((answer) => answer !== '')}
          onDecline={decline}
        />
      }
    >
      <p className="Dialog-text">The words below come from the server.</p>
      {name === '' && instructions === '' ? null : (
        <p className="Dialog-said">{[name, instructions].filter(Boolean).join('\n')}</p>
      )}
      {prompts.map(({ text, echo }, i) => (
        <div className="Above-3" key={i}>
          {echo ? (
            <Field
              label={`“${text.trim()}”`}
              mono
              value={answers[i] ?? ''}
              onChange={(event) => put(i, event.target.value)}
            />
          ) : (
            <SecretField label={`“${text.trim()}”`} value={answers[i] ?? ''} onChange={(value) => put(i, value)} />
          )}
        </div>
      ))}
    </Dialog>
  );
}
