import type { PromptAnswer, PromptRequest } from '../../shared/prompt.ts';

/** Asks a person through whichever door is open. `undefined`: nobody could be asked, or they declined. */
export type Prompter = (request: PromptRequest, signal: AbortSignal) => Promise<PromptAnswer | undefined>;
