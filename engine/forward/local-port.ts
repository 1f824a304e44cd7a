/** Ports that a forward was given instead of the one it wanted; kept across restarts so that an address stays true. */
export interface RememberedPorts {
  get(key: string): number | undefined;
  set(key: string, port: number): void;
}

const firstUnprivileged = 1_024;
const highest = 65_535;
const alternatives = 64;

/**
 * The local ports to try, in order. One remembered from an earlier remap is first: an address that was told once stays
 * true. Then the wanted one, then the next free from a stable base: 5432 → 15432 …, 80 → 8080 ….
 */
export function candidatePorts(wanted: number, remembered: number | undefined): number[] {
  const base = stableBase(wanted);
  const others = Array.from({ length: alternatives }, (_, offset) => base + offset).filter((port) => port <= highest);
  return [...new Set([...(remembered === undefined ? [] : [remembered]), wanted, ...others])];
}

function stableBase(wanted: number): number {
  if (wanted < firstUnprivileged) return wanted + 8_000;
  if (wanted + 10_000 + alternatives <= highest) return wanted + 10_000;
  return 20_000 + (wanted % 10_000);
}
