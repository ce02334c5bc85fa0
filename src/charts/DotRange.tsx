import type { ReactNode } from 'react';
import './charts.css';

/** A mean with its deviation on a line from 0 to 1; the figures stand beside it in words. */
export function DotRange({ mean, sd, base }: { mean: number; sd: number; base: number | null }): ReactNode {
  const percent = (value: number): string => `${Math.min(1, Math.max(0, value)) * 100}%`;
  return (
    <span className="tt-dot-range" aria-hidden="true">
      {base !== null && <i className="tt-dot-base" style={{ left: percent(base) }} />}
      <i
        className="tt-dot-span"
        style={{ left: percent(mean - sd), width: `calc(${percent(mean + sd)} - ${percent(mean - sd)})` }}
      />
      <i className="tt-dot-mean" style={{ left: percent(mean) }} />
    </span>
  );
}
