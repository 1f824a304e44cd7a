import { systemClock } from '../../../engine/base/clock.ts';
import { establishOpenSsh } from '../../../engine/ssh/openssh/establish.ts';

/**
 * A process that holds a connection until it is killed: `node openssh-holder.ts OPTIONS`, with plain options as JSON. It says
 * `ready`, or `asked` when ssh has a question, which it never answers.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as Pick<
  Parameters<typeof establishOpenSsh>[0],
  'target' | 'identityFile' | 'knownHostsFile' | 'sshConfigFile' | 'acceptNewHostKey' | 'runtimeDir'
>;
await establishOpenSsh({
  ...options,
  hostId: 'held',
  prompter: () => new Promise(() => process.stdout.write('asked\n')),
  signal: new AbortController().signal,
  clock: systemClock,
  env: process.env,
});
process.stdout.write('ready\n');
