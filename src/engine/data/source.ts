import { EngineError } from '../errors.ts';
import type { Series } from '../types.ts';
import { buildSeries, rowFlags, uselessness } from './build.ts';
import { numbered, readClock, type Timed } from './clock.ts';
import { firstCell, spark, typed, type Typed } from './columns.ts';
import { spansOf, type Draft, type DraftAsset } from './layouts/draft.ts';
import { count } from './limits.ts';
import { isNull } from './numbers.ts';
import { findProblems, noteProblems, problem } from './problems.ts';
import type { ReadResult } from './read.ts';
import { guessRoles, type Guess } from './roles.ts';
import { arranged, classesInfo } from './segmentRows.ts';
import type { SegmentPlan } from './segments.ts';
import { cellText, stacked, type Table } from './table.ts';
import type { AssetInfo, ColumnInfo, Problem, RolePlan, RowsPage, Source, SourceReport } from './types.ts';

/** Assets that have the same columns. */
type Group = { readonly name: string; readonly assets: readonly DraftAsset[] };

const DEFAULT_SHARE = 0.5;

function groupsOf(assets: readonly DraftAsset[]): Group[] {
  const by = new Map<string, DraftAsset[]>();
  for (const one of assets) {
    const key = JSON.stringify(one.table.columns.map(({ name }) => name));
    const known = by.get(key);
    if (known === undefined) by.set(key, [one]);
    else known.push(one);
  }
  const sorted = [...by.values()].sort((a, b) => b.length - a.length);
  const taken = new Map<string, number>();
  return sorted.map((group) => {
    const base = `${group[0].table.columns.length} columns`;
    const times = (taken.get(base) ?? 0) + 1;
    taken.set(base, times);
    return { name: times === 1 ? base : `${base} (${times})`, assets: group };
  });
}

function swapped(asset: DraftAsset): DraftAsset {
  if (asset.parts === null) return asset;
  const [train, test] = asset.parts;
  if (train.rows !== test.rows && asset.rowLabels !== null) {
    const message = `${asset.name}: the labels have ${count(test.rows)} rows and the other part ${count(train.rows)}.`;
    throw new EngineError('bad-input', 'label-length', message, 'Keep the parts as they are.', { file: test.path });
  }
  return { ...asset, table: stacked(test, train), trainRows: test.rows, parts: [test, train] };
}

/** A recognised source: everything a person may decide is in the plan, everything else is computed from it. */
export function makeSource(draft: Draft, read: ReadResult, notes: readonly Problem[]): Source {
  const groups = groupsOf(draft.assets);
  const turned = new Map<DraftAsset, DraftAsset>();
  const clocks = new Map<string, Timed>();
  const types = new Map<Table, readonly Typed[]>();
  const guesses = new Map<Group, readonly Guess[]>();

  const numbers = new Map(draft.assets.map((asset, n) => [asset, n]));
  let latest: { readonly asset: DraftAsset; readonly key: string; readonly made: DraftAsset } | null = null;
  const arrangedAs = (asset: DraftAsset, plan: SegmentPlan): DraftAsset => {
    const key = JSON.stringify(plan);
    if (latest?.asset !== asset || latest.key !== key) latest = { asset, key, made: arranged(asset, plan) };
    return latest.made;
  };
  const groupOf = (plan: Pick<RolePlan, 'group'>): Group => groups.find(({ name }) => name === plan.group) ?? groups[0];
  const assetsOf = (plan: RolePlan): readonly DraftAsset[] => {
    const { assets } = groupOf(plan);
    const { segments } = plan;
    if (segments !== undefined) return assets.map((asset) => arrangedAs(asset, segments));
    if (plan.swap !== true) return assets;
    return assets.map((asset) => {
      const other = turned.get(asset) ?? swapped(asset);
      turned.set(asset, other);
      return other;
    });
  };
  const typesOf = (asset: DraftAsset): readonly Typed[] => {
    const known = types.get(asset.table) ?? asset.table.columns.map((cells) => typed(cells, asset.table));
    types.set(asset.table, known);
    return known;
  };
  const clockOf = (asset: DraftAsset, plan: RolePlan): Timed => {
    if (asset.laidOut) return { ...numbered(asset.table.rows, plan.zone), order: asset.laidOut.order };
    const columns = plan.columns.flatMap(({ role }, c) => (role === 'time' ? [c] : []));
    const { zone, dateOrder, timeReading } = plan;
    const key = JSON.stringify([
      numbers.get(asset) ?? -1,
      asset.name,
      plan.swap,
      columns,
      zone,
      dateOrder,
      timeReading,
    ]);
    const trainRows = asset.trainRows !== null && asset.parts !== null ? asset.trainRows : asset.table.rows;
    const timed = clocks.get(key) ?? readClock(asset.table, columns, { zone, dateOrder, timeReading }, trainRows);
    clocks.set(key, timed);
    return timed;
  };
  const guessesOf = (group: Group): readonly Guess[] => {
    const [{ table, parts, trainRows }] = group.assets;
    const { hints, benchmark } = draft;
    const border = parts === null ? null : trainRows;
    const setting = { hints, benchmark, units: table.units, hasHeader: table.hasHeader, border };
    const known = guesses.get(group) ?? guessRoles(typesOf(group.assets[0]), setting);
    guesses.set(group, known);
    return known;
  };
  const guessedPlan = (group: Group): RolePlan => ({
    name: draft.name,
    columns: guessesOf(group).map(({ plan }) => plan),
    split: group.assets.some(({ trainRows, classified }) => trainRows !== null || classified !== undefined)
      ? { kind: 'layout' }
      : { kind: 'share', share: DEFAULT_SHARE },
    zone: 'UTC',
    dateOrder: 'auto',
    duplicates: 'keep',
    ...(group.assets[0].classified && { segments: group.assets[0].classified.guess }),
    ...(groups.length > 1 && { group: group.name }),
  });

  const check = (plan: RolePlan): void => {
    const [asset] = assetsOf(plan);
    const { table } = asset;
    if (plan.columns.length !== table.columns.length) {
      const message = `The plan is for ${plan.columns.length} columns, but there are ${table.columns.length}.`;
      throw new EngineError('bad-input', 'bad-plan', message, 'Start from the guessed roles again.');
    }
    for (const [c, { role }] of plan.columns.entries()) {
      const { cells, type } = typesOf(asset)[c];
      if ((role !== 'sensor' && role !== 'covariate') || cells.kind === 'number' || type !== 'text') continue;
      const row = cells.cells.findIndex((cell) => !isNull(cell));
      const line = table.lines[Math.max(0, row)];
      const message = `${cells.name} is not numeric: line ${line} holds “${cells.cells[Math.max(0, row)].slice(0, 40)}”.`;
      const cure = 'Ignore the column, or use it as a label.';
      throw new EngineError('bad-input', 'not-numeric', message, cure, { file: table.path, line, column: cells.name });
    }
  };

  const assetInfo = (asset: DraftAsset, plan: RolePlan): AssetInfo => {
    const timed = clockOf(asset, plan);
    const rows = timed.order.length;
    const flags = rowFlags(asset, timed, plan);
    const cut = { layout: asset.trainRows ?? rows >> 1, share: 0, step: 0 };
    if (plan.split.kind === 'share') cut.share = Math.floor(rows * plan.split.share);
    if (plan.split.kind === 'step') cut.step = plan.split.step;
    const trainRows = Math.max(0, Math.min(rows, cut[plan.split.kind]));
    return {
      name: asset.name,
      rows,
      trainRows,
      testRows: rows - trainRows,
      labelledSegments: flags === null ? null : spansOf(Uint8Array.from(timed.order, (row) => flags[row])).length,
      labelledRows: flags === null ? 0 : timed.order.reduce((sum, row) => sum + flags[row], 0),
    };
  };

  const columnInfo = (asset: DraftAsset, plan: RolePlan, group: Group): ColumnInfo[] =>
    typesOf(asset).map(({ cells, type, values, missing, constant, min, max }, c) => {
      const guess = guessesOf(group)[c];
      const chosen = plan.columns[c].role !== guess.plan.role;
      const sample = firstCell(cells, asset.table.style);
      const why = chosen ? { reason: 'chosen by you', sure: 3 as const } : { reason: guess.reason, sure: guess.sure };
      return { name: cells.name, type, missing, constant, min, max, sample, spark: spark(values), ...why };
    });

  const problemsOf = (plan: RolePlan): Problem[] => {
    const all = new Map<string, { first: Problem; assets: number }>();
    for (const asset of assetsOf(plan)) {
      const scene = { asset, typed: typesOf(asset), timed: clockOf(asset, plan), plan, benchmark: draft.benchmark };
      for (const one of findProblems(scene)) {
        const key = `${one.code} ${one.column ?? ''}`;
        const known = all.get(key);
        if (known === undefined) all.set(key, { first: one, assets: 1 });
        else known.assets++;
      }
    }
    const merged = [...all.values()].map(({ first, assets }) => {
      return assets === 1
        ? first
        : { ...first, detail: `${first.detail} (and in ${count(assets - 1)} more file${assets === 2 ? '' : 's'})` };
    });
    const fromLayout = noteProblems(draft.notes).map((note) => {
      return note.code === 'train-test-order' && plan.swap === true ? { ...note, chosen: 'swapped' } : note;
    });
    const shapes = groups.length > 1 ? [shapesProblem(plan)] : [];
    const rank = { warning: 0, note: 1 };
    // A benchmark set without names is as it should be.
    const told = draft.benchmark ? merged.filter(({ code }) => code !== 'no-header') : merged;
    return [...notes, ...shapes, ...fromLayout, ...told].sort((a, b) => rank[a.level] - rank[b.level]);
  };

  const shapesProblem = (plan: RolePlan): Problem =>
    problem({
      code: 'several-shapes',
      title: 'Assets with different columns',
      detail: `${groups.map(({ name, assets }) => `${count(assets.length)} with ${name}`).join(', ')}; one kind at a time`,
      choices: groups.map((group) => {
        const { columns, split } = guessedPlan(group);
        return {
          id: group.name,
          label: `${group.name} (${group.assets.length})`,
          change: { group: group.name, columns, split },
        };
      }),
      chosen: groupOf(plan).name,
    });

  const revise = (plan: RolePlan): SourceReport => {
    check(plan);
    const group = groupOf(plan);
    const assets = assetsOf(plan);
    const [first] = assets;
    return {
      layout: draft.layout,
      reason: draft.reason,
      facts: first.table.facts,
      sizeBytes: read.sizeBytes,
      checksum: read.checksum,
      assets: assets.map((asset) => assetInfo(asset, plan)),
      groups: groups.map(({ name }) => name),
      columns: columnInfo(first, plan, group),
      clock: clockOf(first, plan).info,
      problems: problemsOf(plan),
      ...(first.classified && { classes: classesInfo(first.classified) }),
      plan,
      guessed: guessedPlan(group),
    };
  };
  const rows = (name: string, from: number, want: number): RowsPage => {
    const table = draft.assets.find((asset) => asset.name === name)?.table;
    if (table === undefined) throw new EngineError('bad-input', 'unknown-asset', `There is no asset ${name}.`);
    const start = Math.max(0, Math.min(table.rows, from));
    const shown = Array.from({ length: Math.max(0, Math.min(want, table.rows - start)) }, (_, i) => start + i);
    return {
      lines: shown.map((row) => table.lines[row]),
      cells: shown.map((row) => table.columns.map((column) => cellText(column, row, table.style))),
    };
  };
  const build = (plan: RolePlan): Series[] => {
    check(plan);
    const built = assetsOf(plan).map((asset) => buildSeries(asset, clockOf(asset, plan), plan));
    const useless = built.map((series, i) => uselessness(series, assetsOf(plan)[i].table.path));
    const [first] = useless;
    // One flat series among many may still be looked at; a run on it says why it cannot learn.
    if (first !== null && useless.every((error) => error !== null)) throw first;
    return built;
  };
  return { report: revise(guessedPlan(groups[0])), revise, rows, build };
}
