/** Where live rows come from, and what all sources share. */
import { EngineError } from '../engine/errors.ts';
import type { LiveFacts } from './liveProtocol.ts';

export type RowSource = {
  /** The next rows [n, F], at least one; null when there are no more. Not called again before it has answered. */
  readonly next: () => Promise<Float64Array | null>;
  readonly facts: () => Pick<LiveFacts, 'waiting' | 'dropped' | 'bad' | 'badReason' | 'connections' | 'retryIn'>;
  /** Ends connections at once; `next` need not answer any more. */
  readonly close: () => void;
};

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Rows one behind the other. */
export function joinRows(rows: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    out.set(row, at);
    at += row.length;
  }
  return out;
}

/**
 * The address of a live source, which may lie on the page's own origin only.
 * Throws EngineError('bad-input', 'foreign-source') for any other.
 */
export function ownAddress(url: string, base: string): URL {
  const refused = (message: string): EngineError =>
    new EngineError(
      'bad-input',
      'foreign-source',
      message,
      'Serve the rows from where the page comes from, for example with `telltale relay`.',
    );
  let address: URL;
  try {
    address = new URL(url, base);
  } catch {
    throw refused(`"${url}" is no address`);
  }
  const own = new URL(base);
  const asHttp = address.protocol.replace(/^ws/, 'http');
  if (asHttp !== own.protocol || address.host !== own.host)
    throw refused(`${address.href} does not belong to ${own.origin}, where this page comes from`);
  return address;
}

/** Seconds until the next try of a connection that failed `n` times in a row. */
export const backOff = (n: number): number => Math.min(30, 2 ** Math.min(n, 5) / 2);
