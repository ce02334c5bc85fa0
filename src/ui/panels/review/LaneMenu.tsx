import { useRef } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import type { AssetSummary } from '../../../workers/protocol.ts';
import { Btn, Skeleton } from '../../controls/Basics.tsx';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import type { ScaleChoice } from '../../state/arrangement.ts';
import { valueOf } from '../../state/types.ts';
import { useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';
import { sharedBy } from './laneScales.ts';

export type OpenLane = { readonly sensor: number; readonly button: HTMLElement };

type LaneMenuProps = OpenLane & {
  readonly datasetId: string;
  readonly asset: AssetSummary;
  readonly choice: ScaleChoice;
  readonly onChoice: (choice: ScaleChoice) => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onClose: () => void;
};

/** Value axis and place of one sensor's lane. */
export function LaneMenu({ sensor, button, datasetId, asset, choice, onChoice, onMove, onClose }: LaneMenuProps) {
  const engine = useEngine();
  const trigger = useRef(button);
  const stats = useAsk(`${datasetId}/${asset.name}/${sensor}`, () =>
    engine.trackStats({ datasetId, asset: asset.name }, null, [{ of: 'observed', index: sensor }]),
  );
  const whole = valueOf(stats)?.[0];
  const channel = asset.sensors[sensor];
  if (!channel) return null;
  const kind = typeof choice === 'object' ? 'fixed' : choice;
  const pick = (id: string) => {
    if (id === 'fixed') onChoice(whole ? { lo: whole.min, hi: whole.max } : choice);
    else onChoice(id === 'shared' ? 'shared' : 'own');
  };
  return (
    <Popover
      triggerRef={trigger}
      isOpen
      placement="bottom start"
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Dialog className="menu lane-menu" aria-label={en.review.lane.title(channel.name)}>
        <b>{channel.name}</b>
        <div className="hint small">{en.review.lane.axis}</div>
        {whole ? (
          <Segments
            label={en.review.lane.axis}
            options={[
              { id: 'own', label: en.review.lane.own },
              { id: 'shared', label: en.review.lane.shared(sharedBy(channel).title) },
              { id: 'fixed', label: en.review.lane.fixed },
            ]}
            value={kind}
            onPick={pick}
          />
        ) : (
          <Skeleton lines={1} saying={en.review.loading} />
        )}
        {typeof choice === 'object' && (
          <div className="inline-label">
            <NumberInput
              small
              label={en.review.lane.from}
              value={choice.lo}
              min={-Number.MAX_VALUE}
              max={choice.hi}
              step={(choice.hi - choice.lo) / 20}
              onValue={(lo) => onChoice({ ...choice, lo })}
            />
            –
            <NumberInput
              small
              label={en.review.lane.to}
              value={choice.hi}
              min={choice.lo}
              max={Number.MAX_VALUE}
              step={(choice.hi - choice.lo) / 20}
              onValue={(hi) => onChoice({ ...choice, hi })}
            />
            <span className="hint">{channel.unit}</span>
          </div>
        )}
        <div className="hint small">{en.review.lane.place}</div>
        <div className="inline-label">
          <Btn small onPress={() => onMove(-1)}>
            {en.review.lane.up}
          </Btn>
          <Btn small onPress={() => onMove(1)}>
            {en.review.lane.down}
          </Btn>
          <span className="hint">{en.review.lane.drag}</span>
        </div>
      </Dialog>
    </Popover>
  );
}
