import { Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Formula } from '../../controls/Formula.tsx';
import { en } from '../../messages/en.ts';
import { Chain, ErrorChart, SensorPick } from './scoreCharts.tsx';
import { ThresholdCard } from './ThresholdCard.tsx';
import { useClock } from './useClock.ts';
import { useEvidence } from './useEvidence.ts';

/** Beside the lanes: the chosen sensor's errors, the chain to the score, and where the threshold comes from. */
export function ScoresNarrow() {
  const { load, run, sensor, step } = useEvidence('step');
  const clock = useClock();
  if (!run) return <Empty title={en.event.noRun} text={en.review.noRunText} />;
  if (load.is === 'failed') return <Wrong error={load.error} />;
  if (load.is === 'none' || sensor === null || step === null) return <Empty title={en.scores.pick} />;
  if (load.is === 'loading' || !clock) return <Skeleton saying={en.scores.loading} lines={8} />;
  const at = clock.flag(load.value.step);
  return (
    <>
      <div className="panel-head">
        <h2>{en.scores.errors}</h2>
        <SensorPick sensor={sensor} />
        <span className="grow" />
        <span className="hint small">{at}</span>
      </div>
      <div className="narrow-chart">
        <ErrorChart evidence={load.value} at={at} />
      </div>
      <section className="section">
        <h3>
          {en.scores.chain}
          <Formula of="score" />
        </h3>
        <div style={{ margin: '0 -12px' }}>
          <Chain evidence={load.value} run={run} />
        </div>
      </section>
      <ThresholdCard isWide={false} />
    </>
  );
}
