import { expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';

test('it resolves to the first truthy value, and an error on the way counts as not yet', async () => {
  let calls = 0;
  const condition = () => {
    calls += 1;
    if (calls === 1) throw new Error('not even started');
    return calls === 3 ? 'here' : undefined;
  };
  expect(await waitFor(condition, { what: 'a value' })).toBe('here');
});

test('when time runs out it says what was awaited and what was seen last', async () => {
  await expect(waitFor(() => 0, { what: 'the port', timeoutMs: 20 })).rejects.toThrow(
    'waited 20 ms for the port; last seen: 0',
  );
  const refused = () => Promise.reject(new Error('connection refused'));
  await expect(waitFor(refused, { what: 'the port', timeoutMs: 20 })).rejects.toThrow('; connection refused');
});
