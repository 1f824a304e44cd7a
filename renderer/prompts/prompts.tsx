import { useRef } from 'react';
import type { PromptAnswer } from '../../shared/prompt.ts';
import { useApp, useMirrored } from '../app-context.ts';
import { queueOf, type Question } from '../models/prompt-queue.ts';
import { HostKeyPrompt } from './host-key-prompt.tsx';
import { InteractivePrompt } from './interactive-prompt.tsx';
import { PassphrasePrompt, PasswordPrompt } from './secret-prompt.tsx';

const nothing: readonly Question[] = [];

/** The question whose turn it is, over whatever is shown. */
export function Prompts() {
  const { act } = useApp();
  const queue = useRef(nothing);
  const open = useMirrored(({ state }) => (queue.current = queueOf(state, queue.current)));
  const question = open[0];
  if (question === undefined) return null;
  const { id, hostId, request } = question;
  const onAnswer = (answer: PromptAnswer | undefined): void =>
    void act((api) => api.hosts.answer({ hostId, promptId: id, ...(answer === undefined ? {} : { answer }) }));
  const place = open.length === 1 ? '' : `1 of ${open.length} questions`;
  switch (request.kind) {
    case 'host-key':
      return <HostKeyPrompt key={id} question={{ ...question, request }} place={place} onAnswer={onAnswer} />;
    case 'passphrase':
      return <PassphrasePrompt key={id} question={{ ...question, request }} place={place} onAnswer={onAnswer} />;
    case 'password':
      return <PasswordPrompt key={id} question={{ ...question, request }} place={place} onAnswer={onAnswer} />;
    case 'keyboard-interactive':
      return <InteractivePrompt key={id} question={{ ...question, request }} place={place} onAnswer={onAnswer} />;
  }
}
