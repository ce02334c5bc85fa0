import { useEffect, useMemo, useState } from 'react';
import type { ChartClock } from '../../../charts/clock.ts';
import { EChart } from '../../../charts/EChart.tsx';
import { num } from '../../../charts/format.ts';
import { addressingHeight, memoryAddressing, memoryAddressingTable } from '../../../charts/memoryAddressing.ts';
import { confusionHeight, memoryConfusion, memoryConfusionTable } from '../../../charts/memoryConfusion.ts';
import { memoryFusion, memoryFusionTable } from '../../../charts/memoryFusion.ts';
import { memorySignals, memorySignalsTable, signalsHeight } from '../../../charts/memorySignals.ts';
import type { MemoryView, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import {
  addressingInput,
  alphaText,
  confusionInput,
  fusionInput,
  itemsInput,
  knownShare,
  viewsInput,
} from './memoryInput.ts';
import { SensorPick } from './scoreCharts.tsx';
import { useClock } from './useClock.ts';
import { useLook, useShows } from './useLook.ts';

/** What the run's memories made of the window around the cross-hair or the chosen event. */
export function MemoryTab() {
  const { load, run, step } = useLook({
    insight: 'recalls',
    coversEvent: false,
    ask: (engine, { runId, step, range }) => engine.memory(runId, step, range),
  });
  const recalls = useShows('recalls');
  const clock = useClock();
  const { goTo } = useAppStore().getState();
  if (!run) return <Empty title={en.event.noRun} text={en.review.noRunText} />;
  if (recalls === false)
    return (
      <Empty title={en.memory.none(run.engineTitle)} text={en.memory.noneText}>
        <Btn onPress={() => goTo('engine')}>{en.attention.toEngine}</Btn>
      </Empty>
    );
  if (load.is === 'failed') return <Wrong error={load.error} />;
  if (step === null) return <Empty title={en.memory.pick} />;
  if (load.is !== 'ready' || !clock) return <Skeleton saying={en.memory.loading} lines={8} />;
  return <Shown view={load.value} run={run} clock={clock} />;
}

type ShownProps = { readonly view: MemoryView; readonly run: RunInfo; readonly clock: ChartClock };

function Shown({ view, run, clock }: ShownProps) {
  const { setView } = useAppStore().getState();
  const { window } = view;
  const sensor = Math.min(
    useApp((s) => s.sensor ?? 0),
    view.S - 1,
  );
  useEffect(() => {
    setView({ attended: { window, row: null, column: null } });
    return () => setView({ attended: null });
  }, [setView, window]);
  const total = view.error_R.reduce((sum, error) => sum + error, 0);
  const { start, end } = window;
  return (
    <div className="attention memory">
      <div className="attention-head">
        <h2>{en.memory.title}</h2>
        <span className="hint clip-line">
          {en.attention.window(clock.length(end - start, start), clock.flag(start), clock.flag(end))}
        </span>
      </div>
      <div className="attention-bar">
        <SensorPick sensor={sensor} />
        <span className="soft">{en.memory.error(num(total))}</span>
      </div>
      <Views view={view} sensor={sensor} />
      {view.reads.length > 0 && <Addressing view={view} sensor={sensor} />}
      <Fusion view={view} run={run} />
      <Confusion view={view} />
    </div>
  );
}

type PartProps = { readonly view: MemoryView };

/** Panels beside one another in a panel so wide. */
function useColumns(): number {
  return useApp((s) => s.inspectorWide) ? 4 : 2;
}

function Views({ view, sensor }: PartProps & { readonly sensor: number }) {
  const columns = useColumns();
  const input = useMemo(() => viewsInput(view, sensor, columns), [view, sensor, columns]);
  return (
    <section className="section">
      <h3>
        {en.memory.views} <span className="hint">{en.memory.viewsNote}</span>
      </h3>
      <p className="legend">
        <span>
          <i className="key observed" />
          {en.memory.input}
        </span>
        <span>
          <i className="key model" />
          {en.memory.rebuilt}
        </span>
      </p>
      <EChart
        input={input}
        option={memorySignals}
        table={memorySignalsTable}
        height={signalsHeight(view.views.length, columns)}
      />
    </section>
  );
}

function Addressing({ view, sensor }: PartProps & { readonly sensor: number }) {
  const [wanted, setWanted] = useState('raw');
  const { name } = view.views.find((one) => one.name === wanted) ?? view.views[0]!;
  const input = useMemo(() => addressingInput(view, name), [view, name]);
  const items = useMemo(() => itemsInput(view, sensor), [view, sensor]);
  return (
    <section className="section">
      <h3>
        {en.memory.addressing} <span className="hint">{en.memory.addressingNote}</span>
      </h3>
      <Pick
        label={en.memory.viewLabel}
        look="pick small"
        options={view.views.map((one) => ({ id: one.name, label: one.title }))}
        value={name}
        onPick={setWanted}
        isDisabled={view.views.length < 2}
      />
      <EChart
        input={input}
        option={memoryAddressing}
        table={memoryAddressingTable}
        height={addressingHeight(input.reads.length)}
      />
      <h3>
        {en.memory.items} <span className="hint">{en.memory.itemsNote}</span>
      </h3>
      <EChart
        input={items}
        option={memorySignals}
        table={memorySignalsTable}
        height={signalsHeight(items.panels.length, items.columns)}
      />
    </section>
  );
}

function Fusion({ view, run }: PartProps & { readonly run: RunInfo }) {
  const input = useMemo(() => fusionInput(view, run), [view, run]);
  if (view.alpha_R2 === null) return null;
  return (
    <section className="section">
      <h3>
        {en.memory.fusion} <span className="hint">{alphaText(view.alpha_R2)}</span>
      </h3>
      {input && <EChart input={input} option={memoryFusion} table={memoryFusionTable} height={180} />}
    </section>
  );
}

function Confusion({ view }: PartProps) {
  const input = useMemo(() => confusionInput(view), [view]);
  if (input === null) return null;
  return (
    <section className="section">
      <h3>
        {en.memory.confusion} <span className="hint">{en.memory.confusionNote(view.windows, knownShare(view))}</span>
      </h3>
      <EChart
        input={input}
        option={memoryConfusion}
        table={memoryConfusionTable}
        height={confusionHeight(input.views.length)}
      />
    </section>
  );
}
