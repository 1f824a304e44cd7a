import type { TestProject } from 'vitest/node';
import { startRealHost, type RealHostInfo } from './host/real-host.ts';

declare module 'vitest' {
  interface ProvidedContext {
    realHost: RealHostInfo;
  }
}

/** One real host for the whole run; a test file takes its handle with `new RealHost(inject('realHost'))`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const host = await startRealHost();
  project.provide('realHost', host.info);
  return async () => host.dispose();
}
