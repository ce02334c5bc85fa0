import { useMemo, useState } from 'react';
import { EChart } from '../../../charts/EChart.tsx';
import { areaOf, scoreCurves, scoreCurvesTable } from '../../../charts/scoreCurves.ts';
import type { CurveKind, NamedCurves, ScoreCurvesInput } from '../../../charts/scoreCurves.ts';
import type { AssetRef, RunInfo } from '../../../workers/protocol.ts';
import { Empty, Skeleton } from '../../controls/Basics.tsx';
import { optionsOf, Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { aheadOf, besideKey, measureKey } from '../../state/compareRows.ts';
import type { TableRow } from '../../state/compareRows.ts';
import { isSameAsset } from '../../state/select.ts';
import { valueOf } from '../../state/types.ts';
import { useApp } from '../../state/useApp.ts';
import { metricText } from './MetricCell.tsx';
import { useRunRows, useRuns, useYardsticks } from './useCompare.ts';

const words = en.compare.curves;

/** Baselines beside the curves of runs: the best by area, and random scores. */
const SHOWN = 4;

/** A is the first run that is chosen, as in the table; its line differs from that of B. */
const LOOKS = ['a', 'b'] as const;
const letterOf = (look: 'a' | 'b'): string => look.toUpperCase();

type Props = { readonly baselines: readonly TableRow[]; readonly focus: AssetRef | null };

/** The chosen runs and the best baselines at every threshold, and who is ahead of the last chosen. */
export function CurvesPanel({ baselines, focus }: Props) {
  const [kind, setKind] = useState<CurveKind>('pa-k');
  const sides = useSides();
  const input = useInput(kind, sides, focus);
  const isWaiting = useApp((s) => sides.some((run) => s.measured[measureKey(run)]?.is === 'loading'));
  return (
    <section className="compare-curves" aria-label={words.title}>
      <div className="panel-head">
        <h2>{words.title}</h2>
        <span className="grow" />
        <Segments
          label={words.kind}
          options={optionsOf(words.kinds)}
          value={kind}
          onPick={(id) => setKind(id as CurveKind)}
        />
      </div>
      {input.of.some(({ look }) => look === 'a' || look === 'b') ? (
        <>
          <div className="plot curve-plot">
            <EChart input={input} option={scoreCurves} table={scoreCurvesTable} />
          </div>
          <CurveList input={input} />
          <p className="hint small inset">{words.about[kind]}</p>
          <AheadOf
            run={aboutFocus(sides.at(-1), focus)}
            letter={letterOf(LOOKS[sides.length - 1] ?? 'b')}
            baselines={baselines}
          />
        </>
      ) : isWaiting ? (
        <Skeleton lines={4} saying={en.compare.table.measuring} />
      ) : (
        <Empty title={words.choose} />
      )}
    </section>
  );
}

/** A run that the baselines at hand can be held against; null for one of another asset. */
const aboutFocus = (run: RunInfo | undefined, focus: AssetRef | null): RunInfo | null =>
  run && isSameAsset(run.data, focus) ? run : null;

/** The one or two runs that are chosen, in the order of their letters. */
function useSides(): readonly RunInfo[] {
  const runs = useRuns();
  const picked = useApp((s) => s.picked);
  return useMemo(() => picked.slice(0, 2).flatMap((id) => runs.find((run) => run.id === id) ?? []), [picked, runs]);
}

function useInput(kind: CurveKind, sides: readonly RunInfo[], focus: AssetRef | null): ScoreCurvesInput {
  const measured = useApp((s) => s.measured);
  const beside = useApp((s) => s.beside);
  const { baselines } = useYardsticks();
  return useMemo(() => {
    const runs = sides.flatMap((run, n): NamedCurves[] => {
      const known = valueOf(measured[measureKey(run)] ?? { is: 'none' });
      const look = LOOKS[n] ?? 'b';
      return known ? [{ name: `${letterOf(look)} ${en.runName(run.name)}`, look, curves: known.curves }] : [];
    });
    const simple = baselines.flatMap(({ id, title }): NamedCurves[] => {
      const rows = focus ? (valueOf(beside[besideKey(focus, id)] ?? { is: 'none' }) ?? []) : [];
      const own = rows.find(({ how }) => how === 'own');
      const isRandom = id === 'random';
      return own
        ? [
            {
              name: isRandom ? words.random : en.engineText(title),
              look: isRandom ? 'random' : 'baseline',
              curves: own.curves,
            },
          ]
        : [];
    });
    const best = simple
      .filter(({ look }) => look === 'baseline')
      .sort((a, b) => (areaOf(kind, b.curves) ?? 0) - (areaOf(kind, a.curves) ?? 0))
      .slice(0, SHOWN);
    return { kind, of: [...runs, ...best, ...simple.filter(({ look }) => look === 'random')] };
  }, [kind, sides, focus, measured, beside, baselines]);
}

function CurveList({ input: { kind, of } }: { readonly input: ScoreCurvesInput }) {
  let baseline = 0;
  return (
    <ul className="curve-list small">
      {of.map(({ name, look, curves }) => (
        <li key={name}>
          <i className={`curve-key ${look} ${look === 'baseline' ? `n${baseline++ % 4}` : ''}`} aria-hidden="true" />
          <span>{name}</span>
          <span className="soft">
            {words.area[kind]} {areaOf(kind, curves)?.toFixed(3) ?? '–'}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Metrics in which somebody simple does at least as well as the run, in words. */
const SAID = ['vus-pr', 'average-precision'];

type AheadOfProps = {
  readonly run: RunInfo | null;
  /** As the run is marked in the table. */
  readonly letter: string;
  readonly baselines: readonly TableRow[];
};

function AheadOf({ run, letter, baselines }: AheadOfProps) {
  const { metrics } = useYardsticks();
  const [row] = useRunRows(
    useMemo(() => (run ? [run] : []), [run]),
    false,
  );
  if (!row || baselines.some(({ isLoading }) => isLoading)) return null;
  const said = metrics.flatMap((choice) => {
    const ahead = SAID.includes(choice.id) ? aheadOf(choice, row, baselines, en.compare.trivial) : null;
    const own = row.cells[choice.id];
    return ahead && own
      ? [
          words.ahead(
            ahead.name,
            en.engineText(choice.title),
            letter,
            metricText(choice, ahead.value),
            metricText(choice, own.value),
          ),
        ]
      : [];
  });
  if (row.cells['vus-pr'] === undefined) return null;
  return <p className="small inset">{said.length === 0 ? words.noneAhead(letter) : said.join(' ')}</p>;
}
