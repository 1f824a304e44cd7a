import { StringDecoder } from 'node:string_decoder';

/** The keyboard, as far as questions need it. */
export interface Keyboard {
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (data: Buffer) => void): unknown;
  off(event: 'data', listener: (data: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface ReadOptions {
  readonly keyboard: Keyboard;
  /** Where the question and what is typed appear. */
  readonly screen: { write(text: string): unknown };
  readonly question: string;
  /** Whether what is typed is shown. */
  readonly echo: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks for one line. Undefined when the person declines (Ctrl-D on an empty line), the question is withdrawn, or Ctrl-C
 * is pressed, which `onInterrupt` hears of: in raw mode it is a key like any other.
 */
export function readAnswer(options: ReadOptions, onInterrupt: () => void): Promise<string | undefined> {
  const { keyboard, screen, question, echo, signal } = options;
  const decoder = new StringDecoder('utf8');
  return new Promise((resolve) => {
    let typed = '';
    const settle = (answer: string | undefined): void => {
      keyboard.off('data', onData);
      signal.removeEventListener('abort', onAbort);
      keyboard.setRawMode?.(false);
      keyboard.pause();
      screen.write('\n');
      resolve(answer);
    };
    const onAbort = (): void => settle(undefined);
    const onData = (data: Buffer): void => {
      for (const char of decoder.write(data)) {
        if (char === '\r' || char === '\n') return settle(typed);
        if (char === '\x03') {
          settle(undefined);
          return onInterrupt();
        }
        if (char === '\x04' && typed === '') return settle(undefined);
        const next = afterKey(typed, char);
        if (echo)
          screen.write(
            next.length < typed.length ? '\b \b'.repeat(typed.length - next.length) : next.slice(typed.length),
          );
        typed = next;
      }
    };
    if (signal.aborted) return resolve(undefined);
    screen.write(question);
    keyboard.setRawMode?.(true);
    keyboard.on('data', onData);
    keyboard.resume();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Backspace, Ctrl-U, or one more character. */
function afterKey(typed: string, char: string): string {
  if (char === '\x7f' || char === '\b') return [...typed].slice(0, -1).join('');
  if (char === '\x15') return '';
  return char < ' ' ? typed : typed + char;
}
