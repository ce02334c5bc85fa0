import type { ReactNode } from 'react';
import type { AnyValues } from '../../../engine/params.ts';
import type { Catalogue } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { ParamForm } from '../../controls/ParamForm.tsx';
import { Pick, Segments } from '../../controls/Pick.tsx';
import { askedPart } from '../../state/labelRounds.ts';
import { currentAsset } from '../../state/select.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { poolText } from './poolText.ts';

const PARTS = [0.1, 0.2, 0.3, 0.4, 1] as const;

/** How questions are chosen and how answers are learnt; a change counts from the next round on. */
export function SettingsTab() {
  const catalogue = useApp((s) => valueOf(s.catalogue));
  const settings = useApp((s) => s.teachSettings);
  const asset = useApp(currentAsset);
  const { setFeedbackParam, setStrategyParam, setTeachSetting } = useAppStore().getState();
  if (!catalogue) return null;
  const strategy = catalogue.strategies.find(({ id }) => id === settings.strategy);
  const words = en.label.settings;
  const preset = presetLike(catalogue, settings.feedback);
  return (
    <div className="label-settings">
      <section className="section">
        <h3>{words.asking}</h3>
        <fieldset className="params">
          <Row label={words.strategy} help={en.engineText(strategy?.summary ?? '')}>
            <Pick
              label={words.strategy}
              options={catalogue.strategies.map(({ id, title, summary }) => ({
                id,
                label: en.engineText(title),
                note: en.engineText(summary),
              }))}
              value={settings.strategy}
              onPick={(id) => setTeachSetting({ strategy: id, strategyParams: {} })}
            />
          </Row>
          <Row label={words.score} help={words.scoreHelp}>
            <Pick
              label={words.score}
              options={[
                { id: 'error', label: words.scores.error },
                { id: 'run', label: words.scores.run },
              ]}
              value={settings.strategy === 'uncertain' ? 'run' : settings.score}
              isDisabled={settings.strategy === 'uncertain'}
              onPick={(id) => setTeachSetting({ score: id === 'run' ? 'run' : 'error' })}
            />
          </Row>
          <NumberRow
            label={words.window}
            help={words.windowHelp}
            unit={words.steps}
            value={settings.window}
            min={2}
            max={10_000}
            onValue={(window) => setTeachSetting({ window: Math.round(window) })}
          />
          <NumberRow
            label={words.budget}
            help={words.budgetHelp}
            unit={words.windows}
            value={settings.budget}
            min={1}
            max={1000}
            onValue={(budget) => setTeachSetting({ budget: Math.round(budget) })}
          />
          <Row label={words.pool} help={words.poolHelp}>
            <Pick
              label={words.pool}
              options={[
                {
                  id: 'auto',
                  label: words.poolAuto,
                  ...(asset && { note: poolText(askedPart({ part: 'auto' }, asset)) }),
                },
                ...PARTS.map((part) => ({ id: String(part), label: poolText(part) })),
                { id: 'all', label: poolText('all') },
              ]}
              value={String(settings.part)}
              onPick={(id) => setTeachSetting({ part: id === 'all' || id === 'auto' ? id : Number(id) })}
            />
          </Row>
          <NumberRow
            label={words.seed}
            help={words.seedHelp}
            unit=""
            value={settings.seed}
            min={0}
            max={999_999_999}
            onValue={(seed) => setTeachSetting({ seed: Math.round(seed) })}
          />
        </fieldset>
        {strategy && (
          <ParamForm table={strategy.params} base={{}} changed={settings.strategyParams} onParam={setStrategyParam} />
        )}
      </section>
      <section className="section last">
        <h3>{words.feedback}</h3>
        <fieldset className="params">
          <Row label={words.preset} help={words.presetHelp}>
            <Segments
              label={words.preset}
              options={Object.keys(catalogue.feedbackPresets).map((id) => ({ id, label: words.presets[id] ?? id }))}
              value={preset}
              onPick={(id) => setTeachSetting({ feedback: catalogue.feedbackPresets[id] ?? {} })}
            />
            {preset === null && <span className="hint small">{words.presetNone}</span>}
          </Row>
        </fieldset>
        <ParamForm table={catalogue.feedback} base={{}} changed={settings.feedback} onParam={setFeedbackParam} />
      </section>
    </div>
  );
}

/** The preset that these settings amount to; null where a person has changed something else. */
function presetLike({ feedback, feedbackPresets }: Catalogue, changed: AnyValues): string | null {
  const isLike = (preset: AnyValues) =>
    Object.entries(feedback).every(
      ([key, param]) => (preset[key] ?? param.default) === (changed[key] ?? param.default),
    );
  return Object.entries(feedbackPresets).find(([, preset]) => isLike(preset))?.[0] ?? null;
}

type RowProps = { readonly label: string; readonly help: string; readonly children: ReactNode };

function Row({ label, help, children }: RowProps) {
  return (
    <div className="param">
      <span className="param-label">{label}</span>
      <span className="param-input">{children}</span>
      <span className="param-help">{help}</span>
    </div>
  );
}

type NumberRowProps = {
  readonly label: string;
  readonly help: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onValue: (value: number) => void;
};

function NumberRow({ label, help, unit, value, min, max, onValue }: NumberRowProps) {
  return (
    <Row label={label} help={`${help} ${en.range(min, max)}`}>
      <NumberInput label={label} value={value} min={min} max={max} step={1} onValue={onValue} />
      {unit !== '' && <span className="hint small">{unit}</span>}
    </Row>
  );
}
