import type { RolePlan, SourceReport, Split } from '../../../engine/data/types.ts';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { optionsOf, Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

const kinds = () => optionsOf({ layout: en.data.splitLayout, share: en.data.splitShare, step: en.data.splitStep });

function splitOf(kind: string, trainRows: number, rows: number): Split {
  if (kind === 'share') return { kind, share: rows > 0 ? Math.min(0.9, Math.max(0.1, trainRows / rows)) : 0.5 };
  if (kind === 'step') return { kind, step: trainRows };
  return { kind: 'layout' };
}

/** What trains and what is judged, and how stamps are read. */
export function SplitBar({ report }: { readonly report: SourceReport }) {
  const plan = useApp((s) => s.plan) ?? report.plan;
  const { changePlan } = useAppStore().getState();
  const train = report.assets.reduce((sum, asset) => sum + asset.trainRows, 0);
  const test = report.assets.reduce((sum, asset) => sum + asset.testRows, 0);
  const { split } = plan;
  return (
    <div className="split-bar">
      <label>
        {en.data.name}
        <TextField value={plan.name} width={150} onValue={(name) => changePlan({ name })} />
      </label>
      {report.classes === undefined && <SplitPick report={report} split={split} />}
      <span className="hint">{en.data.splitFacts(train, test)}</span>
      {report.clock.firstNs !== null && (
        <>
          <label>
            {en.data.zone}
            <TextField value={plan.zone} width={110} onValue={(zone) => changePlan({ zone })} />
          </label>
          <span className="inline-label">
            {en.data.dateOrder}
            <Pick
              label={en.data.dateOrder}
              look="pick small"
              options={optionsOf(en.data.dateOrders)}
              value={plan.dateOrder}
              onPick={(order) => changePlan({ dateOrder: order as RolePlan['dateOrder'] })}
            />
          </span>
        </>
      )}
    </div>
  );
}

type SplitPickProps = { readonly report: SourceReport; readonly split: Split };

function SplitPick({ report, split }: SplitPickProps) {
  const { changePlan } = useAppStore().getState();
  const [first] = report.assets;
  return (
    <span className="inline-label">
      {en.data.split}
      <Pick
        label={en.data.split}
        look="pick small"
        options={kinds()}
        value={split.kind}
        onPick={(kind) => changePlan({ split: splitOf(kind, first?.trainRows ?? 0, first?.rows ?? 0) })}
      />
      {split.kind === 'share' && (
        <>
          <NumberInput
            small
            label={en.data.splitShareInput}
            value={split.share * 100}
            min={1}
            max={99}
            step={1}
            onValue={(percent) => changePlan({ split: { kind: 'share', share: percent / 100 } })}
          />
          %
        </>
      )}
      {split.kind === 'step' && (
        <NumberInput
          small
          label={en.data.splitStepInput}
          value={split.step + 1}
          min={1}
          max={first?.rows ?? 1}
          step={1}
          onValue={(row) => changePlan({ split: { kind: 'step', step: Math.round(row) - 1 } })}
        />
      )}
    </span>
  );
}

type TextFieldProps = { readonly value: string; readonly width: number; readonly onValue: (value: string) => void };

/** Text taken when it is left or Enter is pressed, so that it is one step for undo. */
function TextField({ value, width, onValue }: TextFieldProps) {
  const commit = (text: string) => {
    if (text.trim() !== '' && text.trim() !== value) onValue(text.trim());
  };
  return (
    <input
      key={value}
      className="field small"
      style={{ width }}
      defaultValue={value}
      onBlur={(event) => commit(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(event.currentTarget.value);
      }}
    />
  );
}
