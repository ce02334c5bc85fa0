export function zipOf(folder: string, name: string): Uint8Array;
