import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { systemClock } from '../../../engine/base/clock.ts';
import { deployStack } from '../../../engine/deploy/deploy.ts';
import { HashMemory } from '../../../engine/deploy/hash-memory.ts';
import { deployOptionsSchema } from '../../../shared/deploy.ts';
import { stackSchema } from '../../../shared/stack.ts';
import { connectTestClient, openExec } from '../../support/test-ssh-client.ts';
import type { RealHostInfo } from '../host/real-host.ts';

/** A program that deploys and says each stage on a line, so that it can be killed at one: `node deploying-client.ts HOST STACK`. */
const info = JSON.parse(process.argv[2] ?? '') as RealHostInfo;
const stack = stackSchema.parse(JSON.parse(process.argv[3] ?? ''));
const privateKey = await readFile(`${info.dir}/id_ed25519`);
const client = await connectTestClient(info.sshPort, { host: info.address, username: info.user, privateKey });
const tools = {
  clock: systemClock,
  owner: 'killed@bench',
  hashes: new HashMemory(systemClock),
  health: { containers: () => Promise.resolve([]), lastLines: () => Promise.resolve([]) },
  dial: () => Promise.reject(new Error('not needed')),
  openSession: (command: string) => openExec(client, command),
};
for await (const step of deployStack(tools, stack, deployOptionsSchema.parse({}), new AbortController().signal)) {
  if (step.kind === 'stage') process.stdout.write(`${step.stage}\n`);
}
