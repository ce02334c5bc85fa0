import { useMemo } from 'react';
import { num } from '../../../charts/format.ts';
import { en } from '../../messages/en.ts';
import type { Losses } from '../../state/runSlice.ts';

const W = 640;
const H = 220;
const LEFT = 56;
const BOTTOM = 24;
const PAD = 12;
/** Second sign of each curve besides its place in the legend. */
const DASHES = ['', '5 3', '1.5 3', '8 3 1.5 3'];

type Scale = { readonly x: (epoch: number) => number; readonly y: (loss: number) => number; readonly ticks: number[] };

function scaleOf(values: readonly number[], first: number, last: number): Scale {
  const positive = values.filter((value) => value > 0);
  const lo = Math.min(...positive);
  const hi = Math.max(...positive);
  const [a, b] = hi > lo ? [Math.log10(lo), Math.log10(hi)] : [Math.log10(lo) - 0.5, Math.log10(lo) + 0.5];
  const y = (loss: number) => PAD + ((b - Math.log10(Math.max(loss, lo))) / (b - a)) * (H - BOTTOM - 2 * PAD);
  const x = (epoch: number) => LEFT + ((epoch - first) / Math.max(1, last - first)) * (W - LEFT - PAD);
  return { x, y, ticks: [0, 1, 2, 3].map((i) => 10 ** (a + ((b - a) * i) / 3)) };
}

type LossCurvesProps = {
  readonly losses: readonly Losses[];
  readonly firstEpoch: number;
  /** Epochs planned: the axis keeps its length while the curve grows. */
  readonly epochs: number;
};

/** One curve a loss term on a log scale, as many points as finished epochs. */
export function LossCurves({ losses, firstEpoch, epochs }: LossCurvesProps) {
  const names = useMemo(() => [...new Set(losses.flatMap((entry) => Object.keys(entry)))], [losses]);
  const values = losses.flatMap((entry) => Object.values(entry)).filter((value) => Number.isFinite(value));
  if (!values.some((value) => value > 0)) return <p className="state hint">{en.run.lossEmpty}</p>;
  const last = Math.max(epochs, firstEpoch + losses.length - 1, firstEpoch + 1);
  const { x, y, ticks } = scaleOf(values, firstEpoch, last);
  return (
    <figure className="loss">
      <div className="legend">
        {names.map((name, i) => (
          <span key={name}>
            <svg width="20" height="8" aria-hidden="true">
              <path
                d="M0 4h20"
                stroke="var(--observed)"
                strokeWidth="1.5"
                strokeDasharray={DASHES[i % DASHES.length]}
              />
            </svg>
            {name} <b>{num(losses.at(-1)?.[name] ?? NaN)}</b>
          </span>
        ))}
      </div>
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`${en.run.losses}: ${names.join(', ')}`}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={W - PAD} y1={y(tick)} y2={y(tick)} stroke="var(--grid)" />
            <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
              {num(tick, 2)}
            </text>
          </g>
        ))}
        <text x={LEFT} y={H - 6}>
          {firstEpoch}
        </text>
        <text x={W - PAD} y={H - 6} textAnchor="end">
          {en.run.epochAxis} {last}
        </text>
        {names.map((name, i) => (
          <g key={name}>
            <polyline
              fill="none"
              stroke="var(--observed)"
              strokeWidth="1.4"
              strokeDasharray={DASHES[i % DASHES.length]}
              points={losses
                .flatMap((entry, k) => {
                  const value = entry[name];
                  return value !== undefined && value > 0 ? [`${x(firstEpoch + k)},${y(value)}`] : [];
                })
                .join(' ')}
            />
            {losses.length === 1 && (
              <circle cx={x(firstEpoch)} cy={y(losses[0]?.[name] ?? NaN)} r="2.5" fill="var(--observed)" />
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}
