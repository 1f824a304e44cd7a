import { duplexPair, type Duplex } from 'node:stream';

/** Two ends of one connection that never leaves this process. Breaking one end off breaks off the other. */
export function memoryConnection(): [Duplex, Duplex] {
  const [near, far] = duplexPair();
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  return [near, far];
}
