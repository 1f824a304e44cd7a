import { get } from 'node:http';

export interface HttpProbe {
  /** Ends it; resolves once every request has an end. */
  stop(): Promise<{ asked: number; failed: number }>;
}

const answerMs = 10_000;

/** Asks an HTTP server so many times a second, each time on a connection of its own. What is not answered with 200 has failed. */
export function probeHttp(target: { host: string; port: number }, perSecond: number): HttpProbe {
  const answers: Promise<boolean>[] = [];
  const asking = setInterval(() => answers.push(answered(target)), 1_000 / perSecond);
  return {
    async stop() {
      clearInterval(asking);
      const all = await Promise.all(answers);
      return { asked: all.length, failed: all.filter((ok) => !ok).length };
    },
  };
}

function answered(target: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ ...target, agent: false, timeout: answerMs }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
      response.once('error', () => resolve(false));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
