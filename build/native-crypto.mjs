import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';

/**
 * Builds ssh2's optional native crypto for the project's own Node, where a compiler is at hand. Without it everything
 * works, and encrypts more slowly; so this never fails, and it is tried once per installation.
 */
export function buildNativeCrypto(root, say) {
  const ssh2 = join(root, 'node_modules', 'ssh2');
  const stamp = join(ssh2, '.native-crypto');
  const tools = { gyp: nodeGyp(), headers: headersOfProjectNode(root) };
  if (existsSync(stamp) || !existsSync(ssh2)) return;
  if (tools.gyp === undefined || tools.headers === undefined || !hasCompiler()) return;
  say("building ssh2's native crypto, once …");
  const loads = build(root, ssh2, tools);
  if (!loads) say('it could not be built; ssh2 goes on in JavaScript');
  writeFileSync(stamp, loads ? 'loads\n' : 'failed\n');
}

/** ssh2's own install step with the project's Node and its headers, then the proof that this Node loads the result. */
function build(root, ssh2, { gyp, headers }) {
  const bin = join(root, 'node_modules', '.bin');
  const node = join(bin, 'node');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, npm_config_nodedir: headers };
  const version = spawnSync(node, ['-p', 'process.version + " " + process.versions.openssl.split(".")[0]'], { env });
  const [target, opensslMajor] = String(version.stdout).trim().split(' ');
  const crypto = join(ssh2, 'lib', 'protocol', 'crypto');
  const args = [gyp, `--target=${target}`, `--real_openssl_major=${opensslMajor}`, 'rebuild'];
  spawnSync(node, args, { cwd: crypto, env, stdio: 'ignore' });
  return spawnSync(node, ['-e', 'require("./build/Release/sshcrypto.node")'], { cwd: crypto, env }).status === 0;
}

/** The folder that holds include/node of the Node that came with `npm ci`. */
function headersOfProjectNode(root) {
  const installed = join(root, 'node_modules', 'node', 'node_modules');
  if (!existsSync(installed)) return undefined;
  return readdirSync(installed)
    .map((name) => join(installed, name))
    .find((folder) => existsSync(join(folder, 'include', 'node', 'node.h')));
}

/** npm brings its node-gyp along and names it to its scripts; outside of npm, it lies beside npm. */
function nodeGyp() {
  const beside = onPath('npm').map((npm) =>
    join(dirname(realpathSync(npm)), '..', 'node_modules/node-gyp/bin/node-gyp.js'),
  );
  return [process.env.npm_config_node_gyp, ...beside].find((path) => path !== undefined && existsSync(path));
}

/** macOS has stand-ins that ask to install the developer tools; xcode-select tells them from the real ones. */
function hasCompiler() {
  if (process.platform === 'darwin' && spawnSync('xcode-select', ['-p']).status !== 0) return false;
  return ['c++', 'make', 'python3'].every((name) => onPath(name).length > 0);
}

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .filter(existsSync);
