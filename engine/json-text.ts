/** JSON as a person wrote it: the value, or what is wrong and in which line. */
export type ParsedJson = { kind: 'ok'; value: unknown } | { kind: 'invalid'; line: number; problem: string };

export function parseJsonText(text: string): ParsedJson {
  try {
    return { kind: 'ok', value: JSON.parse(text) as unknown };
  } catch (error) {
    return { kind: 'invalid', line: brokenLine(text), problem: describe((error as Error).message) };
  }
}

/**
 * The first line after which no continuation could make the text valid. The engine's own message does not always
 * have a position, but it always tells text that is wrong from text that merely ends too soon.
 */
function brokenLine(text: string): number {
  const lines = text.split('\n');
  for (let count = 1; count < lines.length; count += 1) {
    const start = `${lines.slice(0, count).join('\n')}\n`;
    if (!endsTooSoon(start) && !parses(start)) return count;
  }
  return lines.length;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function endsTooSoon(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    return message.includes('end of JSON input') || Number(position) === text.length;
  }
}

/** "Expected ',' or '}' after property value in JSON at position 17 (line 3 column 1)" → without the places. */
function describe(message: string): string {
  const sentence = message.replace(/ in JSON at position.*$/s, '').replace(/, (\.\.\.)?".*$/s, '');
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** For files that only Towline writes: anything that is not JSON is nothing. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
