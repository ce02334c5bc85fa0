import { num } from '../../../charts/format.ts';
import { en } from '../../messages/en.ts';
import type { RoundView } from './useRound.ts';

const WIDTH = 328;
const HEIGHT = 58;

/** Scores of all windows as bars, and below them a mark for each asked one, in the shape of its verdict. */
export function PoolChart({ round }: { readonly round: RoundView }) {
  const pool = round.round?.pool;
  if (!round.round || !pool) return null;
  const by = en.label.round.scores[round.round.by];
  const { from, to, log, count_K } = pool.histogram;
  const most = Math.max(1, ...count_K);
  const wide = WIDTH / count_K.length;
  const xOf = (score: number) => {
    const share = log ? Math.log(score / from) / Math.log(to / from) : (score - from) / (to - from || 1);
    return Math.min(1, Math.max(0, share)) * WIDTH;
  };
  const ticks = [0, 0.5, 1].map((share) => (log ? from * (to / from) ** share : from + (to - from) * share));
  return (
    <section className="section">
      <h3>
        {en.label.round.fall}
        <span>{en.label.round.windows(pool.windows, by, log)}</span>
      </h3>
      <svg
        className="pool-chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 30}`}
        role="img"
        aria-label={en.label.round.histogram(pool.windows, by)}
      >
        {count_K.map((count, k) => {
          const height = (count / most) * HEIGHT;
          return <rect key={k} className="bar-of" x={k * wide} y={HEIGHT - height} width={wide - 1} height={height} />;
        })}
        <line x1={0} x2={WIDTH} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} className="axis-line" />
        {round.alike.map((question) => {
          const verdict = round.verdictOf(question);
          const x = xOf(question.score);
          if (question === round.question)
            return <path key={question.id} className="here" d={`M${x - 4} ${HEIGHT + 3} h8 l-4 8 z`} />;
          return (
            <rect
              key={question.id}
              className={`asked ${verdict ?? ''}`}
              x={x - 1.5}
              y={HEIGHT + 3}
              width={3}
              height={8}
            />
          );
        })}
        {ticks.map((value, n) => (
          <text key={n} x={(n / 2) * WIDTH} y={HEIGHT + 26} textAnchor={n === 0 ? 'start' : n === 1 ? 'middle' : 'end'}>
            {num(value, 2)}
          </text>
        ))}
      </svg>
    </section>
  );
}
