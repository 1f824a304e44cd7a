import {
  deployStageSchema,
  type DeployOptions,
  type DeployResult,
  type DeployStage,
  type GateReport,
} from '../../shared/deploy.ts';
import { toFailure, type Failure } from '../../shared/failure.ts';
import type { Stack } from '../../shared/stack.ts';
import { archiveBytes } from './archive.ts';
import { Conversation, type RemoteMessage } from './conversation.ts';
import { passGates } from './gates.ts';
import type { Job } from './job.ts';
import { encodeWord } from '../base/line-code.ts';
import { newRunId, parametersOf } from './parameters.ts';
import type { Report } from './progress.ts';
import { clockWarning, remoteFailure } from './refusal.ts';
import { remoteCommand } from '../base/remote-command.ts';
import { Survey } from './survey.ts';
import type { DeployTools } from './tools.ts';

/**
 * One run on a host: one session channel from start to end. The remote program leads, word by word; we answer with files and
 * with the gates' verdict. If the channel goes, the host undoes by itself what was not committed.
 */
export class Run {
  readonly id: string;
  readonly #tools: DeployTools;
  readonly #stack: Stack;
  readonly #options: DeployOptions;
  readonly #report: Report;
  readonly #signal: AbortSignal;
  readonly #began: number;
  readonly #survey = new Survey();
  readonly #gates: GateReport[] = [];
  /** Ends what we do on the side: sending and gates. */
  readonly #side = new AbortController();
  #conversation: Conversation | undefined;
  #stage: DeployStage = 'packing';
  #failure: Failure | undefined;
  #refused = false;
  /** The remote program's last word; without it the result is unknown. */
  #end: string | undefined;
  #sending = false;
  #bytesSent = 0;

  constructor(tools: DeployTools, stack: Stack, options: DeployOptions, report: Report, signal: AbortSignal) {
    this.#tools = tools;
    this.#stack = stack;
    this.#options = options;
    this.#report = report;
    this.#signal = signal;
    this.#began = tools.clock.monotonic();
    this.id = newRunId(tools.clock);
  }

  /** Does the job that `prepare` finds. Never rejects: however it ends is in the result. */
  async perform(prepare: () => Promise<Job>): Promise<DeployResult> {
    const cancel = (): void => this.#cancel();
    this.#signal.addEventListener('abort', cancel, { once: true });
    try {
      this.#enter('packing');
      const job = await prepare();
      this.#enter('connecting');
      await this.#converse(job);
    } catch (error) {
      this.#failure ??= toFailure(error);
      this.#refused = true; // nothing was begun
    } finally {
      this.#signal.removeEventListener('abort', cancel);
      this.#side.abort();
    }
    return this.#result();
  }

  async #converse(job: Job): Promise<void> {
    this.#signal.throwIfAborted();
    const session = await this.#tools.openSession(remoteCommand, this.#signal);
    const { keep } = this.#stack;
    const { pull, leaseMs } = this.#options;
    const own = {
      owner: encodeWord(this.#tools.owner),
      lease: String(Math.ceil(leaseMs / 1000)),
      keep: String(keep),
      pull,
    };
    const conversation = new Conversation(session, {
      ...parametersOf(this.#stack, 'change', this.id),
      ...job.parameters,
      ...own,
    });
    this.#conversation = conversation;
    this.#enter('inspecting');
    if (this.#signal.aborted) this.#cancel();
    for await (const message of conversation.messages()) this.#hear(message, job, conversation);
    conversation.close();
  }

  #hear(message: RemoteMessage, job: Job, conversation: Conversation): void {
    if (message.kind === 'output') return this.#report({ kind: 'output', line: message.text });
    const { word, text } = message;
    switch (word) {
      case 'ready':
        return this.#onSide(() => this.#answer(job, conversation));
      case 'shown':
        return this.#onSide(() => this.#ship(job, conversation));
      case 'stage':
        return this.#hearStage(text, conversation);
      case 'refused':
      case 'failed': {
        const [code = '', ...detail] = text.split(' ');
        this.#failure ??= remoteFailure(code, detail.join(' '));
        this.#refused ||= word === 'refused';
        return;
      }
      case 'note':
        return this.#warn('image-gone', `The image ${text} of the old release is no longer on the host.`);
      case 'done':
        this.#end = text;
        return;
      default:
        this.#survey.take(word, text);
        if (word === 'fact') this.#warnOf(text);
    }
  }

  #hearStage(text: string, conversation: Conversation): void {
    const stage = deployStageSchema.safeParse(text);
    if (!stage.success) return;
    this.#enter(stage.data);
    if (stage.data === 'gating') this.#onSide(() => this.#judge(conversation));
  }

  async #answer(job: Job, conversation: Conversation): Promise<void> {
    const warning = clockWarning(this.#survey, this.#tools.clock);
    if (warning !== undefined) this.#warn('clock-skew', warning);
    const wanted = job.wanted(this.#survey);
    if (wanted === undefined) return this.#ship(job, conversation);
    conversation.say(`show ${wanted}`);
  }

  async #ship(job: Job, conversation: Conversation): Promise<void> {
    const { archive, size, changes } = await job.ship(this.#survey);
    this.#signal.throwIfAborted();
    this.#report({ kind: 'changes', changes: [...changes], uploadBytes: size });
    const { composeFiles } = this.#survey.asked;
    if (composeFiles.length > 0) conversation.say(`files ${encodeWord(composeFiles.join('\n'))}`);
    const onSent = (bytes: number): void => {
      this.#bytesSent += bytes;
      this.#report({ kind: 'bytes', sent: this.#bytesSent, total: size });
    };
    this.#sending = true;
    await conversation.send('receive', archiveBytes(archive), size, onSent, this.#side.signal);
  }

  async #judge(conversation: Conversation): Promise<void> {
    const report = (gate: GateReport): void => {
      this.#gates.push(gate);
      this.#report({ kind: 'gate', report: gate });
    };
    const passed = await passGates(this.#stack, this.#tools, report, this.#side.signal);
    if (this.#signal.aborted) return;
    if (passed) return conversation.say('commit');
    this.#failure = gateFailure(this.#gates.at(-1));
    conversation.say('rollback');
  }

  /** A failure on our side ends the run on the other; the loss of the channel shows there by itself. */
  #onSide(work: () => Promise<void>): void {
    if (this.#signal.aborted) return;
    work().catch((error: unknown) => {
      if (this.#signal.aborted || this.#conversation?.isLost) return;
      this.#failure ??= toFailure(error);
      this.#refused ||= this.#stage === 'inspecting';
      if (this.#stage === 'gating') this.#conversation?.say('rollback');
      else this.#conversation?.hangUp();
    });
  }

  #cancel(): void {
    this.#side.abort(this.#signal.reason);
    // Amid an archive a word would be taken for a part of it.
    const amidArchive = this.#sending && (this.#stage === 'inspecting' || this.#stage === 'uploading');
    if (amidArchive) this.#conversation?.hangUp();
    else this.#conversation?.say('cancel');
  }

  #enter(stage: DeployStage): void {
    if (stage !== 'restoring') this.#stage = stage;
    this.#report({ kind: 'stage', stage, atMs: this.#elapsedMs() });
  }

  #warnOf(fact: string): void {
    if (fact.startsWith('stale-lock')) {
      this.#warn('stale-lock', 'The lock of an earlier run was left behind; it has been taken over.');
    } else if (fact.startsWith('recovered')) {
      this.#warn('recovered', 'An earlier run had ended halfway; the host has gone back to the release before it.');
    }
  }

  #warn(code: string, message: string): void {
    this.#report({ kind: 'warning', code, message });
  }

  #elapsedMs(): number {
    return this.#tools.clock.monotonic() - this.#began;
  }

  #result(): DeployResult {
    const outcome = this.#outcome();
    const failure = this.#failure ?? (outcome === 'interrupted' ? interrupted(this.#stack.name) : undefined);
    return {
      id: this.id,
      stack: this.#stack.name,
      outcome,
      release: this.#releaseNow(outcome),
      stage: this.#stage,
      ...(failure === undefined || outcome === 'succeeded' || outcome === 'cancelled' ? {} : { failure }),
      gates: this.#gates,
      bytesSent: this.#bytesSent,
      durationMs: this.#elapsedMs(),
    };
  }

  #outcome(): DeployResult['outcome'] {
    if (this.#end === 'succeeded') return 'succeeded';
    if (this.#signal.aborted && (this.#end !== undefined || this.#conversation === undefined)) return 'cancelled';
    if (this.#refused || this.#end === 'refused') return 'refused';
    return this.#end === undefined || this.#end === 'interrupted' ? 'interrupted' : 'failed';
  }

  #releaseNow(outcome: DeployResult['outcome']): DeployResult['release'] {
    if (outcome === 'succeeded') return 'new';
    if (outcome === 'interrupted' || this.#end === 'broken') return 'unknown';
    return this.#survey.fact('current') === undefined ? 'none' : 'old';
  }
}

function gateFailure(gate: GateReport | undefined): Failure {
  return {
    code: 'gate-failed',
    message: `The new release did not prove itself: ${gate?.gate ?? 'a gate'}: ${gate?.saw ?? 'nothing seen'}.`,
    hint: 'The release before it is back. Look at the log lines of the container, or at the endpoint.',
  };
}

function interrupted(stack: string): Failure {
  return {
    code: 'deploy-interrupted',
    message:
      'The connection was lost, so the result is not known. The host goes back to the old release by itself unless it had finished.',
    hint: `\`towline history ${stack}\` tells how it ended. Nothing is repeated unasked.`,
  };
}
