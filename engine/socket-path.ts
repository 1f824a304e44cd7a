import { FailureError } from '../shared/failure.ts';

/** What fits into the kernel's socket address on every system: 104 bytes with the closing zero. */
const maxSocketPathBytes = 103;

/** Throws the failure `socket-path-too-long` before the kernel cuts the path off or refuses it without saying why. */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= maxSocketPathBytes) return;
  throw new FailureError({
    code: 'socket-path-too-long',
    message: `${path} has ${bytes} bytes; the path of a socket may have ${maxSocketPathBytes}.`,
    hint: 'Set TOWLINE_HOME to a shorter directory.',
  });
}
