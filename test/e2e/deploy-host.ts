import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TestDocker } from '../support/test-docker.ts';
import { startTestSshd } from '../support/test-sshd.ts';

/** A host that takes deployments: an sshd of this process, this machine's sh, and a Docker of one's own. */
export interface DeployHost {
  readonly port: number;
  /** `compose build` has begun; it ends when `release` is called. */
  readonly building: Promise<void>;
  release(): void;
  dispose(): Promise<void>;
}

const project = 'mini';

/** Everything of it is in `folder`. */
export async function startDeployHost(folder: string): Promise<DeployHost> {
  const docker = new TestDocker();
  const building = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const bin = join(folder, 'bin');
  const home = join(folder, 'remote-home');
  const control = join(folder, 'fake-docker.sock');
  await Promise.all([mkdir(bin), mkdir(home)]);
  const program = join(import.meta.dirname, 'fake-docker.cjs');
  await writeFile(join(bin, 'docker'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  await chmod(join(bin, 'docker'), 0o755);

  /** What such a command prints. */
  const answer = async ([verb, ...rest]: string[]): Promise<string> => {
    const command = verb === 'compose' ? `compose ${rest[0]}` : verb;
    switch (command) {
      case 'compose version':
        return '2.29.1\n';
      case 'compose config':
        return readFile(join(home, 'towline', project, 'compose.yml'), 'utf8');
      case 'compose build':
        building.resolve();
        await released.promise;
        return '#1 building web\n#1 done\n';
      case 'compose up': {
        const labels = { 'com.docker.compose.project': project, 'com.docker.compose.service': 'web' };
        docker.run({ name: `${project}-web-1`, image: 'mini/web', labels });
        return `Container ${project}-web-1  Started\n`;
      }
      default:
        return ''; // ps, inspect, image inspect, tag: nothing there yet, and all is well
    }
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', (line) => {
      void answer(JSON.parse(line.toString()) as string[]).then((output) =>
        socket.end(JSON.stringify({ output, code: 0 })),
      );
    });
  });
  await new Promise<void>((resolve) => void server.listen(control, resolve));

  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: home, FAKE_DOCKER: control };
  const sshd = await startTestSshd({
    openUnix: () => docker.connect(),
    async exec(command, { stdin, stdout, stderr, signal }) {
      const shell = spawn('sh', ['-c', command], { env, cwd: home, signal });
      shell.on('error', () => undefined); // the client has left
      stdin.pipe(shell.stdin).on('error', () => undefined);
      shell.stdout.pipe(stdout, { end: false });
      shell.stderr.pipe(stderr, { end: false });
      const [code] = (await once(shell, 'close')) as [number | null];
      return code ?? 255;
    },
  });
  return {
    port: sshd.port,
    building: building.promise,
    release: () => released.resolve(),
    async dispose() {
      released.resolve();
      await sshd.dispose();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
