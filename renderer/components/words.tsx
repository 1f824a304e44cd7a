import { inlineCode } from '../format.ts';

/** A sentence of the engine's: commands between backticks stand out. */
export function Words({ text }: { readonly text: string }) {
  return inlineCode(text).map((part, i) =>
    part.code ? <code key={i}>{part.text}</code> : <span key={i}>{part.text}</span>,
  );
}
