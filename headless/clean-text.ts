/** Text of strangers (container names, labels, server banners) without what a terminal would obey. */
export function cleanText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b-\u200f\ufeff]/gu, '\u{fffd}');
}

const segmenter = new Intl.Segmenter();

/** Wide in a terminal: East Asian and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Terminal columns that the text takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** The text in exactly so many columns; what does not fit ends in an ellipsis. */
export function fitText(text: string, width: number): string {
  const missing = width - textWidth(text);
  return missing >= 0 ? text + ' '.repeat(missing) : cutText(text, width);
}

/** The text in at most so many columns. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  let taken = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = taken + (wide.test(segment) ? 2 : 1);
    if (next > width - 1) break;
    cut += segment;
    taken = next;
  }
  return `${cut}…`;
}
