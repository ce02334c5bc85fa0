import { useMemo } from 'react';
import type { ColumnInfo, Role } from '../../../engine/data/types.ts';

const W = 128;
const H = 24;
const PARTS = 60;

type Paths = { readonly line: string; readonly gaps: readonly { readonly from: number; readonly to: number }[] };

/** A vertical stroke from minimum to maximum in each of 60 parts, joined; nothing is drawn where nothing was read. */
function pathsOf({ spark, min, max }: ColumnInfo): Paths {
  // Divided before they are subtracted: the range of the largest doubles is not a double.
  const scale = Math.max(Math.abs(min), Math.abs(max)) || 1;
  const range = max / scale - min / scale || 1;
  const y = (value: number) => H - 3 - ((value / scale - min / scale) / range) * (H - 6);
  let line = '';
  let isDown = false;
  const gaps: { from: number; to: number }[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    const lo = spark[2 * part] ?? NaN;
    const hi = spark[2 * part + 1] ?? NaN;
    const x = ((part + 0.5) / PARTS) * W;
    if (Number.isNaN(lo) || Number.isNaN(hi)) {
      const last = gaps.at(-1);
      if (last?.to === part) last.to = part + 1;
      else gaps.push({ from: part, to: part + 1 });
      isDown = false;
      continue;
    }
    line += `${isDown ? 'L' : 'M'}${x.toFixed(1)} ${y(lo).toFixed(1)}L${x.toFixed(1)} ${y(hi).toFixed(1)}`;
    isDown = true;
  }
  return { line, gaps };
}

const STROKE: Readonly<Record<Role, string>> = {
  time: 'var(--ink-3)',
  sensor: 'var(--observed)',
  covariate: 'var(--covariate)',
  label: 'var(--event)',
  ignore: 'var(--ink-4)',
};

/** The whole column as a thumbnail; empty parts as dashed frames. */
export function Spark({ info, role }: { readonly info: ColumnInfo; readonly role: Role }) {
  const { line, gaps } = useMemo(() => pathsOf(info), [info]);
  if (info.type === 'timestamp') return <span className="hint">–</span>;
  return (
    <svg className="spark" width={W} height={H} aria-hidden="true">
      <path d={line} fill="none" stroke={STROKE[role]} strokeWidth="1" strokeLinejoin="round" />
      {gaps.map(({ from, to }) => (
        <rect
          key={from}
          x={(from / PARTS) * W}
          y="4.5"
          width={((to - from) / PARTS) * W}
          height={H - 9}
          fill="none"
          stroke="var(--event)"
          strokeDasharray="2 2"
        />
      ))}
    </svg>
  );
}
