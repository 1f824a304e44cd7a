import type { Duplex } from 'node:stream';

/** Answers each line of a text protocol. `end` hangs up after the answer. */
export type LineAnswer = (line: string) => { text: string; end?: boolean };

const longestLine = 64 * 1024;

/** Serves one connection of a line protocol (CRLF or LF); a client that sends no end of line is cut off. */
export function serveLines(stream: Duplex, greeting: string, answer: LineAnswer): void {
  let rest = '';
  stream.setEncoding('utf8');
  if (greeting !== '') stream.write(greeting);
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) return stream.destroy();
    for (const line of lines) {
      const { text, end = false } = answer(line);
      if (text !== '') stream.write(text);
      if (end) return stream.end();
    }
    return undefined;
  });
  stream.on('end', () => stream.end());
}
