/** The wire's words for what is passed on to others. Types only, as in protocol.ts. */
import type { ReportWords } from '../engine/report/speech.ts';
import type { AssetRef, Export, Outcome, RunInfo } from './protocol.ts';

export type ShareApi = {
  /** A run as one HTML page that needs nothing else and prints; in English unless other words are given. */
  readonly exportReport: (runId: string, words: ReportWords | null) => Promise<Outcome<Export>>;
  /** Scores by step or events, as the CSV has them. */
  readonly exportParquet: (runId: string, what: 'scores' | 'events') => Promise<Outcome<Export>>;
  /** A run's model as a zip that TensorFlow.js reads: weights, scale, roles, head and a card. */
  readonly exportModel: (runId: string) => Promise<Outcome<Export>>;
  /**
   * A run of a model on this data: its scale, head and threshold as they are, nothing is learned. Refused are files that
   * are damaged or of an unknown version, and data without the model's columns.
   */
  readonly openModel: (file: Blob, data: AssetRef) => Promise<Outcome<RunInfo>>;
};
