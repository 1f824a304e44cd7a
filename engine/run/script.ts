/** Where a script's text is on the host: a descriptor, so that no file is left behind whatever happens. */
export const scriptFile = { descriptor: 9, path: '/dev/fd/9' } as const;

/** The command that runs a script: what its first line names after `#!`, with at most one argument as the kernel has it, else sh. */
export function scriptCommand({ text, args }: { text: string; args: readonly string[] }): string[] {
  const [, interpreter, argument] = /^#![ \t]*([^ \t\n]+)(?:[ \t]+([^\n]*?))?[ \t\r]*(?:\n|$)/.exec(text) ?? [];
  const interpreted = [interpreter?.trimEnd() ?? 'sh', ...(argument ? [argument] : [])];
  return [...interpreted, scriptFile.path, ...args];
}
