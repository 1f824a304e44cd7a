/** Names under which this machine reaches itself: where forwards lead. */
const ownNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether an address that a page wants opened may go to the user's browser: a web page behind a port of this machine, and
 * nothing else. The page shows text from remote hosts, so what it asks for is not taken on trust.
 */
export function mayOpenOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  const web = protocol === 'http:' || protocol === 'https:';
  return web && username === '' && password === '' && (ownNames.has(hostname) || isLoopback(hostname));
}

/** 127.0.0.0/8: a rule may bind an address of one's own there. */
function isLoopback(hostname: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
