import { lazy, Suspense, useMemo } from 'react';
import type { Material, MaterialInfo } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { ParamForm } from '../../controls/ParamForm.tsx';
import { Pick, Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { presetValues } from '../../state/setupSlice.ts';
import { assetOf, chosenGenerator } from '../../state/studioSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { StudioProgress } from './StudioProgress.tsx';

/** Its chart library is fetched when there are losses to draw. */
const Losses = lazy(() => import('../run/Losses.tsx').then((m) => ({ default: m.Losses })));

const words = en.create.train;
const MAX_SEED = 2 ** 31 - 1;
/** With fewer anomalous windows than this the page warns: the paper's smallest set has about as many. */
const FEW = 20;

/** A new generator: its windows and settings on the left, what it would learn from and how training goes on the right. */
export function TrainPanel() {
  const material = useApp((s) => s.material);
  if (!material) return <Skeleton lines={8} saying={en.create.page.loading} />;
  return (
    <div className="form-page">
      <div className="page-scroll">
        <div className="panel-head">
          <h2>{words.title}</h2>
          <span className="soft small clip-line">{words.text}</span>
        </div>
        <MaterialForm material={material} />
        <RecipeForm />
      </div>
      <aside className="form-side page-scroll">
        <Counts material={material} />
        <Training />
      </aside>
    </div>
  );
}

function MaterialForm({ material }: { readonly material: Material }) {
  const assets = useApp((s) => valueOf(s.dataset)?.assets ?? NO_ASSETS);
  const asset = useApp((s) => assetOf(s, material));
  const { setMaterial } = useAppStore().getState();
  const most = Math.max(8, asset?.T ?? material.window);
  return (
    <fieldset className="params">
      <legend>{words.windows}</legend>
      {assets.length > 1 && (
        <Row label={words.asset}>
          <Pick
            label={words.asset}
            options={assets.map(({ name }) => ({ id: name, label: name }))}
            value={material.data.asset}
            onPick={(name) => setMaterial({ data: { ...material.data, asset: name } })}
          />
        </Row>
      )}
      <Row label={words.sensor} help={words.sensorHelp}>
        <Pick
          label={words.sensor}
          options={(asset?.sensors ?? []).map(({ name, system }, n) => ({
            id: String(n),
            label: name,
            ...(system !== '' && { note: system }),
          }))}
          value={String(material.sensor)}
          onPick={(id) => setMaterial({ sensor: Number(id) })}
        />
      </Row>
      <Row label={words.length} help={words.lengthHelp}>
        <NumberInput
          label={words.length}
          value={material.window}
          min={8}
          max={Math.min(2048, most)}
          step={1}
          onValue={(value) => setMaterial({ window: Math.round(value) })}
        />
      </Row>
      <Row label={words.stride} help={words.strideHelp}>
        <NumberInput
          label={words.stride}
          value={material.stride}
          min={1}
          max={most}
          step={1}
          onValue={(value) => setMaterial({ stride: Math.round(value) })}
        />
      </Row>
      <Row label={words.labels} help={words.labelsHelp}>
        <Segments
          label={words.labels}
          options={(['file', 'mine', 'both'] as const).map((id) => ({ id, label: words.labelKinds[id] }))}
          value={material.labels}
          onPick={(id) => setMaterial({ labels: id === 'mine' || id === 'both' ? id : 'file' })}
        />
      </Row>
    </fieldset>
  );
}
const NO_ASSETS = [] as const;

function Row({ label, help, children }: { label: string; help?: string; children: React.ReactNode }) {
  return (
    <div className="param">
      <span className="param-label">{label}</span>
      <span className="param-input">{children}</span>
      <span className="param-help">{help}</span>
    </div>
  );
}

function RecipeForm() {
  const choice = useApp((s) => valueOf(s.catalogue)?.studio.generator ?? null);
  const recipe = useApp((s) => s.recipe);
  const { setRecipe, setRecipeParam } = useAppStore().getState();
  if (!choice) return null;
  const changes = Object.keys(recipe.changed).length;
  return (
    <section aria-label={words.recipe}>
      <div className="panel-head">
        <h2>{choice.title}</h2>
        <Segments
          label={words.preset}
          options={Object.keys(choice.presets).map((id) => ({ id, label: en.engine.presets[id] ?? id }))}
          value={recipe.preset}
          onPick={(preset) => setRecipe({ preset, changed: {} })}
        />
        <span className="soft small">{en.engine.changed(changes)}</span>
        <span className="grow" />
        <Btn look="quiet" small isDisabled={changes === 0} onPress={() => setRecipe({ changed: {} })}>
          {en.engine.reset}
        </Btn>
      </div>
      <ParamForm
        table={choice.params}
        base={presetValues(choice, recipe.preset)}
        changed={recipe.changed}
        onParam={setRecipeParam}
      />
      <Row label={words.seed} help={words.seedHelp}>
        <NumberInput
          label={words.seed}
          value={recipe.seed}
          min={0}
          max={MAX_SEED}
          step={1}
          onValue={(seed) => setRecipe({ seed: Math.round(seed) })}
        />
      </Row>
    </section>
  );
}

function Counts({ material }: { readonly material: Material }) {
  const info = useApp((s) => s.materialInfo);
  const unit = useApp((s) => assetOf(s, material)?.sensors[material.sensor]?.unit ?? '');
  return (
    <section className="section">
      <h3>{words.counts}</h3>
      {info.is === 'failed' && <Wrong error={info.error} />}
      {(info.is === 'loading' || info.is === 'none') && <Skeleton lines={2} saying={words.counting} />}
      {info.is === 'ready' && <Counted info={info.value} unit={unit} />}
    </section>
  );
}

function Counted({ info, unit }: { readonly info: MaterialInfo; readonly unit: string }) {
  const { windows, normal, anomalous, min, max } = info;
  const share = (n: number): string => `${(n / Math.max(1, windows)) * 100}%`;
  return (
    <>
      <div className="window-bar" aria-hidden="true">
        <i className="normal" style={{ width: share(normal) }} />
        <i className="anomalous" style={{ width: share(anomalous) }} />
      </div>
      <p className="between small" data-testid="window-counts">
        <span>{words.normal(normal)}</span>
        <span className="anomalous">{words.anomalous(anomalous)}</span>
      </p>
      <p className="small hint">{words.valueRange(min, max, unit)}</p>
      {anomalous === 0 && <p className="small note-line">{words.noAnomalous}</p>}
      {normal === 0 && <p className="small note-line">{words.noNormal}</p>}
      {anomalous > 0 && anomalous < FEW && <p className="small soft note-line">{words.few(anomalous)}</p>}
    </>
  );
}

function Training() {
  const job = useApp((s) => s.studioJob);
  const generator = useApp(chosenGenerator);
  const canTrain = useApp((s) => {
    const info = valueOf(s.materialInfo);
    return info !== null && info.normal > 0 && info.anomalous > 0;
  });
  const isBusy = useApp((s) => s.run.is === 'running');
  const noAnomalous = useApp((s) => valueOf(s.materialInfo)?.anomalous === 0);
  const { trainGenerator, goTo } = useAppStore().getState();
  const isRunning = job.is === 'running';
  return (
    <>
      <section className="section">
        {isRunning ? (
          <StudioProgress what="train" />
        ) : (
          <p className="actions">
            <Btn
              look="primary"
              kbd="R"
              isDisabled={!canTrain || isBusy}
              {...(isBusy && { tip: words.busy })}
              onPress={() => void trainGenerator()}
            >
              {job.is === 'failed' || job.is === 'cancelled' ? words.again : words.go}
            </Btn>
            {noAnomalous && <Btn onPress={() => goTo('review')}>{words.toLabel}</Btn>}
          </p>
        )}
        {job.is === 'cancelled' && job.what === 'train' && <Empty title={words.cancelled} text={words.cancelledText} />}
        {job.is === 'failed' && job.what === 'train' && <Wrong error={job.error} />}
      </section>
      {isRunning && job.what === 'train' ? (
        <LossChart title={words.losses} losses={job.losses} firstEpoch={job.firstEpoch} epochs={job.epochs} />
      ) : (
        generator && (
          <>
            {generator.history.normal.length > 0 && (
              <LossChart
                title={words.step1}
                note={words.lossesOf(generator.name)}
                losses={generator.history.normal}
                firstEpoch={1}
                epochs={generator.history.normal.length}
              />
            )}
            {generator.history.anomalous.length > 0 && (
              <LossChart
                title={words.step2}
                note={words.lossesOf(generator.name)}
                losses={generator.history.anomalous}
                firstEpoch={1}
                epochs={generator.history.anomalous.length}
              />
            )}
          </>
        )
      )}
    </>
  );
}

type LossProps = {
  readonly title: string;
  readonly note?: string;
  readonly losses: readonly Readonly<Record<string, number>>[];
  readonly firstEpoch: number;
  readonly epochs: number;
};

/** Sums are left out: their terms stand beside each other, each on an axis of its own. */
const isSum = (key: string): boolean => /^step \d/.test(key);

function LossChart({ title, note, losses, firstEpoch, epochs }: LossProps) {
  const terms = useMemo(
    () => losses.map((record) => Object.fromEntries(Object.entries(record).filter(([key]) => !isSum(key)))),
    [losses],
  );
  return (
    <section className="section studio-losses">
      <h3>
        {title}
        <span>{note ?? en.create.job.epoch(losses.length, epochs)}</span>
      </h3>
      <div className="plot">
        <Suspense fallback={<Skeleton saying={en.loadingPanel} />}>
          <Losses losses={terms} firstEpoch={firstEpoch} epochs={epochs} />
        </Suspense>
      </div>
    </section>
  );
}
