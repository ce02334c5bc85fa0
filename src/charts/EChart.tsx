import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { EChartsOption } from 'echarts';
import { init } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { onThemeChange, theme } from './theme.ts';
import type { Theme } from './theme.ts';
import { inTurn } from './turns.ts';
import { ChartSave } from './ChartSave.tsx';
import { TableTwin } from './TableTwin.tsx';
import './charts.css';

export type EChartProps<Input> = {
  readonly input: Input;
  /** Pure: the same input and theme give the same picture. Keep the function identical between renders. */
  readonly option: (input: Input, theme: Theme) => EChartsOption;
  /** The chart in numbers, read by those who do not see it. */
  readonly table: (input: Input) => ChartTable;
  /** Height in pixels; the width is that of the panel. The parent's height when absent. */
  readonly height?: number;
};

/** The only owner of an ECharts instance: makes it, feeds it, resizes it and takes it down. */
export function EChart<Input>({ input, option, table, height }: EChartProps<Input>): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const at = box.current!;
    let chart: ReturnType<typeof init> | null = null;
    /** The size last drawn at. */
    let drawn = '';
    const sizeNow = (): string => `${at.clientWidth} ${at.clientHeight}`;
    const draw = (): void => {
      drawn = sizeNow();
      chart?.setOption(option(input, theme()), { notMerge: true });
      // Painted in a task of its own: in the next frame, all charts of a page would be painted in one.
      giveUp = inTurn(() => chart?.getZr().flush());
    };
    let giveUp = inTurn(() => {
      chart = init(at, null, { renderer: 'svg' });
      giveUp = inTurn(draw);
    });
    const stopTheme = onThemeChange(draw);
    const measure = new ResizeObserver(() => {
      if (chart && drawn !== '' && sizeNow() !== drawn) {
        drawn = sizeNow();
        chart.resize();
      }
    });
    measure.observe(at);
    return () => {
      giveUp();
      measure.disconnect();
      stopTheme();
      chart?.dispose();
    };
  }, [input, option]);
  const numbers = table(input);
  return (
    <figure className="tt-chart" style={height === undefined ? undefined : { height }}>
      <div ref={box} className="tt-chart-box" aria-hidden="true" />
      <TableTwin table={numbers} />
      <ChartSave title={numbers.caption} />
    </figure>
  );
}
