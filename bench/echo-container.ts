import type Docker from 'dockerode';
import { testImage } from '../test/real/host/image.ts';

/** A container, not yet started, whose echo server is published on all of the host's addresses at `ports`. */
export function createEchoContainer(docker: Docker, ...ports: readonly number[]): Promise<Docker.Container> {
  return docker.createContainer({
    Image: testImage,
    Cmd: ['nc', '-ll', '-p', '7', '-e', '/bin/cat'],
    ExposedPorts: { '7/tcp': {} },
    HostConfig: { PortBindings: { '7/tcp': ports.map((port) => ({ HostPort: String(port) })) } },
  });
}
