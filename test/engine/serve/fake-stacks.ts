import type { StackCommands } from '../../../engine/commands.ts';
import type { DeployHistory, DeployResult } from '../../../shared/deploy.ts';
import type { DeployEvent, DeployRequest, DryRun, RollbackRequest, RunRequest } from '../../../shared/deployment.ts';
import type { Stack } from '../../../shared/stack.ts';
import { stackNamed, withoutStack, withStack } from '../../../shared/stacks.ts';

const result: DeployResult = {
  ...{ id: '20261120-101500-ab12', stack: '', outcome: 'succeeded', release: 'new', stage: 'committing' },
  ...{ gates: [], bytesSent: 1_500, durationMs: 4_200 },
};

/** Stacks that are deployed nowhere: `broken` fails, `slow` runs until it is cancelled, the others succeed. */
export class FakeStacks implements StackCommands {
  readonly asked: unknown[] = [];
  stacks: Stack[];
  readonly #cancelled = new AbortController();

  constructor(stacks: Stack[] = []) {
    this.stacks = stacks;
  }

  list(): readonly Stack[] {
    return this.stacks;
  }

  async add(stack: Stack): Promise<void> {
    this.stacks = withStack(this.stacks, stack, ['shop']);
  }

  async remove(name: string): Promise<void> {
    this.stacks = withoutStack(this.stacks, name);
  }

  async *deploy(request: DeployRequest, signal: AbortSignal): AsyncGenerator<DeployEvent> {
    this.asked.push(['deploy', request]);
    const names = request.stacks ?? this.stacks.map(({ name }) => name);
    for (const name of names) stackNamed(this.stacks, name);
    yield { kind: 'begun', run: 'run-1', stacks: [...names] };
    let failed: string | undefined;
    for (const stack of names) {
      if (failed !== undefined && request.onFailure === 'stop') {
        yield { kind: 'skipped', stack, because: failed };
        continue;
      }
      yield { kind: 'progress', stack, progress: { kind: 'stage', stage: 'packing', atMs: 0 } };
      yield { kind: 'progress', stack, progress: { kind: 'output', line: 'Pulling we\x1b[31mb' } };
      if (stack === 'slow') await this.#cancel(signal);
      yield { kind: 'result', stack, result: resultOf(stack) };
      if (stack !== 'fine') failed ??= stack;
    }
  }

  async *rollback({ stack, to }: RollbackRequest): AsyncGenerator<DeployEvent> {
    this.asked.push(['rollback', stack, to]);
    yield { kind: 'begun', run: 'run-2', stacks: [stack] };
    yield { kind: 'result', stack, result: resultOf(stack) };
  }

  async *verify(names: readonly string[] | undefined): AsyncGenerator<DeployEvent> {
    for (const stack of names ?? this.stacks.map(({ name }) => name)) {
      const report = { gate: 'health', ok: stack === 'fine', saw: stack === 'fine' ? '1 container running' : 'none' };
      yield { kind: 'progress', stack, progress: { kind: 'gate', report } };
      yield { kind: 'verified', stack, ok: report.ok };
    }
  }

  async begin(request: RunRequest): Promise<string> {
    this.asked.push(['begin', request]);
    return 'run-3';
  }

  async *follow(stack: string, _signal: AbortSignal): AsyncGenerator<DeployEvent> {
    stackNamed(this.stacks, stack);
    yield { kind: 'begun', run: 'run-1', stacks: [stack] };
  }

  cancel(run: string): void {
    this.asked.push(['cancel', run]);
    this.#cancelled.abort();
  }

  async dryRun(): Promise<DryRun> {
    return {
      changes: [{ path: 'www/a', kind: 'changed', before: 9, after: 1_300 }],
      ...{ uploadBytes: 1_300, warnings: [] },
      config: [{ path: 'services.web.image', before: 'web:1', after: 'web:2' }],
    };
  }

  async history(): Promise<DeployHistory> {
    const release = { id: result.id, at: 0, by: 'me@laptop', current: true };
    return { releases: [release], last: { id: result.id, outcome: 'succeeded', at: 0 }, unfinished: false };
  }

  #cancel(signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#cancelled.signal]);
    return new Promise((resolve) => {
      const working = setInterval(() => undefined, 1_000); // as a connection keeps its process alive
      const end = (): void => {
        clearInterval(working);
        resolve();
      };
      if (either.aborted) end();
      else either.addEventListener('abort', end, { once: true });
    });
  }
}

function resultOf(stack: string): DeployResult {
  if (stack === 'fine') return { ...result, stack };
  if (stack === 'slow') return { ...result, stack, outcome: 'cancelled', release: 'old' };
  const failure = { code: 'gate-failed', message: 'The new release did not prove itself.', hint: 'Look at its log.' };
  return { ...result, stack, outcome: 'failed', release: 'old', failure };
}
