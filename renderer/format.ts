import { bytes } from '../shared/words.ts';

/** "4 ms", "1.2 s", "3 min 20 s", "6 h 12 min", "3 d 4 h". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 10) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** For what lasts and is looked at in passing: no unit below the second. */
export function age(ms: number): string {
  return ms < 1000 ? 'just now' : duration(Math.floor(ms / 1000) * 1000).replace('.0 s', ' s');
}

/** "14:02" of today, "3 March, 14:02" of another day. */
export function clockTime(at: number, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })}, ${time}`;
}

/** "1,204". */
export function figure(number: number): string {
  return number.toLocaleString('en-GB');
}

/** "84 kB/s"; nothing below one byte a second. */
export function rate(bytesPerSecond: number): string {
  return bytesPerSecond < 1 ? '' : `${bytes(bytesPerSecond)}/s`;
}

/** A fingerprint in groups of four, as it is read aloud; without the name of the hash. */
export function fingerprintGroups(fingerprint: string): string[] {
  return fingerprint.replace(/^SHA256:/, '').match(/.{1,4}/g) ?? [];
}

/** Text with `code` in it, in its parts: hints come with commands between backticks. */
export function inlineCode(text: string): { readonly text: string; readonly code: boolean }[] {
  return text
    .split('`')
    .map((part, i) => ({ text: part, code: i % 2 === 1 }))
    .filter(({ text: part }) => part !== '');
}

/** A hint's command, and its words: a command at the end is left out of them, as it is shown by itself. */
export function commandIn(hint: string): { readonly words: string; readonly command: string | undefined } {
  const last = /^(.*?)\s*`([^`]{8,})`\.?$/s.exec(hint);
  if (last !== null && !(last[1] ?? '').includes('`')) return { words: last[1] ?? '', command: last[2] };
  return { words: hint, command: undefined };
}
