import type { PromptAnswer } from '../../shared/prompt.ts';
import type { Question } from '../models/prompt-queue.ts';

/** What each kind of question is given. */
export interface PromptProps<K extends PromptAnswer['kind']> {
  readonly question: Question & { readonly request: Extract<Question['request'], { kind: K }> };
  /** "1 of 2 questions", or nothing when there is one. */
  readonly place: string;
  /** Without an answer: not now. */
  readonly onAnswer: (answer: Extract<PromptAnswer, { kind: K }> | undefined) => void;
}
