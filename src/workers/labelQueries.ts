/** Questions to a person and windows like one of theirs, from a finished run and the labels that hold. */
import { EngineError } from '../engine/errors.ts';
import { resolve } from '../engine/params.ts';
import { stretches } from '../engine/pipeline.ts';
import { strategyById } from '../engine/query/index.ts';
import { errorScore, poolOf, queriesOf } from '../engine/query/pool.ts';
import { poolView, topSensors } from '../engine/query/poolView.ts';
import { windowsLike } from '../engine/query/similar.ts';
import { seeded } from '../engine/rng.ts';
import type { Residual, Span } from '../engine/types.ts';
import type { Labels } from './labels.ts';
import type { QueryAnswer, QueryJob, SimilarWindow } from './protocol.ts';
import type { LiveRun, Session } from './session.ts';

const residualOf = ({ series, stored }: LiveRun): Residual => ({
  T: series.T,
  S: series.sensors.length,
  r_TS: stored.r_TS,
});

/** Throws EngineError('bad-input') for a strategy or setting that does not exist and where no window can be cut. */
export async function ask(session: Session, labels: Labels, job: QueryJob): Promise<QueryAnswer> {
  const strategy = strategyById(job.strategy);
  if (!strategy)
    throw new EngineError(
      'bad-input',
      'unknown-strategy',
      `there is no query strategy "${job.strategy}"`,
      'Choose one of the settings of the round.',
    );
  const live = await session.run(job.runId);
  const { series, stored } = live;
  const residual = residualOf(live);
  const score =
    job.score === 'run'
      ? { score_T: stored.score.score_T, threshold: stored.info.result.threshold.value }
      : errorScore(residual);
  const asked = (await labels.held(stored.info.data)).map(({ span }) => span);
  const pool = poolOf(series, residual, score, { window: job.window, part: job.pool, asked });
  const values = resolve(strategy.params as Parameters<typeof resolve>[0], job.params);
  const picks = strategy.pick(pool, values, job.count, seeded(job.seed));
  const top = picks.map((pick) => topSensors(pool, pick.window));
  const questions = queriesOf(pool, picks).map((query, n) => ({ ...query, top: top[n] ?? [] }));
  return { questions, pool: poolView(pool) };
}

/** Relative distance from which a window is no longer alike: a quiet one is at 1. */
const FARTHEST = 0.75;

/** Windows that are alike; none where nothing is. Throws as `windowsLike` does. */
export async function similar(
  session: Session,
  labels: Labels,
  runId: string,
  span: Span,
  count: number,
): Promise<readonly SimilarWindow[]> {
  const live = await session.run(runId);
  const known = (await labels.held(live.stored.info.data)).map((label) => label.span);
  const found = windowsLike(residualOf(live), span, { count, parts: stretches(live.series), known });
  return found.filter(({ distance }) => distance <= FARTHEST);
}
