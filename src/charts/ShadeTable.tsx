import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { ChartSave } from './ChartSave.tsx';
import { RampLegend } from './HeatMap.tsx';
import { onThemeChange, theme } from './theme.ts';
import type { Theme } from './theme.ts';
import './charts.css';

export type ShadeCell = { readonly share: number; readonly text: string; readonly tip: string };

export type ShadeTableProps = {
  readonly label: string;
  readonly corner: string;
  readonly legend: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly title: string; readonly cells: readonly ShadeCell[] }[];
};

/** Ground and ink of a share from 0 to 1: the ramp of amounts, with whichever of black and white reads better on it. */
function look(share: number, { seq }: Theme): { background: string; color: string } | undefined {
  if (!Number.isFinite(share)) return undefined;
  const at = Math.round(Math.min(1, Math.max(0, share)) * 255) * 4;
  const [r, g, b] = [seq[at]!, seq[at + 1]!, seq[at + 2]!];
  const linear = (channel: number): number => (channel / 255) ** 2.2;
  const bright = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return { background: `rgb(${r}, ${g}, ${b})`, color: bright > 0.18 ? '#000' : '#fff' };
}

/** Shares by two settings: a table whose cells are shaded, with its numbers in them. */
export function ShadeTable({ label, corner, legend, columns, rows }: ShadeTableProps): ReactNode {
  const [at, setAt] = useState(theme);
  useEffect(() => onThemeChange(() => setAt(theme())), []);
  return (
    <figure className="tt-shade-figure">
      <table className="tt-shades" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map((column) => (
              <th key={column} scope="col" className="num">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, cells }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {cells.map(({ share, text, tip }, n) => (
                <td key={n} className="num" style={look(share, at)} title={tip}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="tt-shades-legend">
        {legend} <RampLegend from="0" to="1" />
      </p>
      <ChartSave title={label} />
    </figure>
  );
}
