import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openBench, type Bench } from './bench.ts';
import { command, cryptoPath } from './contenders/towline.ts';
import { reached, type Figure } from './figure.ts';
import { churn } from './measures/churn.ts';
import { connections } from './measures/connections.ts';
import { deploy } from './measures/deploy.ts';
import { idle } from './measures/idle.ts';
import { kills, silence } from './measures/outages.ts';
import { requests } from './measures/requests.ts';
import { scale } from './measures/scale.ts';
import { farStarts, starts200 } from './measures/starts.ts';
import { farThroughput, throughput } from './measures/throughput.ts';
import { table } from './table.ts';

const measures: Readonly<Record<string, (bench: Bench) => Promise<Figure[]>>> = {
  starts: starts200,
  'far-starts': farStarts,
  throughput,
  'far-throughput': farThroughput,
  requests,
  connections,
  scale,
  churn,
  kills,
  silence,
  idle,
  deploy,
};

const limitMs = 10 * 60_000;

/** `node bench/main.ts [NAME...] [--quick] [--json FILE]`: see bench/README.md. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string', default: join(import.meta.dirname, '..', '.cache', 'bench', 'latest.json') },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(measures, name));
if (unknown.length > 0) {
  process.stderr.write(
    `no measurement is named ${unknown.join(', ')}; there are: ${Object.keys(measures).join(', ')}\n`,
  );
  process.exit(2);
}
process.exit(await run(positionals.length > 0 ? positionals : Object.keys(measures)));

/** Rejects when the measurement has hung; what it has started ends with this process. */
async function overdue(name: string): Promise<never> {
  await sleep(limitMs, undefined, { ref: false });
  throw new Error(`${name} has not ended after ${limitMs / 60_000} minutes`);
}

async function run(names: readonly string[]): Promise<number> {
  const about = {
    at: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
    quick: values.quick,
    command,
    crypto: cryptoPath(),
  };
  process.stdout.write(`${about.node}, ${about.cores} cores, ${about.command}\nencryption: ${about.crypto}\n\n`);
  const figures: Figure[] = [];
  const failures: string[] = [];
  const bench = await openBench(values.quick);
  try {
    for (const name of names) {
      bench.progress(name);
      try {
        const found = (await Promise.race([measures[name]?.(bench), overdue(name)])) ?? [];
        figures.push(...found);
        bench.progress(`${table(found)}\n`);
      } catch (error) {
        failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  } finally {
    await bench.dispose();
  }
  await mkdir(dirname(values.json), { recursive: true });
  await writeFile(
    values.json,
    `${JSON.stringify({ ...about, figures: figures.map((figure) => ({ ...figure, reached: reached(figure) })), failures }, null, 2)}\n`,
  );
  process.stdout.write(`${table(figures)}\n${failures.map((failure) => `\nFAILED ${failure}\n`).join('')}`);
  return failures.length > 0 ? 1 : 0;
}
