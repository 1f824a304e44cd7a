import { expect, test } from 'vitest';
import { sshFailure } from '../../../../engine/ssh/openssh/login-failure.ts';

test.each([
  ['ssh: Could not resolve hostname lab: Name or service not known', 'host-not-found'],
  ['ssh: connect to host lab port 22: Connection refused', 'host-refused'],
  ['ssh: connect to host lab port 22: Connection timed out', 'host-unreachable'],
  ['ssh: connect to host lab port 22: Operation timed out', 'host-unreachable'],
  ['ssh: connect to host lab port 22: No route to host', 'network-unreachable'],
  ['ssh: connect to host lab port 22: Network is unreachable', 'network-unreachable'],
  [
    'Unable to negotiate with 10.0.0.7 port 22: no matching key exchange method found. Their offer: a,b',
    'algorithms-incompatible',
  ],
  [
    'No ED25519 host key is known for lab and you have requested strict checking.\nHost key verification failed.',
    'host-key-unknown',
  ],
  ['@       WARNING: REVOKED HOST KEY DETECTED!\nHost key verification failed.', 'host-key-revoked'],
  ['me@lab: Permission denied (publickey,password).', 'auth-refused'],
  ['Received disconnect from lab: 2: Too many authentication failures\nPermission denied (publickey).', 'auth-refused'],
  ['/home/me/.ssh/config: line 3: Bad configuration option: nonsense', 'ssh-config-invalid'],
  ['channel 0: open failed: administratively prohibited: open failed\nstdio forwarding failed', 'jump-refused'],
  ['Timeout, server lab not responding.', 'connection-silent'],
  ['banner exchange: Connection to lab port 80: invalid format', 'not-ssh'],
  [
    'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 10.0.0.7 port 22',
    'host-hung-up',
  ],
  [
    'kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 10.0.0.7 port 22',
    'host-hung-up',
  ],
  [
    'me@jump: Permission denied (publickey).\r\nkex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535',
    'auth-refused',
  ],
  [
    'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535',
    'connection-lost',
  ],
  ['REMOTE HOST IDENTIFICATION HAS CHANGED, says the banner\nme@lab: Permission denied (publickey).', 'auth-refused'],
  ['client_loop: send disconnect: Broken pipe', 'connection-lost'],
  ['', 'connection-lost'],
])('%j is %s', (said, code) => {
  expect(sshFailure(said, 'lab').code).toBe(code);
});

test('the statistics of the end are not why a connection was lost', () => {
  const said =
    'Connection to lab closed by remote host.\nTransferred: sent 2, received 3 bytes, in 1.0 seconds\nBytes per second: sent 2.0, received 3.0\n';
  expect(sshFailure(said, 'lab').message).toBe(
    'The connection to lab was lost: Connection to lab closed by remote host.',
  );
});

test('an agent that did not sign is named with the key and the reason', () => {
  const said =
    'sign_and_send_pubkey: signing failed for ED25519 "me@work" from agent: agent refused operation\r\nme@lab: Permission denied (publickey).\r\n';
  expect(sshFailure(said, 'lab')).toMatchObject({
    code: 'auth-refused',
    message:
      'lab refused the login of user me. It accepts: publickey. The agent did not sign with the key me@work: agent refused operation.',
    hint: expect.stringContaining('ssh-add -l') as string,
  });
});

test('a changed host key is told with both fingerprints, the place, and a command in our own words', () => {
  const said = [
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
    'The fingerprint for the ED25519 key sent by the remote host is',
    'SHA256:new.',
    'Offending RSA key in /home/me/.ssh/known_hosts:7',
    '  remove with:',
    '  ssh-keygen -f "/home/me/.ssh/known_hosts" -R "[lab]:2222"',
    'Host key verification failed.',
  ].join('\r\n');
  expect(sshFailure(said, 'lab:2222', 'SHA256:old').failure).toEqual({
    code: 'host-key-changed',
    message:
      'The key of lab:2222 has changed. It now shows the ED25519 key SHA256:new. The known key SHA256:old stands in /home/me/.ssh/known_hosts:7. Somebody may be in between.',
    hint: "If its owner confirms the new key, forget the old one: ssh-keygen -f '/home/me/.ssh/known_hosts' -R '[lab]:2222'",
  });
});
