import { alertCodeSchema } from '../../shared/alert.ts';
import type { AppState } from '../../shared/app-state.ts';
import { counter, gauge, type Family, type Reading } from './family.ts';
import type { ProcessFigures } from './process-watch.ts';

/** What is measured of the engine itself. `logBytes`: written to its log since it started. */
export function engineFamilies(state: AppState, process: ProcessFigures, logBytes: number | undefined): Family[] {
  const { version, mode, startedAt, stacks } = state;
  const running = Object.values(stacks).filter(({ status }) => status.kind === 'running').length;
  const { rssBytes, heapBytes, cpuSeconds, eventLoopDelay } = process;
  return [
    gauge('towline_info', 'The version that runs, and in which shell.', [[{ version, mode }, 1]]),
    gauge('towline_deployments', 'Deployments that run now.', [[{}, running]]),
    gauge('towline_alerts', 'Warnings that hold now, by what they warn of.', alertReadings(state)),
    counter('towline_log_written_bytes_total', "Bytes written to Towline's own log.", [[{}, logBytes]]),
    gauge('towline_event_loop_delay_seconds', 'By how much timers were late since the last question.', [
      [{ percentile: '50' }, eventLoopDelay?.p50],
      [{ percentile: '99' }, eventLoopDelay?.p99],
      [{ percentile: '100' }, eventLoopDelay?.max],
    ]),
    gauge('process_resident_memory_bytes', 'Resident memory.', [[{}, rssBytes]]),
    gauge('process_start_time_seconds', 'When the engine started, Unix time.', [[{}, startedAt / 1000]]),
    counter('process_cpu_seconds_total', 'Processor time used, user and system.', [[{}, cpuSeconds]]),
    gauge('nodejs_heap_size_used_bytes', "Memory used in V8's heap.", [[{}, heapBytes]]),
  ];
}

function alertReadings({ alerts = {} }: AppState): Reading[] {
  const codes = Object.values(alerts).map(({ code }) => code);
  return alertCodeSchema.options.map((alert) => [{ alert }, codes.filter((code) => code === alert).length]);
}
