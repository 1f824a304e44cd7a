import { access, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, posix } from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import { remoteDirOf, type Stack } from '../../shared/stack.ts';
import {
  missingVariables,
  parseEnv,
  readCompose,
  type ComposeFile,
  type PathReference,
  type WantedPort,
} from './compose-file.ts';
import { leaves, readTree, type ProjectFile } from './tree.ts';

/** A stack's project as it is on this machine now: what would be sent, and what it asks of the host. */
export interface Project {
  readonly files: readonly ProjectFile[];
  /** Compose files, relative to the project. */
  readonly composeFiles: readonly string[];
  /** Files with variables that services name, relative to the project. */
  readonly envFiles: readonly string[];
  /** The variables of its .env. */
  readonly env: ReadonlyMap<string, string>;
  readonly builds: boolean;
  readonly ports: readonly WantedPort[];
  readonly warnings: readonly string[];
}

const defaultNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yaml',
  'compose.override.yml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/**
 * Reads the project and finds all that is wrong with it before anything is sent. Throws `stack-dir-missing`,
 * `remote-path-trap`, `compose-file-missing`, `compose-invalid`, `env-variables-missing` or `project-unsendable`.
 */
export async function readProject(stack: Stack): Promise<Project> {
  refuseTraps(stack);
  const isDirectory = await stat(stack.dir).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (!isDirectory)
    throw refusal('stack-dir-missing', `${stack.dir} is not a directory.`, 'Correct the stack’s `dir`.');
  const composeFiles = await findComposeFiles(stack);
  const { files, problems } = await readTree(stack.dir);
  const sent = new Set(files.map((file) => file.path));
  const env = parseEnv(await readFile(join(stack.dir, '.env'), 'utf8').catch(() => ''));
  const warnings: string[] = [];
  const compose = await Promise.all(composeFiles.map((file) => readOne(stack, file, env, warnings)));
  const references = compose.flatMap((one) => one.references);
  for (const { service, path } of references.filter(({ kind, path }) => kind === 'mount' && isHostPath(path))) {
    warnings.push(`Service ${service} mounts ${path} of the host; nothing of this machine is sent there.`);
  }
  const found = [
    ...problems,
    ...composeFiles.filter((file) => !sent.has(file)).map((file) => `${file}: the ignore files leave it out.`),
    ...references.flatMap((reference) => referenceProblem(reference, sent)),
  ];
  if (found.length > 0) {
    throw refusal(
      'project-unsendable',
      `The project can't be sent as it is:\n${[...new Set(found)].join('\n')}`,
      'Mend these, or leave them out by .towlineignore.',
    );
  }
  return {
    files,
    composeFiles,
    envFiles: references.flatMap(({ kind, path }) => (kind === 'env-file' ? [path] : [])),
    env,
    builds: compose.some((one) => one.builds),
    ports: compose.flatMap((one) => one.ports),
    warnings,
  };
}

async function findComposeFiles(stack: Stack): Promise<string[]> {
  const isThere = (name: string): Promise<boolean> =>
    access(join(stack.dir, name)).then(
      () => true,
      () => false,
    );
  const firstOf = async (names: readonly string[]): Promise<string[]> => {
    for (const name of names) if (await isThere(name)) return [name];
    return [];
  };
  const wanted = stack.files.map((file) => posix.normalize(file));
  for (const file of wanted) {
    if (leaves(file) || !(await isThere(file))) throw composeMissing(stack, file);
  }
  if (wanted.length > 0) return wanted;
  const main = await firstOf(defaultNames);
  if (main.length === 0) throw composeMissing(stack, 'compose.yaml');
  return [...main, ...(await firstOf(overrideNames))];
}

async function readOne(stack: Stack, file: string, env: Map<string, string>, warnings: string[]): Promise<ComposeFile> {
  const text = await readFile(join(stack.dir, file), 'utf8');
  const { required, unset } = missingVariables(text, env);
  if (required.length > 0) {
    throw refusal(
      'env-variables-missing',
      `${file} needs variables that .env does not have: ${required.join(', ')}.`,
      `Add them to ${join(stack.dir, '.env')}.`,
    );
  }
  if (unset.length > 0) warnings.push(`${file} uses variables that .env does not have: ${unset.join(', ')}.`);
  const read = readCompose(text, env);
  if (read.kind === 'ok') return read.compose;
  throw refusal('compose-invalid', `${file}: ${read.problem}.`, 'Try `docker compose config` in the project.');
}

function referenceProblem({ service, path, kind }: PathReference, sent: ReadonlySet<string>): string[] {
  const who = `service ${service}`;
  if (kind === 'context' && /^[a-z][a-z0-9+.-]*:|^git@/.test(path)) return [];
  if (kind === 'mount' && isHostPath(path)) return [];
  if (isHostPath(path)) return [`${who}: ${path} is a path of this machine, not of the host.`];
  if (leaves(path)) return [`${who}: ${path} lies outside the project.`];
  const inside = posix.normalize(path).replace(/\/$/, '');
  const isThere = sent.has(inside) || inside === '.' || [...sent].some((file) => file.startsWith(`${inside}/`));
  if (isThere || kind === 'mount') return [];
  return [`${who}: ${path} is missing or left out by the ignore files.`];
}

function isHostPath(path: string): boolean {
  return isAbsolute(path) || path.startsWith('~');
}

/** Directories that hold more than a stack must never be taken for one. The host checks once more where links lead. */
function refuseTraps(stack: Stack): void {
  const dir = remoteDirOf(stack);
  const steps = dir.split('/').filter((step) => step !== '');
  const isPlain =
    /^(\/|~\/)/.test(dir) && !/[\p{Cc}\\]|\/\/|\/$/u.test(dir) && !steps.includes('..') && !steps.includes('.');
  const isSystem =
    dir.startsWith('/') &&
    (steps.length < 2 || /^(bin|boot|dev|etc|lib\w*|proc|run|sbin|sys|usr)$/.test(steps[0] ?? ''));
  if (isPlain && !isSystem && steps.length > 1) return;
  throw refusal(
    'remote-path-trap',
    `${dir} can't be a stack's directory.`,
    'Use a path of its own, as ~/towline/shop or /srv/shop.',
  );
}

function composeMissing(stack: Stack, file: string): FailureError {
  return refusal(
    'compose-file-missing',
    `There is no ${file} in ${stack.dir}.`,
    'Name the stack’s compose files with `--file`.',
  );
}

function refusal(code: string, message: string, hint: string): FailureError {
  return new FailureError({ code, message, hint });
}
