/** Lets the user save a text as a file. */
export function saveText(name: string, text: string): void {
  saveBytes(name, text, 'application/json');
}

/** Lets the user save a file of that type. */
export function saveBytes(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser may still be asking where to
}
