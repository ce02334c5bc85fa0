import { assetNames, draft, leftOver, type Hint, type Layout } from './draft.ts';
import { guessedNote, hasSensors, pairAsset, pairs, usedPaths } from './parts.ts';
import { guessSystem } from '../naming.ts';
import type { Table } from '../table.ts';

/**
 * Server Machine Dataset (Su et al. 2019, OmniAnomaly) and sets laid out like it (ASD, JumpStarter): folders train,
 * test, test_label and interpretation_label, one file an entity, no header and no time.
 */
export const METRICS = (
  'cpu_r load_1 load_5 load_15 mem_shmem mem_u mem_u_e total_mem disk_q disk_r disk_rb disk_svc disk_u disk_w disk_wa ' +
  'disk_wb si so eth1_fi eth1_fo eth1_pi eth1_po tcp_tw tcp_use active_opens curr_estab in_errs in_segs ' +
  'listen_overflows out_rsts out_segs passive_opens retransegs tcp_timeouts udp_in_dg udp_out_dg udp_rcv_buf_errs ' +
  'udp_snd_buf_errs'
).split(' ');

const isMachine = (name: string): boolean => /(^|\/)machine-\d+-\d+$/i.test(name);

export const smd: Layout = {
  id: 'SMD',
  recognise: (files) => {
    const found = pairs(files).filter((pair) => {
      const [train, test] = [pair.train!, pair.test!];
      return !train.table.hasHeader && !test.table.hasHeader && train.dtype === null && hasSensors(pair);
    });
    // One that has labels, or the name of a machine, says what all of them are.
    if (!found.some(({ label, ranges, entity }) => label !== null || ranges !== null || isMachine(entity))) return null;
    const names = assetNames(found.map(({ entity }) => entity.replace(/\.(?=[^/]*$)/g, '_')));
    const machines = found.every(
      ({ entity, train }) => isMachine(entity) && train!.table.columns.length === METRICS.length,
    );
    const hints = new Map<string, Hint>();
    const assets = found.map((pair, i) => {
      const made = pairAsset(names[i], pair);
      const table = named(made.table, machines);
      for (const { name } of table.columns) {
        const reason = machines
          ? 'sensor of the SMD set; the name is from an unofficial list'
          : 'every column is a sensor here';
        hints.set(name, {
          role: 'sensor',
          reason,
          sure: 3,
          ...(machines && { system: guessSystem(name)?.system ?? 'Network' }),
        });
      }
      const parts =
        made.parts === null ? null : ([named(made.parts[0], machines), named(made.parts[1], machines)] as const);
      return { ...made, table, parts };
    });
    const interpreted = found.filter(({ ranges }) => ranges !== null).length;
    const reason =
      `${found.length} of train, test${found.some(({ label }) => label !== null) ? ', test_label' : ''} by the same name` +
      (interpreted > 0 ? `, ${interpreted} with the sensors of each anomaly` : '');
    return draft(machines ? 'SMD' : 'SMD-like', reason, assets, {
      hints,
      benchmark: true,
      notes: [...guessedNote(found), ...leftOver(files, usedPaths(found))],
    });
  },
};

function named(table: Table, machines: boolean): Table {
  const columns = table.columns.map((column, c) => ({ ...column, name: machines ? METRICS[c] : `sensor ${c + 1}` }));
  return { ...table, columns };
}
