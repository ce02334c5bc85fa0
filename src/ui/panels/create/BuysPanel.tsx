import { useMemo, useState } from 'react';
import { DotRange } from '../../../charts/DotRange.tsx';
import { Btn, Wrong } from '../../controls/Basics.tsx';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { Segments } from '../../controls/Pick.tsx';
import type { TrialRow } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';
import { assetOf } from '../../state/studioSlice.ts';
import type { F1Kind } from '../../state/kinds.ts';
import { TRIAL_SETTINGS, gainOf, trialLines, type Figure, type TrialLine } from '../../state/studioTrial.ts';
import { trialOf, type Trial, type TrialForm } from '../../state/studioTrialSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { Checks } from './Checks.tsx';
import { StudioProgress } from './StudioProgress.tsx';
import { useMaterialClock } from './useMaterialClock.ts';

const words = en.create.buys;

/** What generated windows do to detectors: a trial over seeds, as a table with dots. */
export function BuysPanel() {
  const trial = useApp(trialOf);
  const job = useApp((s) => s.studioJob);
  const hasRows = trial !== null && trial.rows.length > 0;
  const [isOpen, setOpen] = useState(!hasRows);
  const { runTrial } = useAppStore().getState();
  const start = (
    <StartButton
      onStart={() => {
        setOpen(false);
        void runTrial();
      }}
    />
  );
  return (
    <div className="buys">
      {job.is === 'running' && <StudioProgress what="trial" />}
      {job.is === 'failed' && job.what === 'trial' && <Wrong error={job.error}>{start}</Wrong>}
      <div className="buys-head small">
        {trial && hasRows ? (
          <View trial={trial} />
        ) : (
          <span className="soft clip-line" title={words.noneText}>
            <b>{words.none}</b> {words.noneText}
          </span>
        )}
        <span className="grow" />
        <Btn look="quiet" small aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {words.form}
        </Btn>
        {start}
      </div>
      {isOpen && <Form />}
      {trial && hasRows && <Results trial={trial} />}
    </div>
  );
}

const isWhole = ({ detectors, settings, splits }: TrialForm): boolean =>
  detectors.length > 0 && settings.length > 0 && splits.length > 0;

function StartButton({ onStart }: { readonly onStart: () => void }) {
  const form = useApp((s) => s.trialForm);
  const isBusy = useApp((s) => s.studioJob.is === 'running' || s.run.is === 'running');
  const isReady = useApp((s) => s.generatorId !== null);
  return (
    <Btn
      small
      isDisabled={!isWhole(form) || isBusy || !isReady}
      {...(!isWhole(form) && { tip: words.pick })}
      {...(isBusy && { tip: en.create.train.busy })}
      onPress={onStart}
    >
      {words.go}
    </Btn>
  );
}

/** Whole numbers of a trial and their ranges. */
const COUNTS = [
  { key: 'seeds', min: 1, max: 20, step: 1 },
  { key: 'epochs', min: 1, max: 1000, step: 1 },
  { key: 'windows', min: 20, max: 100_000, step: 50 },
] as const;

function Form() {
  const form = useApp((s) => s.trialForm);
  const choices = useApp((s) => valueOf(s.catalogue)?.studio ?? null);
  const { setTrialForm } = useAppStore().getState();
  if (!choices) return null;
  const named = (all: readonly { readonly id: string; readonly title: string }[]) =>
    all.map(({ id, title }) => ({ id, label: title }));
  return (
    <div className="trial-form">
      <Checks
        label={words.detectors}
        options={named(choices.detectors)}
        chosen={form.detectors}
        onChosen={(detectors) => setTrialForm({ detectors })}
      />
      <Checks
        label={words.makers}
        options={named(choices.makers)}
        chosen={form.makers}
        onChosen={(makers) => setTrialForm({ makers })}
      />
      <Checks
        label={words.settings}
        options={TRIAL_SETTINGS.map((id) => ({ id, label: `${id} ${words.heads[id] ?? ''}` }))}
        chosen={form.settings}
        onChosen={(settings) => setTrialForm({ settings })}
      />
      <Checks
        label={words.split}
        options={(['window', 'source'] as const).map((id) => ({ id, label: words.splits[id] }))}
        chosen={form.splits}
        onChosen={(ids) => setTrialForm({ splits: (['window', 'source'] as const).filter((id) => ids.includes(id)) })}
      />
      <div className="checks">
        {COUNTS.map(({ key, ...range }) => (
          <label key={key} className="inline-label small">
            {words[key]}
            <NumberInput
              small
              label={words[key]}
              value={form[key]}
              {...range}
              onValue={(count) => setTrialForm({ [key]: Math.round(count) })}
            />
          </label>
        ))}
      </div>
    </div>
  );
}

/** Which F1 is shown and of which split; what its threshold comes from. */
function View({ trial }: { readonly trial: Trial }) {
  const kind = useApp((s) => s.trialKind);
  const split = useApp((s) => shownSplit(trial, s.trialSplit));
  const { setTrialView } = useAppStore().getState();
  const clock = useMaterialClock(trial.material);
  const sensor = useApp((s) => assetOf(s, trial.material)?.sensors[trial.material.sensor]?.name ?? '');
  const splits = splitsOf(trial);
  return (
    <>
      <Segments
        label={words.kind}
        options={(['macroOracle', 'pooled', 'pooledOracle'] as const).map((id) => ({ id, label: words.kinds[id] }))}
        value={kind}
        onPick={(id) => setTrialView({ trialKind: kindOf(id) })}
      />
      {splits.length > 1 && (
        <Segments
          label={words.split}
          options={splits.map((id) => ({ id, label: words.splits[id] }))}
          value={split}
          onPick={(id) => setTrialView({ trialSplit: id === 'source' ? 'source' : 'window' })}
        />
      )}
      <span className={kind === 'pooled' ? 'chip' : 'chip oracle'}>{words.sources[kind]}</span>
      <span className="soft clip-line">
        {words.about(kind, trial.seeds, split)}; {words.of(sensor, clock.length(trial.material.window))}
      </span>
    </>
  );
}

const splitsOf = ({ rows }: Trial): TrialRow['split'][] => [...new Set(rows.map(({ split }) => split))];

function shownSplit(trial: Trial, chosen: TrialRow['split']): TrialRow['split'] {
  const splits = splitsOf(trial);
  return splits.includes(chosen) ? chosen : (splits[0] ?? 'window');
}

function Results({ trial }: { readonly trial: Trial }) {
  const kind = useApp((s) => s.trialKind);
  const split = useApp((s) => shownSplit(trial, s.trialSplit));
  const isRunning = useApp((s) => s.studioJob.is === 'running' && s.studioJob.what === 'trial');
  const lines = useMemo(() => trialLines(trial.rows, split, kind), [trial, split, kind]);
  const { better, of, mean } = gainOf(lines);
  return (
    <>
      <LinesTable lines={lines} isRunning={isRunning} settings={shownSettings(trial)} />
      <p className="small soft buys-verdict">
        {!isRunning && trial.rows.length < trial.of ? `${words.part(trial.rows.length, trial.of)} ` : ''}
        {words.verdict(better, of, mean)}
      </p>
    </>
  );
}

const kindOf = (id: string): F1Kind => (id === 'pooled' || id === 'pooledOracle' ? id : 'macroOracle');

/** Settings of which there are results; while it runs, at least the first two. */
const shownSettings = ({ rows }: Trial): readonly string[] =>
  TRIAL_SETTINGS.filter((setting, n) => n < 2 || rows.some((row) => row.setting === setting));

type LinesProps = {
  readonly lines: readonly TrialLine[];
  readonly settings: readonly string[];
  readonly isRunning: boolean;
};

function LinesTable({ lines, settings, isRunning }: LinesProps) {
  const choices = useApp((s) => valueOf(s.catalogue)?.studio ?? null);
  const title = (all: readonly { readonly id: string; readonly title: string }[] | undefined, id: string): string =>
    all?.find((one) => one.id === id)?.title ?? id;
  return (
    <table className="buys-table" aria-label={words.table}>
      <thead>
        <tr>
          <th scope="col">{words.detector}</th>
          {settings.map((setting) => (
            <th key={setting} scope="col" className="num" title={words.headTip}>
              {setting} <span className="hint">{words.heads[setting]}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ detector, maker, isFirst, figures, base }) => (
          <tr key={`${detector} ${maker ?? ''}`} data-follows={!isFirst || undefined}>
            <th scope="row">
              {isFirst && <b>{title(choices?.detectors, detector)}</b>}
              {maker !== null && <span className="hint">{words.with(title(choices?.makers, maker))}</span>}
            </th>
            {settings.map((setting) => (
              <td key={setting} className="num">
                {(setting !== 'TRTR' || isFirst) && (
                  <Cell
                    figure={figures[setting] ?? null}
                    base={setting === 'TRTR' ? null : base}
                    isRunning={isRunning}
                  />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ figure, base, isRunning }: { figure: Figure | null; base: Figure | null; isRunning: boolean }) {
  if (!figure)
    return (
      <span className="hint" {...(!isRunning && { title: words.noFigure })}>
        {isRunning ? words.waiting : '–'}
      </span>
    );
  const gain = base ? figure.mean - base.mean : null;
  return (
    <>
      <b>{figure.mean.toFixed(2)}</b> <span className="hint">{words.sd(figure.sd)}</span>
      {gain !== null && <span className={gain > 0 ? 'gain-of up' : 'gain-of'}>{words.gain(gain)}</span>}
      <DotRange mean={figure.mean} sd={figure.sd} base={base?.mean ?? null} />
    </>
  );
}
