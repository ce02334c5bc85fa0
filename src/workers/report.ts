/** A run of the session as a report. */
import type { ReportInput, ReportPart } from '../engine/report/input.ts';
import type { AnyDetector, AnyHead } from '../engine/model.ts';
import type { AnyValues, ParamTable } from '../engine/params.ts';
import type { RunJob } from './protocol.ts';
import { setupOf } from './engines.ts';

type Choices = Pick<RunJob, 'engine' | 'preset' | 'params' | 'head' | 'headParams' | 'imputation'>;

const partOf = (
  { card, params }: AnyDetector | AnyHead,
  preset: string,
  values: AnyValues,
  changed: AnyValues,
): ReportPart => ({
  ...{ title: card.title, summary: card.summary, cite: card.paper.cite, deviations: card.deviations },
  params: params as ParamTable,
  ...{ preset, values, changed },
});

/** What a job chose, with all settings in force. Throws EngineError as `setupOf` does. */
export function partsOf(job: Choices): Pick<ReportInput, 'engine' | 'head'> {
  const { detector, values, head, headValues } = setupOf(job);
  return {
    engine: partOf(detector, job.preset, values, job.params),
    head: partOf(head, job.preset, headValues, job.headParams),
  };
}
