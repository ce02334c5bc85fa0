import type { ChartClock } from '../../../charts/clock.ts';
import type { Difference, EventBeside } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';

const words = en.compare.pair;

const MARKS = { fixed: '✓', broken: '✗', unchanged: '·' } as const;

type EventProps = {
  readonly rows: readonly EventBeside[];
  readonly clock: ChartClock;
  readonly at: number | null;
  readonly onShow: (n: number) => void;
};

/** What the second run mends and breaks, label by label and false alarm by false alarm. */
export function EventRows({ rows, clock, at, onShow }: EventProps) {
  if (rows.length === 0) return <p className="inset soft small">{words.noEvents}</p>;
  return (
    <div className="scroll quiet-scroll" tabIndex={0} role="group" aria-label={words.events}>
      <table className="tight">
        <thead className="sticky">
          <tr>
            <th>{words.headOf.verdict}</th>
            <th>{words.headOf.what}</th>
            <th>{words.headOf.start}</th>
            <th className="num">{words.headOf.length}</th>
            <th>{words.headOf.who}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, n) => (
            <tr key={`${row.of} ${row.start} ${row.end}`} aria-selected={n === at}>
              <td className={row.verdict === 'unchanged' ? 'hint' : ''}>
                {row.verdict !== null && (
                  <span className={`verdict-of ${row.verdict}`}>
                    <i aria-hidden="true">{MARKS[row.verdict]}</i> {words.verdicts[row.verdict]}
                  </span>
                )}
              </td>
              <td>{words.of[row.of]}</td>
              <td>
                <button type="button" className="link" onClick={() => onShow(n)}>
                  {clock.flag(row.start)}
                </button>
              </td>
              <td className="num">{clock.length(row.end - row.start, row.start, 2)}</td>
              <td className="soft">
                {row.change === null ? words.found(row.a !== null, row.b !== null) : words.changesOf[row.change]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Settings in which the two runs differ. */
export function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  if (differences.length === 0) return <p className="inset soft small">{words.noDifferences}</p>;
  return (
    <div className="scroll quiet-scroll" tabIndex={0} role="group" aria-label={words.differences}>
      <table className="tight">
        <thead className="sticky">
          <tr>
            <th>{words.differences}</th>
            <th className="num">{words.differencesHead.a}</th>
            <th className="num">{words.differencesHead.b}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((difference) => (
            <tr key={`${difference.of} ${difference.key}`}>
              <td>{words.setting(difference)}</td>
              <td className="num soft">{difference.a === '' ? words.empty : difference.a}</td>
              <td className="num">{difference.b === '' ? words.empty : difference.b}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
