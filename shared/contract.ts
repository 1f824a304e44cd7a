import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { appStateSchema } from './app-state.ts';
import { deployHistorySchema } from './deploy.ts';
import {
  deployEventSchema,
  deployRequestSchema,
  dryRunSchema,
  rollbackRequestSchema,
  runRequestSchema,
} from './deployment.ts';
import { diagnosticsBundleSchema, diagnosticsRequestSchema } from './diagnostics.ts';
import { doctorStepSchema } from './doctor.ts';
import { failureSchema } from './failure.ts';
import { forwardTargetSchema } from './forward.ts';
import { hostProfileSchema, sshAliasSchema } from './host.ts';
import { hostCandidateSchema } from './host-candidate.ts';
import { commandPlaceSchema, dockerContextSchema } from './machine.ts';
import {
  logEventSchema,
  logFollowRequestSchema,
  logPageSchema,
  logReadRequestSchema,
  ownLogRequestSchema,
} from './log.ts';
import { patchSchema } from './patch.ts';
import { profileChangeSchema } from './profile-file.ts';
import { promptAnswerSchema } from './prompt.ts';
import { ruleSchema } from './rule.ts';
import { commandInputSchema, commandRunEventSchema, commandRunRequestSchema } from './run.ts';
import { rulePreviewSchema, settingsChangeSchema } from './settings-view.ts';
import { stackSchema } from './stack.ts';
import { timelineEntrySchema, timelinePushSchema, timelineQuerySchema } from './timeline.ts';

/** Raised when the doors' messages change in a way that an older client would misread. */
export const protocolVersion = 1;

/**
 * How the engine's state reaches a client: all of it first, then what changed. Patches apply to the state of revision
 * `since`, which is the one last sent: changes in between are merged. If a client has another one, it subscribes anew.
 */
export const statePushSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), revision: z.int(), state: appStateSchema }),
  z.object({ kind: z.literal('patches'), since: z.int(), revision: z.int(), patches: z.array(patchSchema) }),
]);
export type StatePush = z.infer<typeof statePushSchema>;

/** The stages of trying a host out, in order; each ends with its own result. */
export const hostTestStepSchema = z.object({
  step: z.enum(['resolve', 'connect', 'authenticate', 'docker', 'forwarding']),
  state: z.enum(['running', 'done', 'failed']),
  detail: z.string().optional(),
  ms: z.number().optional(),
  failure: failureSchema.optional(),
});
export type HostTestStep = z.infer<typeof hostTestStepSchema>;

/** Every failure that is meant for the user travels as this one typed error; its data is the whole `Failure`. */
const failing = oc.errors({ FAILURE: { data: failureSchema } });

const hostId = z.object({ hostId: z.string() });
const forwardId = z.object({ hostId: z.string(), forwardId: z.string() });

/**
 * Every request that a door may pass to the engine. The doors (control socket, web door, Electron's IPC) carry it,
 * check it against these schemas and know nothing else.
 */
export const contract = {
  hello: failing
    .input(z.object({ protocol: z.int() }))
    .output(z.object({ protocol: z.int(), version: z.string(), pid: z.int(), mode: z.enum(['headless', 'desktop']) })),
  state: {
    get: failing.output(appStateSchema),
    /** With `canAnswer` the watcher shows prompts to a person: the engine may ask through it as long as it watches. */
    watch: failing
      .input(z.object({ canAnswer: z.boolean().optional() }).optional())
      .output(eventIterator(statePushSchema)),
  },
  hosts: {
    add: failing.input(hostProfileSchema).output(z.object({ hostId: z.string() })),
    remove: failing.input(hostId),
    list: failing.output(z.array(hostProfileSchema)),
    /** The single hosts of the user's ssh_config. */
    aliases: failing.output(z.array(sshAliasSchema)),
    /** What the user's ssh_config and docker contexts name and is not saved. */
    candidates: failing.output(z.array(hostCandidateSchema)),
    /** Starts the pretend host that lives inside the engine, unless it runs. It is not saved. */
    startDemo: failing.output(z.object({ hostId: z.string() })),
    connect: failing.input(hostId),
    disconnect: failing.input(hostId),
    reconnect: failing.input(hostId),
    /** Tries a host out without saving it; one event per change of a step. */
    test: failing.input(hostProfileSchema).output(eventIterator(hostTestStepSchema)),
    answer: failing.input(
      z.object({ hostId: z.string(), promptId: z.string(), answer: promptAnswerSchema.optional() }),
    ),
  },
  forwards: {
    add: failing
      .input(
        z.object({
          hostId: z.string(),
          target: forwardTargetSchema,
          localPort: z.int().min(1).max(65535),
          bind: z.string().optional(),
          label: z.string().max(200).optional(),
        }),
      )
      .output(z.object({ forwardId: z.string() })),
    remove: failing.input(forwardId),
    /** Another local port, from now on: written to the manual forward, or as a rule for the container's port. */
    remap: failing.input(forwardId.extend({ localPort: z.int().min(1).max(65535) })),
    /** Leaves a container's port out from now on, by a rule. */
    ignore: failing.input(forwardId),
    /** Without `forwardId` all of the host, without `hostId` all there are. */
    pause: failing.input(z.object({ hostId: z.string().optional(), forwardId: z.string().optional() })),
    resume: failing.input(z.object({ hostId: z.string().optional(), forwardId: z.string().optional() })),
  },
  rules: {
    /** All port rules, in the order in which they are tried. */
    replace: failing.input(z.object({ rules: z.array(ruleSchema).max(500) })),
    /** What these rules would make of every port there is; nothing is changed. */
    preview: failing.input(z.object({ rules: z.array(ruleSchema).max(500) })).output(z.array(rulePreviewSchema)),
  },
  stacks: {
    list: failing.output(z.array(stackSchema)),
    add: failing.input(stackSchema),
    /** Forgets it; what runs on its host stays. */
    remove: failing.input(z.object({ stack: z.string() })),
  },
  deploy: {
    /** Who stops reading cancels; to hear how that ends, use `cancel` and read on. */
    start: failing.input(deployRequestSchema).output(eventIterator(deployEventSchema)),
    rollback: failing.input(rollbackRequestSchema).output(eventIterator(deployEventSchema)),
    /** The gates of what runs, without any session. */
    verify: failing
      .input(z.object({ stacks: deployRequestSchema.shape.stacks }))
      .output(eventIterator(deployEventSchema)),
    cancel: failing.input(z.object({ run: z.string() })),
    /** Starts a run that needs nobody who reads: it ends by itself or by `cancel`. How it goes is part of the state. */
    begin: failing.input(runRequestSchema).output(z.object({ run: z.string() })),
    /** What the stack's newest run has told and tells, from its beginning to its end, whoever started it. */
    follow: failing.input(z.object({ stack: z.string() })).output(eventIterator(deployEventSchema)),
    /** What a deployment would send and delete; nothing is written on the host. */
    dryRun: failing.input(z.object({ stack: z.string() })).output(dryRunSchema),
    history: failing.input(z.object({ stack: z.string() })).output(deployHistorySchema),
  },
  run: {
    /** Who stops reading cancels; to hear how that ends, use `cancel` and read on. */
    start: failing.input(commandRunRequestSchema).output(eventIterator(commandRunEventSchema)),
    /** Answered when it has been taken: send no faster. */
    input: failing.input(commandInputSchema),
    cancel: failing.input(z.object({ run: z.string() })),
  },
  logs: {
    /** One page of what containers have logged; for the page before it, ask with `before`. */
    read: failing.input(logReadRequestSchema).output(logPageSchema),
    /** What they have logged and log from now on, over restarts and outages. Who stops reading ends it. */
    follow: failing.input(logFollowRequestSchema).output(eventIterator(logEventSchema)),
    /** Towline's own log, told in the same way: as a container `towline`. Who stops reading ends it. */
    own: failing.input(ownLogRequestSchema).output(eventIterator(logEventSchema)),
  },
  timeline: {
    /** What has happened, as far as it is remembered; oldest first. */
    read: failing.input(timelineQuerySchema).output(z.array(timelineEntrySchema)),
    /** The same, then whatever happens. */
    watch: failing.input(timelineQuerySchema).output(eventIterator(timelinePushSchema)),
  },
  metrics: {
    /** Everything that is measured, in Prometheus' text format. */
    text: failing.output(z.string()),
  },
  diagnostics: {
    /** Versions, settings, state, timeline, log and what the doctor says, as one archive without secrets. */
    collect: failing.input(diagnosticsRequestSchema).output(diagnosticsBundleSchema),
  },
  settings: {
    /** The groups that are given replace those in force; what is in force is part of the state. */
    update: failing.input(settingsChangeSchema),
    /** All groups are as at first; hosts, rules and stacks stay. */
    reset: failing,
  },
  /** Hosts, rules, stacks and settings as a text for another machine; never secrets. */
  profile: {
    export: failing.output(z.object({ text: z.string() })),
    /** What `apply` would do; nothing is changed. */
    preview: failing.input(z.object({ text: z.string() })).output(z.array(profileChangeSchema)),
    apply: failing.input(z.object({ text: z.string() })),
  },
  /** A `docker context` that leads to the host over the connection that is there. */
  dockerContext: {
    get: failing.input(hostId).output(dockerContextSchema),
    install: failing.input(hostId).output(dockerContextSchema),
    remove: failing.input(hostId).output(dockerContextSchema),
  },
  /** Examines this machine, then the host if one is given: one event per step, as it ends. Costs one connection. */
  doctor: failing.input(hostProfileSchema.optional()).output(eventIterator(doctorStepSchema)),
  engine: {
    /** Where the `towline` command is on the engine's machine. */
    command: failing.output(commandPlaceSchema),
    /** The machine's network has changed or is back: what waits is tried now, what seems connected has to prove it. */
    checkConnections: failing,
    stop: failing,
  },
};

export type Contract = typeof contract;
