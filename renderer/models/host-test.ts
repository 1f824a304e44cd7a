import type { HostTestStep } from '../../shared/contract.ts';

export type WalkStep = Omit<HostTestStep, 'state'> & { readonly state: HostTestStep['state'] | 'todo' };
export type Walk = readonly WalkStep[];

/** The steps in the order in which they are taken, and their names for people. */
const order = ['connect', 'authenticate', 'docker', 'forwarding'] as const satisfies readonly HostTestStep['step'][];

const names: Readonly<Record<HostTestStep['step'], string>> = {
  resolve: 'Name',
  connect: 'Connection',
  authenticate: 'Host key, sign-in',
  docker: 'Docker',
  forwarding: 'Forwarding',
};

export function stepName(step: HostTestStep['step']): string {
  return names[step];
}

/** All steps as far as they are known: what was told last of each, and those still to come. */
export function walked(told: readonly HostTestStep[]): Walk {
  const extra = told.some(({ step }) => step === 'resolve') ? (['resolve', ...order] as const) : order;
  return extra.map((step) => told.findLast((one) => one.step === step) ?? { step, state: 'todo' });
}
