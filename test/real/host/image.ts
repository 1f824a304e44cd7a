import { createReadStream } from 'node:fs';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { run } from './run.ts';

/** Busybox with a web page: `httpd` on port 80 unless told otherwise; `nc -ll -p 7 -e /bin/cat` is an echo server. */
export const testImage = 'towline-test:latest';

// A server that is process 1 of its container is deaf to SIGTERM, and `docker stop` would wait ten seconds for it.
const dockerfile = `FROM scratch
ADD root /
ENV PATH=/bin
STOPSIGNAL SIGKILL
CMD ["httpd", "-f", "-p", "80", "-h", "/www"]
`;

/** Makes the test image from this machine's static busybox; no registry is asked. */
export async function makeTestImage(dir: string, dockerSocket: string): Promise<void> {
  const context = join(dir, 'image');
  const bin = join(context, 'root', 'bin');
  await mkdir(bin, { recursive: true });
  await mkdir(join(context, 'root', 'www'));
  await mkdir(join(context, 'root', 'tmp'));
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  await writeFile(join(context, 'root', 'www', 'index.html'), 'towline test page\n');
  await copyFile('/bin/busybox', join(bin, 'busybox'));
  for (const applet of (await run('/bin/busybox', ['--list'])).split('\n')) {
    if (applet !== '' && applet !== 'busybox') await symlink('busybox', join(bin, applet));
  }
  await run('tar', ['-C', context, '-cf', `${context}.tar`, '.']);
  await build(`${context}.tar`, dockerSocket);
}

/** By the API: not every docker CLI has a builder that works without BuildKit. */
async function build(archive: string, socketPath: string): Promise<void> {
  const path = `/build?t=${encodeURIComponent(testImage)}`;
  const headers = { 'content-type': 'application/x-tar' };
  const output = await new Promise<string>((resolve, reject) => {
    const upload = request({ socketPath, path, headers, method: 'POST', agent: false }, (response) => {
      text(response).then(resolve, reject);
    });
    pipeline(createReadStream(archive), upload).catch(reject);
  });
  if (!output.includes('Successfully tagged')) throw new Error(`the test image was not built: ${output}`);
}
