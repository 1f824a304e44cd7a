import { implement, ORPCError, ValidationError, type Router } from '@orpc/server';
import { contract, protocolVersion } from '../shared/contract.ts';
import { FailureError, toFailure, type Failure } from '../shared/failure.ts';
import type { Logger } from './base/logger.ts';
import type { EngineCommands } from './commands.ts';

/** The contract, answered by an engine; the same for every door. */
export type Api = Router<typeof contract, Record<never, never>>;

export function createApi(commands: EngineCommands, log: Logger): Api {
  const { store, forwards, stacks, runs, logs, timeline, metrics, machine, diagnostics } = commands;
  const never = new AbortController().signal;
  const os = implement(contract)
    .$config({ initialInputValidationIndex: 1 })
    .use(async ({ next, path }) => {
      try {
        return await next();
      } catch (error) {
        throw typed(error, path, log);
      }
    });

  return os.router({
    hello: os.hello.handler(({ input }) => {
      const { version, pid, mode } = store.state;
      if (input.protocol !== protocolVersion) throw protocolMismatch(input.protocol, version);
      return { protocol: protocolVersion, version, pid, mode };
    }),
    state: {
      get: os.state.get.handler(() => store.state),
      watch: os.state.watch.handler(async function* ({ input, signal = new AbortController().signal }) {
        const leave = input?.canAnswer === true ? commands.attend() : undefined;
        try {
          yield* store.watch(signal);
        } finally {
          leave?.();
        }
      }),
    },
    hosts: {
      add: os.hosts.add.handler(async ({ input }) => ({ hostId: await commands.addHost(input) })),
      remove: os.hosts.remove.handler(({ input }) => commands.removeHost(input.hostId)),
      list: os.hosts.list.handler(() => [...commands.listHosts()]),
      aliases: os.hosts.aliases.handler(() => commands.listAliases()),
      candidates: os.hosts.candidates.handler(() => commands.listCandidates()),
      startDemo: os.hosts.startDemo.handler(async () => ({ hostId: await commands.startDemo() })),
      connect: os.hosts.connect.handler(({ input }) => commands.connect(input.hostId)),
      disconnect: os.hosts.disconnect.handler(({ input }) => commands.disconnect(input.hostId)),
      reconnect: os.hosts.reconnect.handler(({ input }) => commands.reconnect(input.hostId)),
      test: os.hosts.test.handler(({ input, signal, path }) =>
        told(commands.testHost(input, signal ?? new AbortController().signal), path, log),
      ),
      answer: os.hosts.answer.handler(({ input }) => commands.answerPrompt(input.hostId, input.promptId, input.answer)),
    },
    forwards: {
      add: os.forwards.add.handler(async ({ input }) => ({ forwardId: await forwards.add(input) })),
      remove: os.forwards.remove.handler(({ input }) => forwards.remove(input.hostId, input.forwardId)),
      remap: os.forwards.remap.handler(({ input }) => forwards.remap(input.hostId, input.forwardId, input.localPort)),
      ignore: os.forwards.ignore.handler(({ input }) => forwards.ignore(input.hostId, input.forwardId)),
      pause: os.forwards.pause.handler(({ input }) => forwards.pause(input)),
      resume: os.forwards.resume.handler(({ input }) => forwards.resume(input)),
    },
    rules: {
      replace: os.rules.replace.handler(({ input }) => forwards.replaceRules(input.rules)),
      preview: os.rules.preview.handler(({ input }) => [...forwards.previewRules(input.rules)]),
    },
    stacks: {
      list: os.stacks.list.handler(() => [...stacks.list()]),
      add: os.stacks.add.handler(({ input }) => stacks.add(input)),
      remove: os.stacks.remove.handler(({ input }) => stacks.remove(input.stack)),
    },
    deploy: {
      start: os.deploy.start.handler(({ input, signal = never, path }) =>
        told(stacks.deploy(input, signal), path, log),
      ),
      rollback: os.deploy.rollback.handler(({ input, signal = never, path }) =>
        told(stacks.rollback(input, signal), path, log),
      ),
      verify: os.deploy.verify.handler(({ input, signal = never, path }) =>
        told(stacks.verify(input.stacks, signal), path, log),
      ),
      begin: os.deploy.begin.handler(async ({ input }) => ({ run: await stacks.begin(input) })),
      follow: os.deploy.follow.handler(({ input, signal = never, path }) =>
        told(stacks.follow(input.stack, signal), path, log),
      ),
      cancel: os.deploy.cancel.handler(({ input }) => stacks.cancel(input.run)),
      dryRun: os.deploy.dryRun.handler(({ input, signal = never }) => stacks.dryRun(input.stack, signal)),
      history: os.deploy.history.handler(({ input, signal = never }) => stacks.history(input.stack, signal)),
    },
    logs: {
      read: os.logs.read.handler(({ input, signal = never }) => logs.read(input, signal)),
      follow: os.logs.follow.handler(({ input, signal = never, path }) => told(logs.follow(input, signal), path, log)),
      own: os.logs.own.handler(({ input, signal = never, path }) => told(logs.own(input, signal), path, log)),
    },
    timeline: {
      read: os.timeline.read.handler(({ input }) => timeline.read(input)),
      watch: os.timeline.watch.handler(({ input, signal = never }) => timeline.watch(input, signal)),
    },
    metrics: { text: os.metrics.text.handler(() => metrics.text()) },
    diagnostics: {
      collect: os.diagnostics.collect.handler(({ input, signal = never }) => diagnostics.collect(input, signal)),
    },
    run: {
      start: os.run.start.handler(({ input, signal = never, path }) => told(runs.start(input, signal), path, log)),
      input: os.run.input.handler(({ input }) => runs.input(input.run, Buffer.from(input.data, 'base64'), input.end)),
      cancel: os.run.cancel.handler(({ input }) => runs.cancel(input.run)),
    },
    settings: {
      update: os.settings.update.handler(({ input }) => commands.updateSettings(input)),
      reset: os.settings.reset.handler(() => machine.resetSettings()),
    },
    profile: {
      export: os.profile.export.handler(() => ({ text: machine.exportProfile() })),
      preview: os.profile.preview.handler(({ input }) => [...machine.previewProfile(input.text)]),
      apply: os.profile.apply.handler(({ input }) => machine.applyProfile(input.text)),
    },
    dockerContext: {
      get: os.dockerContext.get.handler(({ input }) => machine.dockerContext(input.hostId)),
      install: os.dockerContext.install.handler(({ input }) => machine.installContext(input.hostId)),
      remove: os.dockerContext.remove.handler(({ input }) => machine.removeContext(input.hostId)),
    },
    doctor: os.doctor.handler(({ input, signal, path }) =>
      told(commands.examine(input, signal ?? new AbortController().signal), path, log),
    ),
    engine: {
      command: os.engine.command.handler(() => machine.command()),
      checkConnections: os.engine.checkConnections.handler(() => commands.checkConnections('asked for by a client')),
      stop: os.engine.stop.handler(() => commands.requestStop()),
    },
  });
}

/** What is told step by step; a failure on the way is typed as any other. */
async function* told<T>(steps: AsyncIterable<T>, path: readonly string[], log: Logger): AsyncGenerator<T, void> {
  try {
    yield* steps;
  } catch (error) {
    throw typed(error, path, log);
  }
}

/** Whatever was thrown, as the contract's one typed error. What nobody meant for the user is logged. */
function typed(error: unknown, path: readonly string[], log: Logger): ORPCError<'FAILURE', Failure> {
  const request = path.join('.');
  const failure = invalidInput(error, request) ?? toFailure(error);
  if (failure.code === 'internal') log.error('request failed', { request, error });
  return new ORPCError('FAILURE', { message: failure.message, data: failure });
}

function invalidInput(error: unknown, request: string): Failure | undefined {
  if (!(error instanceof ORPCError) || !(error.cause instanceof ValidationError)) return undefined;
  if (error.code !== 'BAD_REQUEST') return undefined;
  const problems = error.cause.issues.map((issue) => {
    const place = (issue.path ?? [])
      .map((part) => (typeof part === 'object' ? String(part.key) : String(part)))
      .join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  return { code: 'invalid-input', message: `${request} was not understood: ${problems.join('; ')}.` };
}

function protocolMismatch(theirs: number, version: string): FailureError {
  return new FailureError({
    code: 'protocol-mismatch',
    message: `The running Towline ${version} speaks protocol ${protocolVersion}, this command speaks ${theirs}.`,
    hint:
      theirs > protocolVersion
        ? 'Restart the running Towline, so that it is the newer one too.'
        : 'Use the newer `towline` command, the one that belongs to the running Towline.',
  });
}
