import type { LineAnswer } from './line-service.ts';

/**
 * Enough of Redis for `redis-cli`: PING, ECHO, SET, GET, DEL, INCR, DBSIZE, QUIT; inline and as RESP arrays of strings
 * without line breaks. One store for all connections; the result answers for one connection.
 */
export function redisAnswers(store: Map<string, string>, log: (text: string) => void): LineAnswer {
  let missing = 0; // lines of the array that have not come yet
  let words: string[] = [];
  return (line) => {
    if (missing === 0) {
      if (line === '') return { text: '' };
      words = [];
      if (/^\*\d+$/.test(line)) missing = Number(line.slice(1)) * 2;
      else words = line.split(' ');
    } else {
      missing -= 1;
      if (missing % 2 === 0) words.push(line); // the other half of the lines are lengths
    }
    if (missing > 0 || words.length === 0) return { text: '' };
    log(words.slice(0, 2).join(' '));
    return { text: redisReply(store, words), end: words[0]?.toUpperCase() === 'QUIT' };
  };
}

function redisReply(store: Map<string, string>, [command = '', key = '', value = '']: readonly string[]): string {
  switch (command.toUpperCase()) {
    case 'PING':
      return key === '' ? '+PONG\r\n' : bulk(key);
    case 'ECHO':
      return bulk(key);
    case 'SET':
      store.set(key, value);
      return '+OK\r\n';
    case 'GET':
      return bulk(store.get(key));
    case 'DEL':
      return `:${store.delete(key) ? 1 : 0}\r\n`;
    case 'INCR': {
      const next = Number(store.get(key) ?? '0') + 1;
      if (!Number.isSafeInteger(next)) return '-ERR value is not an integer or out of range\r\n';
      store.set(key, String(next));
      return `:${next}\r\n`;
    }
    case 'DBSIZE':
      return `:${store.size}\r\n`;
    case 'COMMAND':
      return '*0\r\n';
    case 'QUIT':
      return '+OK\r\n';
    default:
      return `-ERR unknown command '${command}'\r\n`;
  }
}

function bulk(text: string | undefined): string {
  return text === undefined ? '$-1\r\n' : `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}
