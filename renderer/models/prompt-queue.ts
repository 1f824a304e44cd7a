import type { AppState } from '../../shared/app-state.ts';
import type { PromptRequest } from '../../shared/prompt.ts';

/** A question that waits for a person. */
export interface Question {
  readonly id: string;
  readonly hostId: string;
  readonly request: PromptRequest;
}

/** All open questions: those already in line stay in their order, new ones come last. Never two at once, none is lost. */
export function queueOf(state: AppState | undefined, before: readonly Question[]): readonly Question[] {
  const open = new Map<string, Question>();
  for (const { id, prompt } of Object.values(state?.hosts ?? {})) {
    if (prompt !== undefined) open.set(prompt.id, { id: prompt.id, hostId: id, request: prompt.request });
  }
  for (const { id, request } of state?.questions ?? []) open.set(id, { id, hostId: request.hostId, request });
  const staying = before.filter(({ id }) => open.has(id));
  const arriving = [...open.values()].filter(({ id }) => !before.some((known) => known.id === id));
  return arriving.length === 0 && staying.length === before.length ? before : [...staying, ...arriving];
}
