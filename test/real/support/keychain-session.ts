import process from 'node:process';
import { systemClock } from '../../../engine/base/clock.ts';
import { openKeychain } from '../../../engine/keychain.ts';

/** Run inside a D-Bus session of its own: `keychain-session.ts get|set|delete [SECRET]`. Prints what came of it as JSON. */
const name = { kind: 'passphrase', keyFile: '/home/ml/.ssh/id_ed25519', fingerprint: 'SHA256:test' } as const;
const [action, secret = ''] = process.argv.slice(2);
const keychain = await openKeychain({ clock: systemClock });

async function act(): Promise<unknown> {
  if ('unavailable' in keychain) return keychain;
  if (action === 'set') await keychain.set(name, secret);
  if (action === 'delete') await keychain.delete(name);
  return { secret: (await keychain.get(name)) ?? null };
}

process.stdout.write(`${JSON.stringify(await act())}\n`);
process.exit(0); // the library may keep a connection to the bus
