import { percent } from '../../../charts/format.ts';
import { en } from '../../messages/en.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { useApp } from '../../state/useApp.ts';

const words = en.quality.classes;

/** What the threshold makes of whole segments, class by class; nothing where the rows are no segments. */
export function ClassResults() {
  const classes = useApp((s) => shownEvents(s)?.classes);
  if (!classes || classes.length === 0) return null;
  const sum = (normal: boolean, of: 'segments' | 'flagged') =>
    classes.filter((row) => row.normal === normal).reduce((total, row) => total + row[of], 0);
  return (
    <section className="section flush">
      <h3>
        {words.title}
        <span>
          {words.summary(sum(false, 'flagged'), sum(false, 'segments'), sum(true, 'flagged'), sum(true, 'segments'))}
        </span>
      </h3>
      <table className="tight" title={words.note}>
        <thead>
          <tr>
            <th>{words.head.class}</th>
            <th>{words.head.kind}</th>
            <th className="num">{words.head.segments}</th>
            <th className="num">{words.head.flagged}</th>
            <th className="num">{words.head.share}</th>
          </tr>
        </thead>
        <tbody>
          {classes.map((row) => (
            <tr key={row.class}>
              <td className="clip">{row.class}</td>
              <td className="soft">{row.normal ? words.kinds.normal : words.kinds.anomalous}</td>
              <td className="num">{row.segments}</td>
              <td className="num">{row.flagged}</td>
              <td className="num">{percent(row.flagged / row.segments)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
