import type { DockerEvidence } from '../../../engine/doctor/docker-look.ts';
import type { LoginEvidence } from '../../../engine/doctor/login-watch.ts';
import type { PolicyEvidence } from '../../../engine/doctor/policy-look.ts';
import type { RemoteLook } from '../../../engine/doctor/remote-look.ts';

/** What is found on a host where all is well; tests change what is to be wrong. */
export const look: RemoteLook = {
  probe: {
    user: 'ml',
    uid: '1000',
    groups: ['ml', 'docker'],
    dockerHost: undefined,
    sockets: [{ path: '/var/run/docker.sock', writable: true }],
    dockerCli: true,
  },
  dockerSays: '27.1.1',
  composePlugin: '2.29.1',
  composeProgram: undefined,
  sshdLines: [],
  keyLines: [],
};

const dialled = (answer: 'allowed' | 'prohibited') => ({
  '127.0.0.1': answer,
  localhost: answer,
  '::1': answer,
  '0.0.0.0': answer,
});

export const open = dialled('allowed');
export const closed = dialled('prohibited');

export const policy: PolicyEvidence = {
  command: { kind: 'ran', stdout: 'user=ml\n', stderr: '', code: 0 },
  look,
  sessions: { asked: 11, granted: 10 },
  dialled: open,
  terminal: undefined,
  agent: undefined,
  listener: undefined,
};

export const docker: DockerEvidence = {
  endpoint: { kind: 'streamlocal', path: '/var/run/docker.sock' },
  versions: { engineVersion: '27.1.1', apiVersion: '1.46' },
  failure: undefined,
  refused: [],
};

/** Docker was not reached, as engine/docker says it. */
export function unreached(code: string, message = code): DockerEvidence {
  return { endpoint: undefined, versions: undefined, failure: { code, message }, refused: ['/var/run/docker.sock'] };
}

export const offer = {
  kex: ['curve25519-sha256'],
  hostKey: ['ssh-ed25519'],
  cipher: ['aes128-gcm@openssh.com'],
  mac: [],
};

export const login: LoginEvidence = {
  where: 'lab:22',
  user: 'ml',
  transportUp: true,
  address: '192.0.2.7',
  hello: { greeting: '', ident: 'SSH-2.0-OpenSSH_9.2', offer },
  ours: offer,
  keepalive: { intervalMs: 15_000, countMax: 2 },
  hostKey: { type: 'ssh-ed25519', fingerprint: 'SHA256:host', trusted: true },
  methods: ['publickey'],
  tried: [{ method: 'none' }, { method: 'publickey', key: { type: 'ssh-ed25519', fingerprint: 'SHA256:mine' } }],
};
