import { StackBoard } from '../../engine/stack-board.ts';
import { RunJournal } from '../../engine/run-journal.ts';
import type { StateStore } from '../../engine/state-store.ts';
import { systemClock } from '../../engine/base/clock.ts';
import { stackSchema, type Stack } from '../../shared/stack.ts';
import type { StackAction } from '../../shared/stack-view.ts';
import type { DeployHistory, DeployResult, FileChange } from '../../shared/deploy.ts';
import type { DeployEvent, DryRun, RunRequest } from '../../shared/deployment.ts';
import { FakeStacks } from '../engine/serve/fake-stacks.ts';

const stacks: Stack[] = [
  stackSchema.parse({ name: 'shop', host: 'shop-staging', dir: '~/code/shop' }),
  stackSchema.parse({ name: 'edge', host: 'edge-fra', dir: '~/code/edge' }),
  stackSchema.parse({ name: 'metrics', host: 'build-01', dir: '~/code/metrics' }),
];

const change = (path: string, kind: FileChange['kind'], size: number): FileChange =>
  kind === 'deleted' ? { path, kind, before: size } : { path, kind, after: size };

const sent = [change('compose.yml', 'changed', 1_800), change('api/src/gateway.ts', 'changed', 410_000)];

/** How far the deployment of shop is in the mocks: amid the build. */
const buildOutput = [
  '#7 [api 2/7] RUN apt-get update',
  '#7 CACHED',
  '#8 [api 3/7] COPY package.json package-lock.json ./',
  '#8 DONE 0.1s',
  '#9 [api 4/7] RUN npm ci --omit=dev',
  '#9 11.92 added 214 packages in 11s',
  '#9 DONE 12.3s',
  '#10 [api 5/7] RUN npm run build',
  '#10 0.874 > shop-api@2.14.0 build',
  '#10 0.874 > tsc -p tsconfig.build.json',
  '#10 9.402 src/checkout/gateway.ts: 2 hints',
  '#10 14.11 > node scripts/bundle.mjs',
  '#10 14.90 dist/server.js  1.9 MB',
  '#10 15.02 dist/worker.js  0.7 MB',
];

/** Stacks whose runs go as the test tells them; state and journal are the engine's own. */
export class SceneStacks extends FakeStacks {
  readonly #store: StateStore;
  readonly #board: StackBoard;
  readonly #journal = new RunJournal();
  #runs = 0;

  constructor(store: StateStore) {
    super(structuredClone(stacks));
    this.#store = store;
    this.#board = new StackBoard(store, systemClock);
    this.#board.reconcile(this.stacks);
    this.#begin('deploy', ['edge']);
    this.end('edge', {});
    this.#begin('deploy', ['metrics']);
    this.build('metrics', []);
    this.tell('metrics', { kind: 'stage', stage: 'gating', atMs: 9_000 });
    const log = ['level=error msg="failed to open database" file=/var/lib/grafana/grafana.db', 'permission denied'];
    this.tell('metrics', { kind: 'gate', report: { gate: 'health of prometheus', ok: true, saw: 'healthy for 5 s' } });
    const saw = 'unhealthy (6 checks failed)';
    this.tell('metrics', { kind: 'gate', report: { gate: 'health of grafana', ok: false, saw, log } });
    this.tell('metrics', { kind: 'stage', stage: 'restoring', atMs: 69_000 });
    this.end('metrics', {
      outcome: 'failed',
      release: 'old',
      stage: 'gating',
      failure: {
        code: 'deploy-gate-failed',
        message: 'grafana was not healthy after 60 s.',
        hint: 'Its last lines are below.',
      },
    });
  }

  override async add(stack: Stack): Promise<void> {
    this.asked.push(['add', stack]);
    this.stacks = [...this.stacks, stack];
    this.#board.reconcile(this.stacks);
  }

  override async remove(name: string): Promise<void> {
    this.asked.push(['remove', name]);
    this.stacks = this.stacks.filter((stack) => stack.name !== name);
    this.#board.reconcile(this.stacks);
  }

  override async begin(request: RunRequest): Promise<string> {
    this.asked.push(['begin', request]);
    const names = request.action === 'rollback' ? [request.stack] : request.stacks;
    return this.#begin(request.action, names ?? this.stacks.map(({ name }) => name));
  }

  override follow(stack: string, signal: AbortSignal): AsyncGenerator<DeployEvent> {
    return this.#journal.follow(stack, signal);
  }

  override cancel(run: string): void {
    this.asked.push(['cancel', run]);
    for (const { name, status } of Object.values(this.#store.state.stacks)) {
      if ('run' in status && status.run === run) this.end(name, { outcome: 'cancelled', release: 'old' });
    }
  }

  override async dryRun(): Promise<DryRun> {
    const changes = [
      change('compose.yml', 'changed', 1_800),
      change('traefik/tls.yml', 'added', 1_300),
      change('traefik/old.yml', 'deleted', 900),
    ];
    const config = [
      { path: 'services.gateway.image', before: 'traefik:v3.1', after: 'traefik:v3.2' },
      { path: 'services.gateway.environment.ACME_KEY', after: '••••••••' },
    ];
    const compose = ['Container edge-gateway-1 Recreate', 'Container edge-consul-1 Running'];
    return { changes, uploadBytes: 3_100, config, compose, warnings: [] };
  }

  override async history(): Promise<DeployHistory> {
    const day = 86_400_000;
    const release = (id: string, age: number, current: boolean): DeployHistory['releases'][number] => ({
      id,
      at: Date.now() - age,
      by: 'ada@laptop',
      current,
    });
    return {
      releases: [release('r3', day / 20, true), release('r2', 8 * day, false), release('r1', 9 * day, false)],
      unfinished: false,
    };
  }

  /** Brings a run that has begun as far as the build. */
  build(stack: string, lines: readonly string[] = buildOutput): void {
    const at = {
      packing: 0,
      connecting: 60,
      inspecting: 70,
      uploading: 480,
      verifying: 1_500,
      applying: 1_680,
      checking: 1_790,
      building: 1_900,
    };
    for (const [stage, atMs] of Object.entries(at)) {
      this.tell(stack, { kind: 'stage', stage: stage as keyof typeof at, atMs });
      if (stage === 'inspecting') this.tell(stack, { kind: 'changes', changes: sent, uploadBytes: 412_000 });
      if (stage === 'uploading') this.tell(stack, { kind: 'bytes', sent: 412_000, total: 412_000 });
    }
    for (const line of lines) this.tell(stack, { kind: 'output', line });
  }

  tell(stack: string, progress: Extract<DeployEvent, { kind: 'progress' }>['progress']): void {
    this.#hear('deploy', { kind: 'progress', stack, progress });
  }

  end(stack: string, differences: Partial<DeployResult>): void {
    const result: DeployResult = {
      ...{ id: '20261120-174000-ab12', stack, outcome: 'succeeded', release: 'new', stage: 'committing' },
      ...{ gates: [], bytesSent: 412_000, durationMs: 21_400 },
      ...differences,
    };
    this.#hear('deploy', { kind: 'result', stack, result });
  }

  verified(stack: string, ok: boolean): void {
    this.#hear('verify', { kind: 'verified', stack, ok });
  }

  #begin(action: StackAction, names: readonly string[]): string {
    this.#runs += 1;
    this.#hear(action, { kind: 'begun', run: this.#run, stacks: [...names] });
    return this.#run;
  }

  #hear(action: StackAction, event: DeployEvent): void {
    this.#board.hear(this.#run, action, event);
    this.#journal.hear(this.#run, event);
  }

  get #run(): string {
    return `run-${this.#runs}`;
  }
}
