import type { Settings } from '../shared/settings.ts';
import type { NoticeKind } from './notification-occasions.ts';

/** How a kind of occasion is told. */
export interface Manner {
  /** What mutes it. */
  readonly setting: keyof Settings['notifications'];
  /** How long it must last before it is told, ms. */
  readonly afterMs: number;
  readonly isError: boolean;
  /** For how long it isn't told again when it ends and comes back, ms. */
  readonly onceInMs: number;
  /** The title for several. */
  readonly many: (count: number) => string;
  /** Where the window shows several. */
  readonly route: string;
}

const forwards = '#/forwards';
const stacks = '#/stacks';

export const manners: Readonly<Record<NoticeKind, Manner>> = {
  'port-remapped': {
    ...{ setting: 'ports', afterMs: 1_500, isError: false, onceInMs: Infinity, route: forwards },
    many: (count) => `${count} ports are remapped`,
  },
  'port-conflict': {
    ...{ setting: 'ports', afterMs: 1_500, isError: true, onceInMs: 600_000, route: forwards },
    many: (count) => `${count} ports can't be had`,
  },
  'needs-you': {
    ...{ setting: 'needsYou', afterMs: 1_000, isError: true, onceInMs: 0, route: forwards },
    many: (count) => `${count} hosts need you`,
  },
  lost: {
    ...{ setting: 'connection', afterMs: 10_000, isError: true, onceInMs: 0, route: forwards },
    many: (count) => `${count} hosts are not reachable`,
  },
  restored: {
    ...{ setting: 'connection', afterMs: 1_000, isError: false, onceInMs: 0, route: forwards },
    many: (count) => `${count} hosts are back`,
  },
  deployed: {
    ...{ setting: 'deployments', afterMs: 1_000, isError: false, onceInMs: 0, route: stacks },
    many: (count) => `${count} stacks are deployed`,
  },
  'deploy-failed': {
    ...{ setting: 'deployments', afterMs: 1_000, isError: true, onceInMs: 0, route: stacks },
    many: (count) => `${count} stacks were not deployed`,
  },
  warning: {
    ...{ setting: 'warnings', afterMs: 1_000, isError: true, onceInMs: 0, route: forwards },
    many: (count) => `${count} warnings`,
  },
};

/** The kinds, in the order in which they are told. */
export const noticeKinds = Object.keys(manners) as NoticeKind[];
