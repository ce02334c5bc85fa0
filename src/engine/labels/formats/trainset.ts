/** TRAINSET's long table: one line for each sensor and observed step, with the verdict of that sensor there. */
import { csvText } from '../../data/csvOut.ts';
import type { OutCell } from '../../data/csvOut.ts';
import { stampOf } from '../../exports.ts';
import { ANOMALOUS, sensorsIn, stepLabels, UNKNOWN } from '../steps.ts';
import type { LabelFormat } from './format.ts';
import { needTimes } from './moments.ts';
import { readAs } from './ranges.ts';

export const trainset: LabelFormat = {
  id: 'trainset',
  title: 'TRAINSET CSV',
  about:
    'One line a sensor and observed step with its verdict. By step, so both ends are inclusive; no authors or notes, and "unsure" is lost.',
  bounds: 'by row',
  extension: 'csv',
  write(labels, series) {
    needTimes(series, 'TRAINSET');
    const { sensors, columns, clock, T } = series;
    const lines: OutCell[][] = [['series', 'timestamp', 'value', 'label']];
    sensors.forEach((sensor, s) => {
      const own = labels.filter(({ scope }) => sensorsIn(scope, sensors).includes(s));
      const code_T = stepLabels(own, { T, sensors: [sensor] });
      for (let t = 0; t < T; t++) {
        const value = columns[s][t];
        if (Number.isNaN(value)) continue;
        const word = code_T[t] === UNKNOWN ? '' : code_T[t] === ANOMALOUS ? 'anomalous' : 'normal';
        lines.push([sensor.name, stampOf(clock, t), value, word]);
      }
    });
    return csvText(lines);
  },
  read: readAs('TRAINSET'),
};
