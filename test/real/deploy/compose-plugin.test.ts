import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { dryRunStack } from '../../../engine/deploy/look.ts';
import { RealHost } from '../host/real-host.ts';
import { defaults, DeployBench } from './deploy-bench.ts';

const host = new RealHost(inject('realHost'));
const never = new AbortController().signal;
let owned: DisposableStore;

/** `docker compose`, as the second version of Compose is called: it does the work by the first and notes what it was asked. */
const plugin = `#!/bin/sh
if [ "$1" = docker-cli-plugin-metadata ]; then
  echo '{"SchemaVersion":"0.1.0","Vendor":"test","Version":"v2.29.0"}'
  exit
fi
shift
echo "$*" >>"$HOME/asked"
case "$*" in
  'version --short') echo 2.29.0 ;;
  *--help*) echo '      --dry-run   Execute command in dry run mode' ;;
  *--dry-run*) echo ' DRY-RUN MODE -  Container page-web-1  Recreate' ;;
  *) exec docker-compose "$@" ;;
esac
`;

beforeEach(async () => {
  owned = new DisposableStore();
  const home = join(host.info.dir, 'home');
  const file = join(home, '.docker/cli-plugins/docker-compose');
  await host.exec(`mkdir -p ${home}/.docker/cli-plugins`);
  owned.defer(async () => void (await host.exec(`rm -rf ${home}/.docker ${home}/asked`)));
  await writeFile(file, plugin, { mode: 0o755 });
  await host.exec(`chown -R ${host.user} ${home}/.docker`);
});
afterEach(() => owned.dispose());

test('where `docker compose` is there, it is what deploys, and its own dry run is shown', async () => {
  const bench = owned.add(await DeployBench.open(host, 'page'));
  expect((await bench.deploy()).result).toMatchObject({ outcome: 'succeeded' });
  expect(await bench.page(18301)).toBe('page one');
  const asked = await host.exec(`cat ${host.info.dir}/home/asked`);
  expect(asked.split('\n')).toEqual(expect.arrayContaining(['config', 'up -d --remove-orphans --no-build']));

  const { dry } = await dryRunStack(bench.tools(), bench.stack, defaults, never);
  expect(dry.compose).toEqual([' DRY-RUN MODE -  Container page-web-1  Recreate']);
});
