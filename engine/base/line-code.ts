/** Text as one word of one line that a shell's `printf %b` turns back: every unusual byte as an octal escape. */
export function encodeWord(text: string): string {
  let word = '';
  for (const byte of Buffer.from(text)) {
    word += isPlain(byte) ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return word;
}

/** The inverse, for words that came back from a host; what is no escape stays as it is. */
export function decodeWord(word: string): string {
  const bytes = word.replace(/\\0([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8) & 255),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

function isPlain(byte: number): boolean {
  return /[\w./:@,+-]/.test(String.fromCharCode(byte)) && byte < 128;
}
