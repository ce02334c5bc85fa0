import { useMemo } from 'react';
import { EChart } from '../../../charts/EChart.tsx';
import { lossCurves, lossTable } from '../../../charts/lossCurves.ts';
import { en } from '../../messages/en.ts';
import type { Losses as LossRecord } from '../../state/runSlice.ts';

type LossesProps = {
  readonly losses: readonly LossRecord[];
  readonly firstEpoch: number;
  readonly epochs: number;
  /** No epoch comes any more. */
  readonly isOver?: boolean;
};

/** One curve a loss term; a resumed run leaves the epochs before its checkpoint empty. */
export function Losses({ losses, firstEpoch, epochs, isOver = false }: LossesProps) {
  const input = useMemo(
    () => ({ history: [...Array.from({ length: firstEpoch - 1 }, () => ({})), ...losses], epochs }),
    [losses, firstEpoch, epochs],
  );
  if (losses.length === 0) return <p className="state hint">{isOver ? en.run.lossNone : en.run.lossEmpty}</p>;
  return <EChart input={input} option={lossCurves} table={lossTable} />;
}
