/** A text of the bundle, and what it is. */
export interface BundlePart {
  readonly name: string;
  readonly about: string;
  readonly text: string;
}

/** What whoever opens the archive reads first. `at` is Unix ms; `alone`: no engine ran that could have told its state. */
export function readme(parts: readonly BundlePart[], { at, alone }: { at: number; alone: boolean }): string {
  const width = Math.max(...parts.map(({ name }) => name.length));
  return `What Towline knows about itself, collected ${new Date(at).toISOString()}.
${alone ? 'No Towline was running: there is no state of hosts and no timeline.\n' : ''}
${parts.map(({ name, about }) => `${name.padEnd(width)}  ${about}`).join('\n')}

Passwords, passphrases, private keys, tokens and the values of your stacks' .env files have been
replaced by [redacted]. Names of hosts, users, containers and files are still in it, and so are
addresses: look through it before you give it to somebody you don't trust with those.
`;
}
