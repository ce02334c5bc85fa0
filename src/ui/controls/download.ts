import type { Export } from '../../workers/protocol.ts';

/** Hands a file to the browser's downloads. */
export function download({ name, blob }: Pick<Export, 'name' | 'blob'>): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download reads the address after this turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
