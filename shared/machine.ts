import { z } from 'zod';

/** A `docker context` that leads to a host over this engine's connection. */
export const dockerContextSchema = z.object({
  name: z.string(),
  /** It is there and leads to the socket of this engine. */
  installed: z.boolean(),
});
export type DockerContext = z.infer<typeof dockerContextSchema>;

/** Where the `towline` command is on this machine. */
export const commandPlaceSchema = z.object({
  /** The file that belongs to this engine, where it is known. */
  file: z.string().optional(),
  /** What a shell finds under the name `towline` on this engine's PATH. */
  onPath: z.string().optional(),
  /** What puts the file on the PATH; absent where it is there, or where it is not known. */
  install: z.string().optional(),
});
export type CommandPlace = z.infer<typeof commandPlaceSchema>;
