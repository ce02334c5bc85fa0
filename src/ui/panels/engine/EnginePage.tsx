import { useEffect } from 'react';
import { bytes, count, duration } from '../../../charts/format.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Later } from '../../controls/Later.tsx';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { ParamForm } from '../../controls/ParamForm.tsx';
import { Pick, Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import type { Value } from '../../../engine/params.ts';
import type { EngineChoice, MemoryNeed } from '../../../workers/protocol.ts';
import { currentAsset } from '../../state/select.ts';
import { engineChoice, headChoice, presetOf, presetValues } from '../../state/setupSlice.ts';
import type { AppState } from '../../state/store.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

const MAX_SEED = 2 ** 31 - 1;

export function EnginePage() {
  const catalogue = useApp((s) => s.catalogue);
  switch (catalogue.is) {
    case 'none':
    case 'loading':
      return <Skeleton saying={en.engine.loading} lines={8} />;
    case 'failed':
      return <Wrong error={catalogue.error} />;
    case 'ready':
      return (
        <div className="form-page">
          <div className="page-scroll">
            <DetectorForm />
            <Later>
              <HeadForm />
              <SeedRow />
            </Later>
          </div>
          <aside className="form-side page-scroll">
            <EstimatePart />
            <Later>
              <Card find={engineChoice} />
              <Card find={headChoice} />
            </Later>
          </aside>
        </div>
      );
  }
}

const options = (choices: readonly EngineChoice[]) =>
  choices.map((choice) => ({ id: choice.id, label: en.engineText(choice.title), note: en.engineText(choice.summary) }));

function presetOptions(choice: EngineChoice) {
  return Object.keys(choice.presets).map((name) => ({ id: name, label: en.engine.presets[name] ?? name }));
}

function DetectorForm() {
  const engines = useApp((s) => valueOf(s.catalogue)?.engines ?? null);
  const choice = useApp(engineChoice);
  const preset = useApp((s) => s.preset);
  const changed = useApp((s) => s.changed);
  const { chooseEngine, choosePreset, setParam, resetParams } = useAppStore().getState();
  if (!choice || !engines) return <Empty title={en.engine.none} />;
  const changes = Object.keys(changed).length;
  return (
    <section aria-label={en.engine.title}>
      <div className="panel-head">
        <h2>{en.engine.title}</h2>
        <Pick
          label={en.engine.title}
          look="pick small"
          options={options(engines)}
          value={choice.id}
          onPick={chooseEngine}
        />
        <Segments label={en.engine.preset} options={presetOptions(choice)} value={preset} onPick={choosePreset} />
        <span className="soft small">{en.engine.changed(changes)}</span>
        <span className="grow" />
        <Btn look="quiet" small isDisabled={changes === 0} onPress={resetParams}>
          {en.engine.reset}
        </Btn>
      </div>
      <ParamForm table={choice.params} base={presetValues(choice, preset)} changed={changed} onParam={setParam} />
    </section>
  );
}

function HeadForm() {
  const heads = useApp((s) => valueOf(s.catalogue)?.heads ?? null);
  const choice = useApp(headChoice);
  const changed = useApp((s) => s.headChanged);
  const { chooseHead, setHeadParam, setHeadPreset } = useAppStore().getState();
  if (!choice || !heads) return null;
  const preset = presetOf(choice, changed);
  return (
    <section aria-label={en.engine.head}>
      <div className="panel-head">
        <h2>{en.engine.head}</h2>
        <Pick label={en.engine.head} look="pick small" options={options(heads)} value={choice.id} onPick={chooseHead} />
        <Segments label={en.engine.headPreset} options={presetOptions(choice)} value={preset} onPick={setHeadPreset} />
        <span className="soft small">{en.engine.changed(preset === null ? Object.keys(changed).length : 0)}</span>
      </div>
      <ParamForm table={choice.params} base={presetValues(choice, '')} changed={changed} onParam={setHeadParam} />
    </section>
  );
}

function SeedRow() {
  const seed = useApp((s) => s.seed);
  const { setSeed } = useAppStore().getState();
  return (
    <div className="param">
      <span className="param-label">{en.engine.seed}</span>
      <NumberInput
        label={en.engine.seed}
        value={seed}
        min={0}
        max={MAX_SEED}
        step={1}
        onValue={(value) => setSeed(Math.round(value))}
        describedBy="seed-help"
      />
      <span className="param-help" id="seed-help">
        {en.engine.seedHelp}
      </span>
    </div>
  );
}

function EstimatePart() {
  const asset = useApp(currentAsset);
  const estimate = useApp((s) => s.estimate);
  const isBusy = useApp((s) => s.run.is === 'running');
  const isSettled = useApp((s) => s.run.is !== 'running' && s.dataset.is === 'ready');
  const { askEstimate, goTo, startRun } = useAppStore().getState();
  // Asked by itself: the probe takes about a second and never blocks the page. A change of the form asks again.
  useEffect(() => {
    if (!isSettled || estimate.is !== 'none') return;
    const timer = setTimeout(() => void askEstimate(), 600);
    return () => clearTimeout(timer);
  }, [isSettled, estimate, askEstimate]);

  if (!asset)
    return (
      <Empty title={en.engine.noData} text={en.engine.noDataText}>
        <Btn onPress={() => goTo('data')}>{en.engine.toData}</Btn>
      </Empty>
    );
  const train = asset.train.end - asset.train.start;
  return (
    <section className="section">
      <h3>{en.engine.estimate}</h3>
      <p className="small soft">{en.engine.dataFacts(asset.sensors.length, asset.covariates.length, train)}</p>
      {estimate.is === 'ready' && (
        <>
          <dl className="estimate">
            <dt>{en.engine.time}</dt>
            <dd>{Number.isNaN(estimate.value.seconds) ? en.engine.noTime : duration(estimate.value.seconds * 1000)}</dd>
            <dt>{en.engine.memory}</dt>
            <dd>{en.engine.ofRoom(bytes(estimate.value.bytes), bytes(estimate.value.memory.available))}</dd>
            <dt>{en.engine.windows}</dt>
            <dd>{count(estimate.value.windows)}</dd>
          </dl>
          <p className="small hint">{en.engineText(estimate.value.note)}</p>
          <Refusal need={estimate.value.memory} />
        </>
      )}
      {estimate.is === 'failed' && <Wrong error={estimate.error} />}
      {(estimate.is === 'none' || estimate.is === 'loading') && <Skeleton lines={3} saying={en.engine.estimating} />}
      <p style={{ marginTop: 8 }}>
        <Btn kbd="R" isDisabled={isBusy} onPress={() => void startRun()}>
          {en.top.run}
        </Btn>
      </p>
    </section>
  );
}

/** Why a job does not fit, and a press for each change with which it would. */
function Refusal({ need }: { readonly need: MemoryNeed }) {
  const choice = useApp(engineChoice);
  const { setParam } = useAppStore().getState();
  const { refusal, smaller } = need;
  if (!refusal || !choice) return null;
  return (
    <Wrong error={refusal} safe={en.engine.asRunBefore}>
      {smaller.flatMap(Object.entries<Value>).map(([key, value]) => (
        <Btn key={key} small onPress={() => setParam(key, value)}>
          {en.engine.shrink(choice.params[key]?.label ?? key, String(value))}
        </Btn>
      ))}
    </Wrong>
  );
}

function Card({ find }: { readonly find: (state: AppState) => EngineChoice | null }) {
  const choice = useApp(find);
  if (!choice) return null;
  return (
    <section className="section">
      <h3>{en.engineText(choice.title)}</h3>
      <p>{en.engineText(choice.summary)}</p>
      <p className="small soft" style={{ margin: '6px 0' }}>
        {en.engine.paper}: {choice.cite}
        {choice.url !== '' && (
          <>
            {', '}
            <a href={choice.url} target="_blank" rel="noreferrer">
              {choice.url.replace(/^https?:\/\//, '')}
            </a>
          </>
        )}
      </p>
      <h3 className="section-title">{en.engine.deviations}</h3>
      {choice.deviations.length === 0 ? (
        <p className="small soft">{en.engine.noDeviations}</p>
      ) : (
        <ul className="bullets small soft">
          {choice.deviations.map((deviation) => (
            <li key={deviation}>{en.engineText(deviation)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
