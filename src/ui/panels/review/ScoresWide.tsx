import { HeatMap, RampLegend } from '../../../charts/HeatMap.tsx';
import { Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Formula } from '../../controls/Formula.tsx';
import { en } from '../../messages/en.ts';
import { useAppStore } from '../../state/useApp.ts';
import { Chain, ErrorChart, QqChart, QqLegend, ScoreChart, SensorPick } from './scoreCharts.tsx';
import { ThresholdCard } from './ThresholdCard.tsx';
import { useClock } from './useClock.ts';
import { HEAT_MAX, useEvidence, useHeat } from './useEvidence.ts';

/** The whole page: every sensor over time, the errors of one, the score's law, its fit, and the rules for a threshold. */
export function ScoresWide() {
  const { load, asset, run, sensor, step } = useEvidence('map');
  const clock = useClock();
  const store = useAppStore();
  const evidence = load.is === 'ready' ? load.value : null;
  const heat = useHeat(evidence, asset);
  if (!run) return <Empty title={en.event.noRun} text={en.review.noRunText} />;
  if (load.is === 'failed') return <Wrong error={load.error} />;
  if (load.is === 'none' || sensor === null || step === null) return <Empty title={en.scores.pick} />;
  if (!evidence || !heat || !clock || !asset) return <Skeleton saying={en.scores.loading} lines={8} />;
  const at = clock.flag(evidence.step);
  return (
    <div className="scores-wide">
      <section className="score-panel heat" aria-label={en.scores.heat}>
        <div className="panel-head">
          <h2>{en.scores.heat}</h2>
          <span className="hint only-wide">
            {clock.flag(heat.from)} – {clock.flag(heat.from + heat.cells * heat.stepsPerCell)}
          </span>
          <span className="grow" />
          <RampLegend from="0" to={String(HEAT_MAX)} widthPx={84} />
        </div>
        <div className="chart">
          <HeatMap
            input={heat}
            clock={clock}
            step={step}
            sensor={sensor}
            onPick={(picked, pickedStep) => store.setState({ sensor: picked, crosshair: Math.floor(pickedStep) })}
          />
        </div>
      </section>
      <section className="score-panel errors" aria-label={en.scores.errors}>
        <div className="panel-head">
          <h2>{en.scores.errors}</h2>
          <SensorPick sensor={sensor} />
          <span className="legend">
            <span>
              <i className="key bars" />
              {en.scores.training}
            </span>
            <span>
              <i className="key curve" />
              {en.scores.mixture}
            </span>
          </span>
          <span className="grow" />
          <span className="hint">{en.scores.mixtureParts(evidence.components.length)}</span>
        </div>
        <div className="chart">
          <ErrorChart evidence={evidence} at={at} />
        </div>
      </section>
      <section className="score-panel" aria-label={en.scores.scoreTraining}>
        <div className="panel-head">
          <h2>{en.scores.scoreTraining}</h2>
          <span className="legend">
            <span>
              <i className="key bars" />
              {en.scores.observed}
            </span>
            <span>
              <i className="key curve" />
              {en.scores.gamma}
            </span>
            <span>
              <i className="key dotted" />
              {en.scores.chi2}
            </span>
          </span>
        </div>
        <div className="chart">
          <ScoreChart evidence={evidence} />
        </div>
      </section>
      <section className="score-panel" aria-label={en.scores.qq}>
        <div className="panel-head">
          <h2>{en.scores.qq}</h2>
          <QqLegend evidence={evidence} />
        </div>
        <div className="chart">
          <QqChart evidence={evidence} />
        </div>
      </section>
      <section className="score-panel chain-panel" aria-label={en.scores.chain}>
        <div className="panel-head">
          <h2>{en.scores.chain}</h2>
          <Formula of="score" />
        </div>
        <Chain evidence={evidence} run={run} />
      </section>
      <section className="score-panel rules" aria-label={en.scores.threshold}>
        <ThresholdCard isWide />
      </section>
    </div>
  );
}
