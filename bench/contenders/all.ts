import { farPort, type Bench } from '../bench.ts';
import { existing, type Contender } from './contender.ts';
import { startOpenSsh } from './openssh.ts';
import { Towline } from './towline.ts';

/** Everything that leads to the far end, the floors included. */
export function everyWay({ host, place, loopbackPort }: Bench): Promise<Contender>[] {
  return [
    Promise.resolve(existing('loopback', { host: '127.0.0.1', port: loopbackPort })),
    Promise.resolve(existing('direct', { host: host.address, port: farPort })),
    startOpenSsh('ssh -N -L', place, farPort),
    startOpenSsh('ssh -L', place, farPort),
    startOpenSsh('ssh -L gcm', place, farPort),
    Towline.start(place, farPort),
  ];
}
