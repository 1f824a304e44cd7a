import type { AppState } from '../shared/app-state.ts';
import { assertNever } from '../shared/failure.ts';
import { stageWord } from '../shared/stage-word.ts';
import type { StackView } from '../shared/stack-view.ts';
import { count } from '../shared/words.ts';
import type { TrayItem } from './tray-menu-item.ts';
import { commandLine, menuLine, separator, showLine } from './tray-menu-line.ts';

const mostStacks = 50;
const place = '#/stacks';

/** The menu of stacks: a click deploys one; while it is at work its line tells how far it is. Nothing without stacks. */
export function deployItems({ stacks }: AppState): TrayItem[] {
  const all = Object.values(stacks).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (all.length === 0) return [];
  const left = all.length - mostStacks;
  const ready = all.filter((stack) => !isBusy(stack)).map(({ name }) => name);
  return [
    menuLine('deploy', title(all), [
      ...all.slice(0, mostStacks).map(stackItem),
      ...(left <= 0 ? [] : [showLine('more-stacks', `${count(left, 'more stack')}…`, place)]),
      separator,
      ...(all.length === 1
        ? []
        : [commandLine('deploy-all', 'Deploy all', { kind: 'deploy', stacks: ready }, ready.length === all.length)]),
      showLine('show-stacks', 'Show stacks', place),
    ]),
  ];
}

function title(stacks: readonly StackView[]): string {
  const [first, ...more] = stacks.filter(isBusy);
  if (first === undefined) return 'Deploy';
  return `Deploy, ${more.length === 0 ? `${first.name}: ${stackWord(first)}` : `${more.length + 1} at work`}`;
}

function stackItem(stack: StackView): TrayItem {
  const { name, status } = stack;
  const word = stackWord(stack);
  const label = word === '' ? name : `${name}: ${word}`;
  if (status.kind !== 'queued' && status.kind !== 'running') {
    return commandLine(`deploy:${name}`, label, { kind: 'deploy', stacks: [name] });
  }
  return menuLine(`deploy:${name}`, label, [
    showLine(`show-stack:${name}`, 'Show progress', `${place}/${encodeURIComponent(name)}`),
    commandLine(`cancel-deploy:${name}`, 'Cancel', { kind: 'cancel-deploy', run: status.run }),
  ]);
}

function isBusy({ status }: StackView): boolean {
  return status.kind === 'queued' || status.kind === 'running';
}

function stackWord({ status }: StackView): string {
  switch (status.kind) {
    case 'idle':
    case 'deployed':
    case 'cancelled':
      return '';
    case 'queued':
      return 'Waiting its turn';
    case 'running':
      return `${stageWord(status.stage)}${status.percent === undefined ? '' : `, ${status.percent} %`}`;
    case 'rolled-back':
      return 'Failed, went back';
    case 'refused':
      return 'Refused';
    case 'failed':
      return 'Failed';
    case 'interrupted':
      return 'Interrupted';
    default:
      return assertNever(status);
  }
}
