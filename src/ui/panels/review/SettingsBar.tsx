import { percent, num } from '../../../charts/format.ts';
import type { EventSettings, RunEvents } from '../../../workers/protocol.ts';
import { Btn } from '../../controls/Basics.tsx';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { optionsOf, Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { shownSettings } from '../../state/resultsSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { RuleNumbers, takesNumber } from './RuleNumbers.tsx';

const MAX_STEPS = 100_000;
/** Rules that read the labels. */
const ORACLES: ReadonlySet<string> = new Set(['best-f1', 'vtt-grid']);

/** Everything that turns a score into events, in sight, with its effect shown before it is kept. */
export function SettingsBar() {
  const settings = useApp(shownSettings);
  const kept = useApp((s) => valueOf(s.current)?.result ?? null);
  const preview = useApp((s) => s.preview);
  const hasLabels = useApp((s) => (valueOf(s.current)?.metrics.length ?? 0) > 0);
  const { previewSettings, dropPreview, commitSettings } = useAppStore().getState();
  if (!settings || !kept) return null;
  const change = (part: Partial<EventSettings>) => previewSettings({ ...settings, ...part });
  const rules = optionsOf(en.settings.rules).filter(({ id }) => hasLabels || !ORACLES.has(id));
  const shown = preview?.events ?? kept;
  return (
    <div className="settings-bar" role="group" aria-label={en.settings.title}>
      <span className="inline-label">
        {en.settings.rule}
        <Pick
          label={en.settings.rule}
          look="pick small"
          options={rules}
          value={settings.rule}
          onPick={(rule) => change({ rule, manual: settings.manual ?? kept.threshold.value })}
        />
      </span>
      {takesNumber(settings.rule) ? (
        <RuleNumbers
          rule={settings.rule}
          settings={settings}
          threshold={shown.threshold.value}
          onChange={change}
          live
        />
      ) : (
        <span className="hint">{num(shown.threshold.value, 4)}</span>
      )}
      <Steps
        label={en.settings.padding}
        help={en.settings.paddingHelp}
        value={settings.padding}
        onValue={(padding) => change({ padding })}
      />
      <Steps
        label={en.settings.mergeGap}
        help={en.settings.mergeGapHelp}
        value={settings.mergeGap}
        onValue={(mergeGap) => change({ mergeGap })}
      />
      <Steps
        label={en.settings.minLength}
        help={en.settings.minLengthHelp}
        value={settings.minLength}
        onValue={(minLength) => change({ minLength })}
      />
      <Steps
        label={en.settings.spacing}
        help={en.settings.spacingHelp}
        value={settings.spacing ?? 0}
        onValue={(spacing) => change({ spacing })}
      />
      <span className="inline-label">
        {en.settings.attribution}
        <Pick
          label={en.settings.attribution}
          look="pick small"
          options={optionsOf(en.settings.attributions)}
          value={settings.attribution}
          onPick={(id) => change({ attribution: id === 'p' ? 'p' : 'error' })}
        />
      </span>
      <span className="verdict">
        {preview ? (
          <>
            <b role="status">
              {preview.events ? en.settings.preview(preview.events.events.length, kept.events.length) : '…'}
            </b>
            <Btn small onPress={() => void commitSettings(settings)}>
              {en.settings.keep}
            </Btn>
            <Btn small look="quiet" kbd="Esc" onPress={dropPreview}>
              {en.settings.drop}
            </Btn>
          </>
        ) : (
          <span
            className="hint"
            title={en.settings.flagged(
              percent(shown.flaggedShare),
              percent(shown.paddedShare),
              percent(shown.trainFlaggedShare),
            )}
          >
            {en.settings.flaggedShort(percent(shown.flaggedShare), percent(shown.trainFlaggedShare))}
            {drifted(shown) && <b> · {en.settings.drifted}</b>}
          </span>
        )}
      </span>
    </div>
  );
}

/** So much more is flagged than in training that the machine has changed rather than failed. */
const drifted = ({ flaggedShare, trainFlaggedShare }: RunEvents): boolean =>
  flaggedShare > 0.1 && flaggedShare > 10 * trainFlaggedShare;

type StepsProps = {
  readonly label: string;
  readonly help: string;
  readonly value: number;
  readonly onValue: (value: number) => void;
};

function Steps({ label, help, value, onValue }: StepsProps) {
  return (
    <span className="inline-label" title={help}>
      {label}
      <NumberInput
        small
        live
        label={`${label}, ${en.settings.steps}`}
        value={value}
        min={0}
        max={MAX_STEPS}
        step={1}
        onValue={(steps) => onValue(Math.round(steps))}
      />
    </span>
  );
}
