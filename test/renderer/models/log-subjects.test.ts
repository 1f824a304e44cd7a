import { expect, test } from 'vitest';
import { logSubjects, type HeardOf } from '../../../renderer/models/log-subjects.ts';
import { forwardView, hostView } from '../../engine/serve/fake-engine.ts';

const heard = (action: string, container: string, seq: number): HeardOf[number] => {
  return { kind: 'container', seq, at: 0, hostId: 'shop', action, container };
};

test('a log can be picked of what has a port, also one that is left out, of stacks, and of what Docker told of', () => {
  const web = forwardView('web', 8080, { container: 'shop-web-1', project: 'shop', service: 'web' });
  const tool = forwardView('tool', 9000, { container: 'tool', state: 'ignored' });
  const host = hostView('shop', { forwards: { web, tool } });
  const stack = (hostId: string, project: string) => ({
    ...{ name: project, hostId, project, dir: '.', status: { kind: 'idle' } as const },
  });
  const stacks = { blog: stack('shop', 'blog'), edge: stack('edge', 'edge') };
  const told = [heard('start', 'job', 1), heard('start', 'gone', 2), heard('destroy', 'gone', 3)];
  expect(logSubjects(host, stacks, told)).toEqual([
    { kind: 'project', name: 'blog', label: 'blog' },
    { kind: 'project', name: 'shop', label: 'shop, 1 container' },
    { kind: 'container', name: 'shop-web-1', label: 'web' },
    { kind: 'container', name: 'job', label: 'job' },
    { kind: 'container', name: 'tool', label: 'tool' },
  ]);
});
