import { useEffect, useMemo } from 'react';
import { alarmsOverTime, alarmsOverTimeTable, type AlarmsOverTimeInput } from '../../../charts/alarmsOverTime.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import { EChart } from '../../../charts/EChart.tsx';
import { falseAlarms, falseAlarmsTable, type FalseAlarmsInput } from '../../../charts/falseAlarms.ts';
import { num, percent } from '../../../charts/format.ts';
import type { AlarmView, AssetSummary, NormalBasis, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { heldLabels } from '../../state/labelSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

type AlarmsProps = { readonly asset: AssetSummary; readonly clock: ChartClock; readonly run: RunInfo };

/** Whether the head means what it says, on steps that somebody knows to be normal. */
export function Alarms({ asset, clock, run }: AlarmsProps) {
  const alarms = useApp((s) => s.alarms);
  const basis = useApp((s) => s.alarmBasis);
  const labels = useApp(heldLabels);
  const { loadAlarms, setDrift } = useAppStore().getState();
  useEffect(() => void loadAlarms(), [run.id, labels, basis, run.result.settings.significance, loadAlarms]);
  const words = en.alarms;
  const bases: readonly NormalBasis[] = asset.labels === null ? ['confirmed'] : ['confirmed', 'file'];
  return (
    <section className="section" aria-label={words.title}>
      <h3>{words.title}</h3>
      {basis !== null && (
        <div className="drift-tools">
          <Segments
            label={words.basis}
            options={bases.map((id) => ({ id, label: words.bases[id] }))}
            value={basis}
            onPick={(id) => setDrift({ alarmBasis: id as NormalBasis })}
          />
        </div>
      )}
      {basis !== null && <p className="small hint">{words.basisNote[basis]}</p>}
      {alarms.is === 'failed' && (
        <Wrong error={alarms.error}>
          <Btn small onPress={() => void loadAlarms()}>
            {en.tryAgain}
          </Btn>
        </Wrong>
      )}
      {alarms.is === 'ready' ? (
        <Rates views={alarms.value} run={run} clock={clock} />
      ) : (
        alarms.is !== 'failed' && <Skeleton lines={3} saying={words.loading} />
      )}
    </section>
  );
}

type RatesProps = { readonly views: readonly AlarmView[]; readonly run: RunInfo; readonly clock: ChartClock };

function Rates({ views, run, clock }: RatesProps) {
  const words = en.alarms;
  const own = views.find((view) => view.runId === run.id);
  const before = views.find((view) => view.runId !== run.id && view.asset === run.data.asset);
  const levels = useMemo<FalseAlarmsInput>(
    () => ({
      significance: run.result.settings.significance,
      lines: views
        .filter(({ steps }) => steps > 0)
        .map(({ runId, asset, nominal_P, actual_P, steps }) => ({
          name: runId === before?.runId ? words.before(asset) : asset,
          look: runId === run.id ? 'chosen' : runId === before?.runId ? 'before' : 'other',
          ...{ nominal_P, actual_P, steps },
        })),
    }),
    [views, run, before, words],
  );
  const time = useMemo<AlarmsOverTimeInput>(() => {
    const { from = 0, stepsPerCell = 1, share_N = new Float64Array(0) } = own?.time ?? {};
    return {
      significance: own?.significance ?? NaN,
      starts: Array.from(share_N, (_, n) => clock.flag(from + n * stepsPerCell)),
      lines: [
        ...(before
          ? [{ name: words.before(before.asset), look: 'before' as const, share_N: before.time.share_N }]
          : []),
        { name: run.data.asset, look: 'chosen', share_N },
      ],
    };
  }, [own, before, clock, run, words]);
  if (!own || own.steps === 0) return <Empty title={words.none} text={words.noneText} />;
  return (
    <>
      <p className="small">
        {words.summary(percent(own.actual), percent(own.significance), num(own.steps))}
        {own.calibrated > 0 && <span className="soft">; {words.calibrated(num(own.calibrated))}</span>}
      </p>
      {before && (
        <span className="legend">
          <span>
            <i className="key observed" />
            {words.now}
          </span>
          <span>
            <i className="key before dashed" />
            {words.past}
          </span>
        </span>
      )}
      <h4 className="small soft">{words.byLevel}</h4>
      <EChart input={levels} option={falseAlarms} table={falseAlarmsTable} height={200} />
      <h4 className="small soft">{words.byTime}</h4>
      <EChart input={time} option={alarmsOverTime} table={alarmsOverTimeTable} height={150} />
    </>
  );
}
