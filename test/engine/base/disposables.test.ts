import { beforeEach, describe, expect, test } from 'vitest';
import { disposable, DisposableStore } from '../../../engine/base/disposables.ts';

let store: DisposableStore;
let released: string[];
beforeEach(() => {
  store = new DisposableStore();
  released = [];
});
const release = (name: string) => (): void => void released.push(name);

test('a disposable releases once, and whoever disposes again waits for the same end', async () => {
  const end = Promise.withResolvers<void>();
  let runs = 0;
  const thing = disposable(() => {
    runs += 1;
    return end.promise;
  });
  const [first, again] = [thing.dispose(), thing.dispose()];
  expect(again).toBe(first);
  end.resolve();
  await again;
  expect(runs).toBe(1);
});

describe('a store', () => {
  test('releases last in, first out, each after the one before has ended', async () => {
    store.defer(release('first'));
    store.defer(async () => {
      await Promise.resolve();
      release('slow')();
    });
    store.defer(release('last'));
    await store.dispose();
    expect(released).toEqual(['last', 'slow', 'first']);
  });

  test('releases all, whatever fails, and tells of every failure', async () => {
    const fail = (text: string) => () => Promise.reject(new Error(text));
    store.defer(release('first'));
    store.defer(fail('one'));
    store.defer(release('between'));
    store.defer(fail('two'));
    await expect(store.dispose()).rejects.toMatchObject({ errors: [new Error('two'), new Error('one')] });
    expect(released).toEqual(['between', 'first']);
  });

  test('tells of a single failure as it is', async () => {
    const failure = new Error('alone');
    store.defer(() => Promise.reject(failure));
    await expect(store.dispose()).rejects.toBe(failure);
  });

  test('forgets what is released early', async () => {
    const early = store.defer(release('early'));
    store.defer(release('late'));
    await store.release(early);
    await store.release(early);
    await store.dispose();
    expect(released).toEqual(['early', 'late']);
  });

  test('once closed, releases at once what arrives, and keeps its failure to itself', async () => {
    await store.dispose();
    store.defer(release('late'));
    store.defer(() => Promise.reject(new Error('nobody hears')));
    expect([store.closed, released]).toEqual([true, ['late']]);
  });

  test('releases what arrives while its first is being released, too', async () => {
    store.defer(() => void store.defer(release('late')));
    await store.dispose();
    expect(released).toEqual(['late']);
  });

  test('disposed by what it releases, it releases everything once', async () => {
    let runs = 0;
    store.add({ dispose: () => void (runs += 1) });
    store.defer(() => void store.dispose());
    await Promise.all([store.dispose(), store.dispose()]);
    expect(runs).toBe(1);
  });
});
