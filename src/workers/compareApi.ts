/** The worker's answers about runs beside each other. */
import { rank } from '../engine/ranks.ts';
import { pooledRows } from '../engine/besidePooled.ts';
import { Aside } from './compareAside.ts';
import { Figures } from './compareCache.ts';
import type { CompareApi, RunMeasures } from './compareProtocol.ts';
import { baselineOf, besideEachOther, measuresOf, needsTensors, severityRow, yardsticks } from './compareRuns.ts';
import type { Desk } from './desk.ts';
import type { Spawned } from './helpers.ts';
import { Job } from './jobs.ts';
import type { Session } from './session.ts';
import { attempt, fromWire } from './wire.ts';

export type CompareScope = {
  readonly session: Session;
  readonly desk: Desk;
  readonly now: () => number;
  /** Starts an engine of its own; null where none can be had. */
  readonly spawn: (() => Spawned) | null;
};

export type Comparing = {
  readonly api: Omit<CompareApi, 'runEach'>;
  /** Removes what was worked out about a data set. */
  readonly forget: (datasetId: string) => Promise<void>;
};

export function compareApi({ session, desk, now, spawn }: CompareScope): Comparing {
  const figures = new Figures();
  const aside = spawn && new Aside(spawn);
  let jobs = 0;

  const measures = async (runId: string): Promise<RunMeasures | null> => {
    const live = await session.run(runId);
    const { data, result, createdAtMs } = live.stored.info;
    const { settings, threshold } = result;
    const name = `measures ${runId} ${createdAtMs} ${threshold.value} ${JSON.stringify(settings)}`;
    return figures.get(data.datasetId, name, () => Promise.resolve(measuresOf(live)));
  };

  const baseline: CompareApi['baseline'] = (data, id, rules) =>
    attempt(async () => {
      const { info } = await session.dataset(data.datasetId);
      const name = `baseline ${data.asset} ${info.checksum} ${id} ${JSON.stringify(rules)}`;
      return figures.get(data.datasetId, name, async () => {
        const kept = aside !== null && (await session.isKept(data.datasetId));
        if (kept) return fromWire(await aside.ask((api) => api.baseline(data, id, rules)));
        const series = await session.series(data);
        const job = new Job(`baseline ${++jobs}`, () => undefined);
        const make = () => baselineOf(series, id, rules, (seed) => job.run(seed));
        // Tensors of two computations must not mix: while a run is under way this one is refused.
        return needsTensors(id) ? desk.with(job, make) : make();
      });
    });

  return {
    api: {
      yardsticks: () => attempt(() => yardsticks()),
      allRuns: () => attempt(() => session.allRuns()),
      noteRun: (runId, note) =>
        attempt(() => session.changeRun(runId, (info) => ({ ...info, ...note, changedAtMs: now() }))),
      measures: (runId) => attempt(() => measures(runId)),
      baseline,
      compareRuns: (a, b) => attempt(async () => besideEachOther(await session.run(a), await session.run(b))),
      severity: (runId, stepsPerCell) =>
        attempt(async () => severityRow(await session.run(runId), Math.max(1, Math.floor(stepsPerCell)))),
      pooled: (runIds) =>
        attempt(async () => {
          const all: RunMeasures[] = [];
          for (const id of runIds) {
            const one = await measures(id);
            if (one !== null) all.push(one);
          }
          return pooledRows(all);
        }),
      rank: (values, better) => attempt(() => rank(values, better)),
    },
    forget: (datasetId) => figures.forget(datasetId),
  };
}
