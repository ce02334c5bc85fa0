/** Drift over a real channel: read, marked, confirmed as the new normal, kept over a reload, rolled back. */
import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { quietRun } from '../engine/detect/testData.testkit.ts';
import { bandAt } from '../engine/drift/bands.ts';
import { driftCase } from '../engine/synth/drifts.ts';
import { engine, value } from './channel.testkit.ts';
import { withPieces } from './driftNormal.ts';
import type { DatasetInfo, EngineApi, JobUpdate, LiveBlock, LiveUpdate, NormalJob, RunInfo } from './protocol.ts';
import { Session, summaryOf } from './session.ts';
import { Vault } from './vault.ts';

const { series, changed } = driftCase('level', true, 1);
const start = changed ?? NaN;
const data = { datasetId: 'mill', asset: series.asset };
const info: DatasetInfo = {
  ...{ id: 'mill', name: 'Mill', origin: 'file', layout: 'CSV', checksum: 'x', plan: null, savedAtMs: 1 },
  assets: [summaryOf(series)],
};
const silent = Comlink.proxy(() => undefined);

const normalJob = (jobId: string, change: Partial<NormalJob> = {}): NormalJob => ({
  ...{ jobId, runId: 'first', retrain: false, dropped: [], by: 'ada', kind: 'level', words: '5 000 to 5 900' },
  confirmed: { start, end: series.T },
  learned: { start, end: start + 900 },
  applies: { start, end: series.T },
  ...change,
});

describe('drift', () => {
  const session = new Session();
  const { endpoint } = engine(session);
  const api = Comlink.wrap<EngineApi>(endpoint);
  let first: RunInfo;
  let calm: RunInfo;

  beforeAll(async () => {
    await session.keepDataset(info, [series]);
    const without = driftCase('level', false, 1).series;
    await session.keepDataset({ ...info, id: 'calm', checksum: 'y', assets: [summaryOf(without)] }, [without]);
    const job = {
      engine: 'kmeans',
      preset: 'lite',
      params: {},
      head: 'conformal',
      headParams: {},
      seed: 1,
      imputation: {},
    };
    first = value(await api.run({ ...job, jobId: 'first', data }, silent));
    const other = { datasetId: 'calm', asset: without.asset };
    calm = value(await api.run({ ...job, jobId: 'calm', data: other }, silent));
  }, 120_000);

  it('is read with progress, of what was measured and of residuals, and kept for the next time', async () => {
    const told: JobUpdate[] = [];
    const hear = Comlink.proxy((update: JobUpdate) => void told.push(update));
    const view = value(await api.drift({ jobId: 'reading', runId: 'first' }, hear));
    expect(view.refusal).toBe('');
    const { regimes, joint_N, by_KSN, end_N } = view.measured;
    expect(regimes).toHaveLength(1);
    expect(regimes[0]).toMatchObject({ kind: 'level', end: series.T });
    expect(regimes[0]?.sensors[0]).toBe(2);
    expect(by_KSN).toHaveLength(4 * 6 * end_N.length);
    const n = joint_N.length - 1;
    const last = Array.from({ length: 24 }, (_, row) => by_KSN[row * end_N.length + n] ?? 0);
    expect(joint_N[n]).toBe(Math.max(...last));
    expect(view.residuals.joint_N).toHaveLength(joint_N.length);
    expect(told.some((update) => update.kind === 'scoring')).toBe(true);
    told.length = 0;
    expect(value(await api.drift({ jobId: 'again', runId: 'first' }, hear))).toEqual(view);
    expect(told.some((update) => update.kind === 'scoring')).toBe(false);
  });

  it('stops when it is cancelled, and begins anew', async () => {
    const hear = Comlink.proxy((update: JobUpdate) => {
      if (update.kind === 'scoring') void api.cancel('reading');
    });
    const outcome = await api.drift({ jobId: 'reading', runId: 'calm' }, hear);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(value(await api.drift({ jobId: 'reading', runId: 'calm' }, silent)).measured.regimes).toHaveLength(1);
  });

  /** The longest event of a run with what it is said to be. */
  async function longestOf(run: RunInfo) {
    const { measured } = value(await api.drift({ jobId: 'reading', runId: run.id }, silent));
    const ranges = run.result.events.map(({ start: from, end, top }) => ({ start: from, end, top }));
    const judged = value(await api.judgeEvents(run.data, ranges, measured.regimes));
    const lengths = ranges.map(({ start: from, end }) => end - from);
    return { judged, ranges, longest: judged[lengths.indexOf(Math.max(...lengths))] };
  }

  it('marks events: the machine changed, or something broke', async () => {
    const quiet = await longestOf(calm);
    expect(quiet.longest).toEqual({ mark: 'regime', reason: { is: 'usual-in-regime', regime: 0, sensors: [2] } });
    const { judged, ranges, longest } = await longestOf(first);
    // Its peak is an anomaly of another sensor inside the regime: that must not pass for the machine.
    expect(longest).toEqual({ mark: 'fault', reason: { is: 'other-sensors', regime: 0 } });
    const early = ranges.findIndex(({ start: from, end }) => from < 4140 && end > 4100);
    expect(judged[early]).toEqual({ mark: 'fault', reason: { is: 'no-regime' } });
  });

  it('a confirmed range makes a run of its own that a reload finds, threshold and provenance with it', async () => {
    const made = value(await api.confirmNormal(normalJob('second'), silent));
    expect(made).toMatchObject({ id: 'second', confirmed: [{ runId: 'first', by: 'ada', leftOut: 0 }] });
    expect(made.result.threshold.source).toMatch(
      /; recalibrated on 5 000 to 5 900, confirmed by ada on \d{4}-\d\d-\d\d$/,
    );
    expect(made.result.flaggedShare).toBeLessThan(first.result.flaggedShare / 3);

    const late = Comlink.wrap<EngineApi>(engine(new Session()).endpoint);
    const read = value(await late.loadRun('second'));
    expect(read).toEqual(made);
    const manual = { ...made.result.settings, rule: 'manual', manual: 30 };
    expect(value(await late.rethreshold('second', manual, false)).threshold.source).toContain('confirmed by ada');
    for (const row of value(await late.thresholds('second', made.result.settings)))
      expect(row.source).toContain('confirmed by ada');

    const range = { start: start + 100, end: start + 200 };
    const shown = value(await late.evidence('second', 2, start + 150, range));
    expect(shown.logP).toBeGreaterThan(Math.log(1e-3));
    expect(value(await late.evidence('first', 2, start + 150, range)).logP).toBeLessThan(Math.log(1e-3));

    const { changes } = value(await api.diff('first', 'second', 0.7));
    expect(changes.some(({ kind }) => kind === 'vanished' || kind === 'moved')).toBe(true);
  });

  it('retrains on the range on request; confirmed ranges add up', async () => {
    const again = normalJob('third', {
      runId: 'second',
      retrain: true,
      dropped: [{ start: start + 10, end: start + 30 }],
    });
    const made = value(await api.confirmNormal(again, silent));
    expect(made.confirmed).toHaveLength(2);
    expect(made.confirmed?.[1]).toMatchObject({ retrain: true, leftOut: 20 });
    expect(made.result.threshold.source).toMatch(/recalibrated on .*; retrained on /);
  });

  /** Scores of a replay at full speed, from its first step on. */
  async function replayed(runId: string) {
    const blocks: LiveBlock[] = [];
    let first = NaN;
    const hear = Comlink.proxy((update: LiveUpdate) => {
      if (update.kind === 'began') first = update.first;
      if (update.kind === 'blocks') blocks.push(...update.blocks);
    });
    const job = { jobId: `live ${runId}`, runId, source: { kind: 'replay' }, rate: 0, alarm: {} } as const;
    const outcome = await api.live(job, hear);
    return { outcome, first, score: blocks.flatMap(({ score_T }) => [...score_T]), blocks };
  }

  it.each(['second', 'third'])('run %s goes live by what judges its end, and says what the run says', async (id) => {
    const { outcome, first: from, score, blocks } = await replayed(id);
    value(outcome);
    expect(from).toBe(start + 900);
    const { stored } = await session.run(id);
    // The last windows of a series have one more over them than those of a stream.
    expect(score.length).toBeGreaterThan(500);
    let worst = 0;
    for (let i = 0; i < score.length - 60; i++) {
      const want = stored.score.score_T[from + i];
      worst = Math.max(worst, Math.abs((score[i] ?? NaN) - want) / (1 + Math.abs(want)));
    }
    expect(worst).toBeLessThan(id === 'second' ? 1e-6 : 1e-3);
    expect(blocks.length).toBeGreaterThan(0);
    const { y_TS } = blocks[0];
    const S = 6;
    for (let s = 0; s < S; s++) expect(y_TS[s]).toBeCloseTo(stored.expected_TS[from * S + s], 4);
  });

  it('the band of the new level is that of the confirmed steps; elsewhere it stays', async () => {
    const made = value(await api.loadRun('second'));
    expect(made.bands).toMatchObject([{ start, end: series.T }]);
    expect(made.band_S).toEqual(first.band_S);
    const { stored } = await session.run('second');
    const [{ band_S }] = made.bands!;
    const width = stored.scaler.width_F[2];
    let inside = 0;
    for (let t = start; t < start + 900; t++) if (Math.abs(stored.r_TS[t * 6 + 2]) * width <= band_S[2]) inside++;
    expect(inside / 900).toBeGreaterThan(0.94);
    expect(inside / 900).toBeLessThan(0.96);
    expect(bandAt(made, start - 1)).toBe(made.band_S);
    expect(bandAt(made, start)).toBe(band_S);
  });

  it('a run made of it with other weights keeps its ranges, calibrated on the new errors', async () => {
    const [{ stored: own }, { stored: renewed }] = [await session.run('first'), await session.run('third')];
    const label_T = new Uint8Array(series.T).fill(255);
    const kept = await withPieces(own, renewed, series, label_T, quietRun());
    expect(kept.info.confirmed).toEqual(renewed.info.confirmed);
    expect(kept.pieces).toEqual(renewed.pieces);
    expect(kept.score.logP_T).toEqual(renewed.score.logP_T);
    expect(kept.info.bands).toEqual(renewed.info.bands);
    // What people call anomalous since is left out.
    label_T.fill(1, start + 100, start + 150);
    const again = await withPieces(own, renewed, series, label_T, quietRun());
    expect(again.pieces?.[0]?.own?.dropped).toEqual([{ start: start + 100, end: start + 150 }]);
    expect(again.pieces?.[0]?.headState).not.toEqual(renewed.pieces?.[0]?.headState);
    expect(await withPieces(own, own, series, label_T, quietRun())).toBe(own);
  });

  it('goes live of no run whose pieces do not say what they add to expected values', async () => {
    const { stored } = await session.run('second');
    const pieces = stored.pieces?.map(({ own, ...piece }) => piece);
    await session.keepRun({ ...stored, info: { ...stored.info, id: 'old' }, pieces: pieces ?? [] });
    const { outcome } = await replayed('old');
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'several-laws' } });
    value(await api.deleteRun('old'));
  });

  it('run files carry what was confirmed, and what judges it', async () => {
    const was = value(await api.loadRun('third'));
    const asked = { start: start + 100, end: start + 200 };
    const evidence = value(await api.evidence('third', 2, start + 150, asked));
    const file = value(await api.exportBundle('third'));
    value(await api.deleteRun('third'));
    // A file keeps whole milliseconds.
    const run = { ...was, createdAtMs: Math.floor(was.createdAtMs) };
    expect(value(await api.openBundle(file.blob))).toMatchObject({ is: 'run', run, notes: [] });
    expect(value(await api.evidence('third', 2, start + 150, asked))).toEqual(evidence);
  });

  it('false alarms on confirmed steps: far over the nominal rate before, near it after', async () => {
    const [before, after] = value(await api.falseAlarms(['first', 'second'], 'confirmed'));
    expect(before.steps).toBe(series.T - start);
    expect(before.calibrated).toBe(0);
    expect(after.calibrated).toBe(900);
    expect(before.actual).toBeGreaterThan(0.5);
    // The range was confirmed as a whole, two anomalies in it included; said to be anomalous, they no longer count.
    expect(after.actual).toBeLessThan(0.15);
    const changes = [6200, 6600].map((from, n) => ({
      kind: 'put' as const,
      label: {
        ...{ id: `odd ${n}`, span: { start: from - 40, end: from + 100 }, verdict: 'anomalous' as const, note: '' },
        ...{ scope: { kind: 'all' as const }, author: 'ada', layer: 'ada', madeAtMs: 1, origin: 'lane' as const },
      },
    }));
    value(await api.act(data, { kind: 'change', changes }));
    const [, apart] = value(await api.falseAlarms(['first', 'second'], 'confirmed'));
    expect(apart.steps).toBe(series.T - start - 280);
    expect(apart.actual).toBeLessThan(0.1 * before.actual);
    expect(after.time.share_N).toHaveLength(24);
    const [byFile] = value(await api.falseAlarms(['first'], 'file'));
    expect(byFile.steps).toBe(3500 - 200);
  });

  it('nothing is lost on an error, and going back is deleting', async () => {
    const short = await api.confirmNormal(normalJob('bad', { learned: { start, end: start + 50 } }), silent);
    expect(short).toMatchObject({ ok: false, error: { kind: 'too-few-steps' } });
    expect((await api.loadRun('bad')).ok).toBe(false);
    expect(value(await api.loadRun('first'))).toEqual(first);

    const full = vi.spyOn(Vault.prototype, 'putRun').mockRejectedValue(new DOMException('', 'QuotaExceededError'));
    const told: JobUpdate[] = [];
    const unsaved = value(
      await api.confirmNormal(
        normalJob('unsaved'),
        Comlink.proxy((update: JobUpdate) => void told.push(update)),
      ),
    );
    full.mockRestore();
    expect(value(await api.loadRun('unsaved'))).toEqual(unsaved);
    expect(told.some((update) => update.kind === 'note')).toBe(true);

    value(await api.deleteRun('third'));
    value(await api.deleteRun('second'));
    expect(value(await api.loadRun('first'))).toEqual(first);
  });
});
