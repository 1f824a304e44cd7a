import { expect, test } from 'vitest';
import { openSshWouldHelp } from '../../../../engine/ssh/openssh/openssh-help.ts';

test.each([
  [{ code: 'algorithms-incompatible', message: 'no matching key exchange algorithm' }, [], true],
  [{ code: 'auth-refused', message: 'lab refused the key' }, ['publickey', 'gssapi-with-mic'], true],
  [{ code: 'auth-refused', message: 'lab refused the key' }, ['publickey', 'password'], false],
  [{ code: 'auth-refused', message: 'The key id_ed25519_sk lives on a security key.' }, [], true],
  [{ code: 'host-key-unknown', message: 'lab is not known. A certificate authority is stored for it.' }, [], true],
  [{ code: 'host-key-unknown', message: 'lab is not known.' }, [], false],
  [{ code: 'key-format-unsupported', message: "The key k can't be used: it lives in a hardware token." }, [], true],
  [
    { code: 'key-format-unsupported', message: "The key k can't be used: it is not a private key in a known format." },
    [],
    false,
  ],
  [{ code: 'host-key-changed', message: 'The key of lab has changed.' }, [], false],
  [{ code: 'host-refused', message: 'no SSH server listens there' }, [], false],
])('%j with %j: %s', (failure, offered, helps) => {
  expect(openSshWouldHelp(failure, offered) !== undefined).toBe(helps);
});
