import { num, percent } from '../../../charts/format.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import type { AssetSummary, DriftView, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Empty, Progress, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { shownDrift } from '../../state/driftNormal.ts';
import { currentAsset } from '../../state/select.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { useClock } from '../review/useClock.ts';
import { Alarms } from './Alarms.tsx';
import { DriftMap } from './DriftMap.tsx';
import { NormalForm } from './NormalForm.tsx';
import { driftSummary, regimeTitle } from './regimes.ts';

/** Whether the machine is still the one that was learned, and what to do where it is not. */
export function DriftTab() {
  const asset = useApp(currentAsset);
  const run = useApp((s) => valueOf(s.current));
  const clock = useClock();
  if (!run || !asset || !clock) return <Empty title={en.event.noRun} text={en.review.noRunText} />;
  return (
    <>
      <Found asset={asset} clock={clock} />
      <Confirmed run={run} asset={asset} clock={clock} />
      <Alarms asset={asset} clock={clock} run={run} />
    </>
  );
}

type PartProps = { readonly asset: AssetSummary; readonly clock: ChartClock };

function Found({ asset, clock }: PartProps) {
  const view = useApp(shownDrift);
  const load = useApp((s) => s.driftView);
  const reading = useApp((s) => s.reading);
  const { loadDrift, cancelDrift } = useAppStore().getState();
  if (view) return <Regimes asset={asset} clock={clock} view={view} />;
  if (load.is === 'failed')
    return (
      <Wrong error={load.error}>
        <Btn small onPress={() => void loadDrift()}>
          {en.drift.read}
        </Btn>
      </Wrong>
    );
  if (!reading) return <Skeleton saying={en.drift.lane.reading('measured', percent(0))} />;
  const text = en.drift.lane.reading(reading.of, percent(reading.share));
  return (
    <section className="section drift-reading">
      <Progress share={reading.share} label={text} />
      <span className="small soft">{text}</span>
      <Btn small onPress={cancelDrift}>
        {en.top.cancel}
      </Btn>
    </section>
  );
}

function Regimes({ asset, clock, view }: PartProps & { readonly view: DriftView }) {
  const { regimes } = view.measured;
  const pick = useApp((s) => s.normalPick);
  const brush = useApp((s) => s.brush);
  const confirmed = useApp((s) => valueOf(s.current)?.confirmed);
  const isNormal = (step: number) =>
    confirmed?.some(({ applies }) => step >= applies.start && step < applies.end) ?? false;
  const { setDrift, setRange } = useAppStore().getState();
  const words = en.drift;
  return (
    <>
      <section className="section">
        <h3>
          {words.regimes}
          <span>{words.regimesNote}</span>
        </h3>
        {regimes.length === 0 && <p className="small soft">{driftSummary(asset, clock, view)}</p>}
        {regimes.map((regime, n) => (
          <div
            key={regime.start}
            className="regime-card"
            data-picked={pick === n || undefined}
            data-normal={isNormal(regime.start) || undefined}
          >
            <p>
              <b>{regimeTitle(asset, regime)}</b>
              <span className="soft"> {words.strength(num(regime.strength, 2))}</span>
            </p>
            <p className="small soft">
              {words.range(clock.flag(regime.start), clock.flag(regime.end - 1))},{' '}
              {clock.length(regime.end - regime.start, regime.start)}
              {isNormal(regime.start) && <span className="is-normal">, {en.normal.isNormal}</span>}
            </p>
            <span className="row">
              <Btn
                small
                onPress={() => {
                  const margin = Math.max(60, (regime.end - regime.start) / 4);
                  setRange({ from: regime.start - margin, to: regime.end + margin });
                }}
              >
                {words.show}
              </Btn>
              <Btn small picked={pick === n} onPress={() => setDrift({ normalPick: n })}>
                {en.normal.confirmThis}
              </Btn>
            </span>
          </div>
        ))}
        {brush && (
          <Btn small picked={pick === 'drawn'} onPress={() => setDrift({ normalPick: 'drawn' })}>
            {en.normal.confirmDrawn}
          </Btn>
        )}
      </section>
      {pick !== null && <NormalForm asset={asset} clock={clock} />}
      {view.refusal === '' && <DriftMap asset={asset} clock={clock} view={view} />}
    </>
  );
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** What was confirmed of this run, with the way back. */
function Confirmed({ run, clock }: PartProps & { readonly run: RunInfo }) {
  const hasBefore = useApp((s) => s.runs.some((one) => one.id === run.confirmed?.at(-1)?.runId));
  const { openNormal } = useAppStore().getState();
  const words = en.normal;
  if (!run.confirmed) return null;
  return (
    <section className="section confirmed-list" aria-label={words.list}>
      <h3>{words.list}</h3>
      <ul className="bullets small">
        {run.confirmed.map(({ retrain, words: range, by, atMs, leftOut, learned }) => (
          <li key={atMs}>
            {words.entry(retrain, range, by, dayOf(atMs))}
            {leftOut > 0 && <span className="soft">, {words.leftOut(clock.length(leftOut, learned.start))}</span>}
          </li>
        ))}
      </ul>
      {hasBefore && (
        <Btn small onPress={() => void openNormal(run)}>
          {words.compare}
        </Btn>
      )}
    </section>
  );
}
