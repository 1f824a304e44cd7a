import type { Disposable } from '../engine/base/disposables.ts';

type Input = (data: Buffer, end: boolean) => Promise<void>;

/** Gives all that comes on `stdin` to `input`, no faster than it is taken, then the end. Disposed, it leaves the rest unread. */
export function pumpInput(stdin: NodeJS.ReadStream, input: Input): Disposable {
  const give = (data: Buffer, end: boolean): void => {
    stdin.pause();
    input(data, end).then(
      () => {
        if (!end && listening) stdin.resume();
      },
      () => stop(), // it has nobody to read it any more, and the run itself says why
    );
  };
  const onData = (data: Buffer): void => give(data, false);
  const onEnd = (): void => give(Buffer.alloc(0), true);
  let listening = true;
  const stop = (): void => {
    listening = false;
    stdin.off('data', onData).off('end', onEnd).off('error', onEnd);
    stdin.pause();
  };
  stdin.on('data', onData).once('end', onEnd).once('error', onEnd);
  stdin.resume();
  return { dispose: stop };
}
