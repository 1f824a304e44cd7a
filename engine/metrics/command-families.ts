import type { HostView } from '../../shared/host.ts';
import type { CommandFigures } from '../../shared/run.ts';
import { counter, gauge, type Family, type Reading, type Sample } from './family.ts';

/** What is measured of the commands and deployments of each host: their queue in front of the session channels. */
export function commandFamilies(hosts: readonly HostView[]): Family[] {
  const each = (read: (figures: CommandFigures) => number): Reading[] =>
    hosts.map(({ id, commands }) => [{ host: id }, commands === undefined ? undefined : read(commands)]);
  return [
    gauge(
      'towline_commands_waiting',
      'Commands and deployments in the queue.',
      each(({ waiting }) => waiting),
    ),
    gauge(
      'towline_commands_running',
      'Commands and deployments that run now.',
      each(({ running }) => running),
    ),
    counter(
      'towline_commands_completed_total',
      'Commands and deployments that ended.',
      each(({ completed }) => completed),
    ),
    counter(
      'towline_commands_rejected_total',
      'Commands and deployments that were turned away, or waited for too long.',
      each(({ rejected }) => rejected),
    ),
    {
      name: 'towline_command_duration_seconds',
      help: 'How long commands and deployments had their session channel.',
      type: 'histogram',
      samples: hosts.flatMap(({ id, commands }) => (commands === undefined ? [] : durationSamples(id, commands))),
    },
  ];
}

function durationSamples(host: string, { durations: { buckets, count, sumMs } }: CommandFigures): Sample[] {
  const labels = { host };
  const bounded = buckets.map(({ leMs, count: value }): Sample => {
    return { suffix: '_bucket', labels: { ...labels, le: String(leMs / 1000) }, value };
  });
  return [
    ...bounded,
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value: sumMs / 1000 },
    { suffix: '_count', labels, value: count },
  ];
}
