/** Drift in words and as a lane. */
import type { DriftLane, DriftPoints } from '../../../charts/driftLane.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import { num } from '../../../charts/format.ts';
import type { AssetSummary, DriftSide, DriftView, JudgedEvent, Regime, RunInfo } from '../../../workers/protocol.ts';
import { percent } from '../../../charts/format.ts';
import { en } from '../../messages/en.ts';

const NO_POINTS: DriftPoints = { end_N: new Int32Array(0), strength_N: new Float32Array(0), hop: 1 };

const sensorName = ({ sensors }: AssetSummary, sensor: number | undefined): string =>
  sensors[sensor ?? -1]?.name ?? String(sensor);

/** "level of s2 and 2 more". */
export const regimeTitle = (asset: AssetSummary, { kind, sensors }: Regime): string =>
  en.drift.title(kind, sensorName(asset, sensors[0]), sensors.length - 1);

const pointsOf = ({ end_N, joint_N }: DriftSide, hop: number): DriftPoints => ({ end_N, strength_N: joint_N, hop });

/** The lane of a run; without points while they are not known. */
export function driftLaneOf(asset: AssetSummary, run: RunInfo, view: DriftView | null): DriftLane {
  const confirmed = (run.confirmed ?? []).map((one) => one.applies);
  const isConfirmed = ({ start }: Regime): boolean => confirmed.some((span) => start >= span.start && start < span.end);
  const hop = view?.settings.hop ?? 1;
  return {
    kind: 'drift',
    measured: view ? pointsOf(view.measured, hop) : NO_POINTS,
    residuals: view ? pointsOf(view.residuals, hop) : NO_POINTS,
    limit: view?.settings.limit ?? 1,
    regimes: (view?.measured.regimes ?? []).map((regime) => ({
      span: { start: regime.start, end: regime.end },
      title: regimeTitle(asset, regime),
      confirmed: isConfirmed(regime),
    })),
  };
}

/** What the lane says, for those who do not see it. */
export function driftSummary(asset: AssetSummary, clock: ChartClock, { refusal, measured }: DriftView): string {
  if (refusal !== '') return en.drift.refusal[refusal];
  if (measured.regimes.length === 0) return en.drift.summary.none;
  const each = measured.regimes.map((regime) =>
    en.drift.summary.one(regimeTitle(asset, regime), clock.text(regime.start), num(regime.strength, 2)),
  );
  return [en.drift.summary.some(measured.regimes.length), ...each].join(' ');
}

/** Why an event is marked as it is. */
export function reasonText(asset: AssetSummary, { measured }: DriftView, { reason }: JudgedEvent): string {
  const words = en.marks.why;
  if (reason.is === 'no-regime') return words.noRegime;
  const regime = measured.regimes[reason.regime];
  const title = regime ? regimeTitle(asset, regime) : '';
  if (reason.is === 'other-sensors') return words.others(title);
  if (reason.is === 'unlike-regime')
    return words.unlike(sensorName(asset, reason.sensor), percent(reason.share), title);
  return words.usual(reason.sensors.map((sensor) => sensorName(asset, sensor)).join(', '), title);
}
