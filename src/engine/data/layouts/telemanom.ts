import { cellText, type Cells } from '../table.ts';
import { asset, draft, fileName, joined, leftOver, tables, type Hint, type Layout, type TableFile } from './draft.ts';
import { pairAsset, pairs, usedPaths } from './parts.ts';
import { EngineError } from '../../errors.ts';
import { rowAt } from '../labels.ts';

/**
 * telemanom (Hundman et al. 2018), the SMAP and MSL channels: train/CHANNEL.npy, test/CHANNEL.npy and
 * labeled_anomalies.csv with row ranges whose last index is included. Column 0 is the sensor, the rest are commands.
 * A channel that is listed twice (P-2) has the ranges of both lines.
 */
export const telemanom: Layout = {
  id: 'telemanom',
  recognise: (files) => {
    const list = tables(files).find(({ path, table }) => {
      return fileName(path) === 'labeled_anomalies.csv' || names(table.columns).has('anomaly_sequences');
    });
    const found = pairs(files).filter(({ train }) => {
      return train!.dtype !== null && (train!.table.columns.length > 1 || list !== undefined);
    });
    const inFolders = found.filter(({ train }) => /(^|\/)train\//i.test(train!.path));
    const fits = inFolders.every(({ train }) => [25, 55].includes(train!.table.columns.length));
    if (inFolders.length === 0 || (list === undefined && !fits)) return null;
    const known = list === undefined ? null : sequences(list);
    const hints = new Map<string, Hint>();
    const assets = inFolders.map((pair) => {
      const name = pair.entity.slice(pair.entity.lastIndexOf('/') + 1);
      const made = pairAsset(name, pair);
      const columns = made.table.columns.map((column, c): Cells => ({
        ...column,
        name: c === 0 ? 'telemetry' : `command ${c}`,
      }));
      for (const [c, { name: column }] of columns.entries()) hints.set(column, c === 0 ? SENSOR : COMMAND);
      const trainRows = made.trainRows ?? 0;
      const testRows = made.table.rows - trainRows;
      const spans = known
        ?.get(name)
        ?.map(([a, b]) => ({ start: trainRows + a, end: trainRows + Math.min(b + 1, testRows) }));
      return asset(
        name,
        { ...made.table, columns },
        { ...made, table: { ...made.table, columns }, rowLabels: spans ? joined(spans) : null },
      );
    });
    const reason = `${assets.length} channels as arrays in train and test${list ? ', ranges in labeled_anomalies.csv (ends included)' : ''}`;
    return draft('telemanom', reason, assets, {
      hints,
      benchmark: true,
      notes: leftOver(files, new Set([...usedPaths(inFolders), ...(list ? [list.path] : [])])),
    });
  },
};

const SENSOR: Hint = { role: 'sensor', reason: 'column 0 is the telemetry of the channel', sure: 3 };
const COMMAND: Hint = {
  role: 'covariate',
  system: 'Commands',
  reason: 'columns after the first are commands, 0 or 1',
  sure: 3,
};

const names = (columns: readonly Cells[]): Set<string> => new Set(columns.map(({ name }) => name));

/** Channel → ranges [first, last], joined over all its lines. */
function sequences({ path, table }: TableFile): Map<string, [number, number][]> {
  const column = (name: string): readonly string[] => {
    const cells = table.columns.find((one) => one.name === name);
    if (cells !== undefined) return Array.from(table.lines, (_, row) => cellText(cells, row, table.style));
    const cure = 'It needs the columns chan_id and anomaly_sequences.';
    throw new EngineError('bad-input', 'bad-labels', `${path} has no column ${name}.`, cure, { file: path, line: 1 });
  };
  const out = new Map<string, [number, number][]>();
  const ranges = column('anomaly_sequences');
  for (const [row, channel] of column('chan_id').entries()) {
    const pairsOf = [...ranges[row].matchAll(/\[\s*(\d+)\s*,\s*(\d+)\s*\]/g)].map((m): [number, number] => [
      rowAt(path, m[1], table.lines[row]),
      rowAt(path, m[2], table.lines[row]),
    ]);
    const reversed = pairsOf.find(([a, b]) => b < a);
    if (reversed !== undefined) {
      const line = table.lines[row];
      const message = `${path}: line ${line} ends at ${reversed[1]} before it begins at ${reversed[0]}.`;
      throw new EngineError('bad-input', 'reversed-interval', message, 'Swap the two numbers.', { file: path, line });
    }
    out.set(channel, [...(out.get(channel) ?? []), ...pairsOf]);
  }
  return out;
}
