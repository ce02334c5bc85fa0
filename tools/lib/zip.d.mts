export function zipOf(folder: string, name: string, seconds: number): Uint8Array;
