import type { ReactNode } from 'react';
import './charts.css';

export type LaneHeadProps = {
  readonly name: ReactNode;
  /** Small words after the name: "attention gap", "error², log". */
  readonly note?: ReactNode;
  /** Show the value (and the expected value) at the cross-hair in a second line. */
  readonly values?: 'none' | 'value' | 'value-and-expected';
  /** Show the ends of the value axis on the right. */
  readonly ends?: boolean;
  readonly strong?: boolean;
  readonly title?: string;
  /** Further lines, e.g. the rule of a threshold. */
  readonly children?: ReactNode;
};

/** The usual header of a lane: name, values at the cross-hair (ink observed, blue expected), ends of the axis. */
export function LaneHead({
  name,
  note,
  values = 'none',
  ends = false,
  strong,
  title,
  children,
}: LaneHeadProps): ReactNode {
  return (
    <div title={title}>
      <div className="tt-lane-name">
        <b className={strong ? 'tt-strong' : undefined}>{name}</b>
        {note === undefined ? null : <span className="tt-lane-note">{note}</span>}
        {ends ? <span className="tt-lane-end" data-lane-value="hi" /> : null}
      </div>
      {values === 'none' ? null : (
        <div className="tt-lane-values">
          <span data-lane-value="value" />
          {values === 'value-and-expected' ? <span className="tt-lane-expected" data-lane-value="expected" /> : null}
          {ends ? <span className="tt-lane-end" data-lane-value="lo" /> : null}
        </div>
      )}
      {children}
    </div>
  );
}
