import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { findElectron } from './electron.mjs';

/** What the real suite runs, and the Debian package each part comes from. */
const programs = [
  { name: 'sshd', package: 'openssh-server' },
  { name: 'ssh', package: 'openssh-client' },
  { name: 'ssh-keygen', package: 'openssh-client' },
  { name: 'dockerd', package: 'docker.io' },
  { name: 'docker', package: 'docker.io' },
  { name: 'docker-compose', package: 'docker-compose' },
  { name: 'iptables', package: 'iptables' },
  { name: 'ip', package: 'iproute2' },
  { name: 'busybox', package: 'busybox-static' },
  { name: 'gnome-keyring-daemon', package: 'gnome-keyring' },
  { name: 'dbus-run-session', package: 'dbus-x11' }, // by what it depends on, and gnome-keyring is content with it
  { name: 'nsenter', package: 'util-linux' },
  { name: 'unshare', package: 'util-linux' },
];

/**
 * What keeps the real suite from running here: the reason and the one command that changes it, or undefined when
 * nothing does.
 * @returns {{ reason: string, remedy: string } | undefined}
 */
export function missingForRealSuite() {
  if (process.platform !== 'linux') {
    return {
      reason: 'sshd and dockerd in network namespaces need Linux',
      remedy: 'run npm test on a Linux machine, a virtual one will do',
    };
  }
  const root = process.getuid?.() === 0;
  const absent = programs.filter(({ name }) => !isInstalled(name));
  if (absent.length > 0) {
    const packages = [...new Set(absent.map((program) => program.package))].join(' ');
    return {
      reason: `not installed: ${absent.map((program) => program.name).join(', ')}`,
      remedy: `${root ? '' : 'sudo '}apt-get install -y --no-install-recommends ${packages}`,
    };
  }
  if (!isStatic('busybox')) {
    return {
      reason: 'the test image needs a busybox without shared libraries',
      remedy: `${root ? '' : 'sudo '}apt-get install -y --no-install-recommends busybox-static`,
    };
  }
  if (!root) return { reason: 'namespaces, sshd and dockerd need root', remedy: 'sudo npm test' };
  if (!canUnshare()) {
    return {
      reason: 'this container may not make namespaces',
      remedy: 'run npm test in a privileged container or a virtual machine',
    };
  }
  return undefined;
}

/**
 * What keeps the ui suite from running here, in the same form: it drives the system's own Chromium.
 * @returns {{ reason: string, remedy: string } | undefined}
 */
export function missingForUiSuite() {
  if (isExecutable(process.env.TOWLINE_CHROMIUM ?? '/usr/bin/chromium')) return undefined;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return {
    reason: 'not installed: chromium',
    remedy: `${sudo}apt-get install -y --no-install-recommends chromium, or name a Chromium in TOWLINE_CHROMIUM`,
  };
}

/**
 * What keeps the e2e suite from running here, in the same form. Electron, or what is named instead of it, needs a display.
 * @returns {{ reason: string, remedy: string } | undefined}
 */
export function missingForE2eSuite(root) {
  const electron = findElectron(root);
  if (electron === undefined) {
    return {
      reason: "Electron's program is not there",
      remedy: 'node_modules/.bin/install-electron, or name a stand-in for it in ELECTRON_OVERRIDE_DIST_PATH',
    };
  }
  const chromium = electron.given ? missingForUiSuite() : undefined; // Electron brings its own
  if (chromium !== undefined) return chromium;
  if (process.platform !== 'linux' || process.env.DISPLAY || isInstalled('xvfb-run')) return undefined;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return { reason: 'not installed: xvfb-run', remedy: `${sudo}apt-get install -y --no-install-recommends xvfb xauth` };
}

const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

const isInstalled = (name) => folders.some((folder) => isExecutable(join(folder, name)));

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** In an empty root only a static program starts. `ldd` says so without one. */
const isStatic = (name) => spawnSync('ldd', [`/bin/${name}`]).status !== 0;

const canUnshare = () =>
  spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', '--mount-proc', 'true']).status === 0;
