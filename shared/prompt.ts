import { z } from 'zod';

/** What the engine may have to ask a person while it connects. `hostId` says on whose behalf; `canRemember`: there is a keychain to keep it in. */
export const promptRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('host-key'),
    hostId: z.string(),
    /** The name that would be remembered, and where it was dialled. */
    host: z.string(),
    port: z.number().int(),
    address: z.string().optional(),
    keyType: z.string(),
    /** `SHA256:…` as ssh prints it. */
    fingerprint: z.string(),
    /** The lines of the picture that `ssh-keygen -lv` draws. */
    randomart: z.array(z.string()),
    /** Other names under which this very key is already known. */
    knownAs: z.array(z.string()),
    /** `FILE:LINE` of an authority that vouches for this host: the system's ssh can check its certificate, ssh2 can't. */
    authority: z.string().optional(),
  }),
  z.object({
    kind: z.literal('passphrase'),
    hostId: z.string(),
    keyFile: z.string(),
    wrongBefore: z.boolean(),
    canRemember: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('password'),
    hostId: z.string(),
    user: z.string(),
    host: z.string(),
    /** Missing where the system's ssh asks: it does not say. */
    port: z.number().int().optional(),
    canRemember: z.boolean().optional(),
  }),
  /** Without prompts it is a notice, such as that a security key waits for a touch: it goes by itself. */
  z.object({
    kind: z.literal('keyboard-interactive'),
    hostId: z.string(),
    name: z.string(),
    instructions: z.string(),
    prompts: z.array(z.object({ text: z.string(), echo: z.boolean() })),
  }),
]);

/** The person's answer; its kind is that of the request. `remember`: keep it in the system's keychain once it has proved right. */
export const promptAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('host-key'), hostId: z.string(), accept: z.boolean() }),
  z.object({
    kind: z.literal('passphrase'),
    hostId: z.string(),
    passphrase: z.string(),
    remember: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('password'), hostId: z.string(), password: z.string(), remember: z.boolean().optional() }),
  z.object({ kind: z.literal('keyboard-interactive'), hostId: z.string(), answers: z.array(z.string()) }),
]);

export type PromptRequest = z.infer<typeof promptRequestSchema>;
export type PromptAnswer = z.infer<typeof promptAnswerSchema>;
