/** The wire's words for what is passed on to others. Types only, as in protocol.ts. */
import type { Export, Outcome } from './protocol.ts';

export type ShareApi = {
  /** A run as one HTML page that needs nothing else and prints. */
  readonly exportReport: (runId: string) => Promise<Outcome<Export>>;
  /** Scores by step, as the CSV has them. */
  readonly exportParquet: (runId: string) => Promise<Outcome<Export>>;
};
