import { cleanText, fitText, textWidth } from './clean-text.ts';

/** Rows of text as lines, each column as wide as its widest. */
export function columnLines(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(cleanText));
  const widest = (column: number): number => Math.max(...clean.map((row) => textWidth(row[column] ?? '')));
  return clean.map((row) =>
    row
      .map((text, column) => fitText(text, widest(column)))
      .join('  ')
      .trimEnd(),
  );
}
