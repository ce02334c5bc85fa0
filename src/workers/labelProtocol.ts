/** The wire of labels and feedback: types only, a part of `protocol.ts`. */
import type { Change } from '../engine/compare.ts';
import type { Bounded } from '../engine/feedback/teach.ts';
import type { Agreement } from '../engine/labels/agreement.ts';
import type { Act, Label } from '../engine/labels/types.ts';
import type { PoolView } from '../engine/query/poolView.ts';
import type { Query } from '../engine/query/types.ts';
import type { Similar } from '../engine/query/similar.ts';
import type { Contribution, Span } from '../engine/types.ts';
import type {
  AssetRef,
  EventRow,
  Export,
  JobUpdate,
  Outcome,
  QueryJob,
  RunInfo,
  TeachJob,
  WireError,
} from './protocol.ts';

/** The labels of one asset as they stand, and what can be taken back. */
export type LabelState = {
  /** In the order in which they were last put: the later one wins where two speak of the same. */
  readonly labels: readonly Label[];
  /** Number of the newest act; 0 before the first. */
  readonly seq: number;
  /** Act that undo would take back, and the one that redo would repeat; null where there is none. */
  readonly canUndo: number | null;
  readonly canRedo: number | null;
  /** Acts that the browser did not keep and why: they live in this tab alone until a later write succeeds. */
  readonly unsaved: { readonly acts: number; readonly error: WireError } | null;
};

/** A query with the sensors that carry its score, largest share first. */
export type Question = Query & { readonly top: readonly Contribution[] };

export type { PoolView } from '../engine/query/poolView.ts';

export type QueryAnswer = { readonly questions: readonly Question[]; readonly pool: PoolView };

export type SimilarWindow = Similar;

export type EventChange = Change<EventRow>;

export type MetricChange = {
  readonly id: string;
  readonly title: string;
  readonly before: number;
  readonly after: number;
  readonly provenance: string;
};

/** What a fine-tuning changed. Metrics are made on `evaluation` alone: judged steps that no question may be about. */
export type RunDiff = {
  readonly changes: readonly EventChange[];
  readonly metrics: readonly MetricChange[];
  readonly evaluation: Span | null;
  /** What the bound on the training error let through of the second run's fine-tuning; null where there was no bound. */
  readonly bounded: Bounded | null;
};

export type { Agreement } from '../engine/labels/agreement.ts';

/** A way of writing labels to a file. */
export type FormatChoice = { readonly id: string; readonly title: string; readonly about: string };

/** Labels read from a file and what of it could not be. They are not said yet. */
export type ImportedLabels = {
  readonly labels: readonly Label[];
  /** Name of the format that was recognised. */
  readonly title: string;
  /** What was left out, with its place: empty when the file was read whole. */
  readonly problems: readonly string[];
};

export type LabelApi = {
  readonly labels: (data: AssetRef) => Promise<Outcome<LabelState>>;
  /**
   * Adds one act to the journal, after what other tabs added meanwhile, and answers once it can be read back. A failed
   * write is no failed act: the answer holds it and says so in `unsaved`, and the next act tries again.
   */
  readonly act: (data: AssetRef, act: Act) => Promise<Outcome<LabelState>>;
  /** Windows to ask a person about, none of which meets a label. */
  readonly query: (job: QueryJob) => Promise<Outcome<QueryAnswer>>;
  /** Windows whose residuals look like those in `span`, the most alike first, none of which meets a label. */
  readonly similar: (runId: string, span: Span, count: number) => Promise<Outcome<readonly SimilarWindow[]>>;
  /** As `run`: fine-tunes a finished run on the labels that hold and gives a new one with `descent`. */
  readonly teach: (job: TeachJob, onUpdate: (u: JobUpdate) => void) => Promise<Outcome<RunInfo>>;
  /** `asked`: share of the judged steps, from their start, that questions were about; the rest is for evaluation. */
  readonly diff: (beforeId: string, afterId: string, asked: number) => Promise<Outcome<RunDiff>>;
  /** Reads labels from a file; the format is recognised when null is given. */
  readonly importLabels: (
    data: AssetRef,
    file: { readonly name: string; readonly file: Blob },
    format: string | null,
  ) => Promise<Outcome<ImportedLabels>>;
  readonly exportLabels: (data: AssetRef, format: string) => Promise<Outcome<Export>>;
  readonly agreement: (data: AssetRef, layers: readonly string[]) => Promise<Outcome<Agreement>>;
};
