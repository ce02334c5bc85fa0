import { fixed, percent } from '../../../charts/format.ts';
import type { MetricChoice } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';
import type { Ahead, Cell } from '../../state/compareRows.ts';

const words = en.compare.table;

/** A value of a metric: shares in per cent, steps whole, all else with three decimals. */
export function metricText({ id }: Pick<MetricChoice, 'id'>, value: number): string {
  if (id.startsWith('flagged') || id === 'false-alarm-rate') return percent(value);
  return id === 'time-to-detect' ? fixed(value, 1) : fixed(value, 3);
}

type Props = {
  readonly choice: MetricChoice;
  readonly cell: Cell | null;
  /** Who does at least as well without a model, or with a simple one. */
  readonly ahead: Ahead | null;
  readonly isBest: boolean;
  readonly isLoading: boolean;
};

/** A metric of a run with where it comes from on hover. A trivial detector that wins it is named with its value. */
export function MetricCell({ choice, cell, ahead, isBest, isLoading }: Props) {
  if (!cell) return <span className="hint">{isLoading ? words.measuring : '–'}</span>;
  const rival = ahead && metricText(choice, ahead.value);
  const tip = ahead && rival !== null ? words.aheadTip(ahead.name, rival, en.engineText(choice.title)) : '';
  return (
    <span className="metric" title={[en.engineFacts(cell.provenance), tip].filter(Boolean).join('. ')}>
      {ahead && rival !== null && ahead.isTrivial && (
        <span className="beaten trivial">{words.ahead(words.brief[ahead.id] ?? ahead.name, rival)} ≥</span>
      )}
      {ahead && !ahead.isTrivial && (
        <span className="beaten" aria-hidden="true">
          ◂
        </span>
      )}
      {isBest ? <b>{metricText(choice, cell.value)}</b> : metricText(choice, cell.value)}
      {cell.deviation > 0 && <span className="hint"> ± {fixed(cell.deviation, 3)}</span>}
      {ahead && !ahead.isTrivial && <span className="visually-hidden">{tip}</span>}
    </span>
  );
}
