import { num, percent } from '../../../charts/format.ts';
import type { EventSettings, RunInfo, ThresholdRow } from '../../../workers/protocol.ts';
import { Btn, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Formula } from '../../controls/Formula.tsx';
import { en } from '../../messages/en.ts';
import { shownSettings } from '../../state/resultsSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore, useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';
import { RuleNumbers } from './RuleNumbers.tsx';

const maybe = (value: number | null) => (value === null ? '–' : num(value));

/** Every rule with what it would flag, which data it came from, and whether it saw labels. A press tries a rule out. */
export function ThresholdCard({ isWide }: { readonly isWide: boolean }) {
  const engine = useEngine();
  const { commitSettings } = useAppStore().getState();
  const run = useApp((s) => valueOf(s.current));
  const settings = useApp(shownSettings);
  const rules = useAsk(
    run && settings ? `${run.id}/${JSON.stringify(settings)}` : null,
    () => run && settings && engine.thresholds(run.id, settings),
  );
  if (!run || !settings) return null;
  if (rules.is === 'failed') return <Wrong error={rules.error} />;
  if (rules.is !== 'ready') return <Skeleton saying={en.scores.loadingRules} />;
  const current = rules.value.find((row) => row.rule === settings.rule);
  return (
    <>
      <div className="panel-head">
        <h2>{en.scores.threshold}</h2>
        <Formula of="threshold" />
        {current && (
          <span className="soft clip-line">
            {en.scores.from} <b>{en.engineText(current.source)}</b>
            {isWide && `; ${current.oracle ? en.scores.usesLabels : en.scores.noLabels}`}
          </span>
        )}
        <span className="grow" />
        {isWide && 'clipboard' in navigator && (
          <Btn small onPress={() => void navigator.clipboard.writeText(asText(rules.value))}>
            {en.scores.copy}
          </Btn>
        )}
      </div>
      <RuleTable rows={rules.value} settings={settings} isWide={isWide} />
      {!isWide && current && (
        <p className="section small rule-numbers">
          <RuleNumbers
            rule={current.rule}
            title={current.title}
            settings={settings}
            threshold={current.value}
            onChange={(part) => void commitSettings({ ...settings, ...part })}
          />
        </p>
      )}
      <Metrics run={run} isWide={isWide} />
    </>
  );
}

type RuleTableProps = {
  readonly rows: readonly ThresholdRow[];
  readonly settings: EventSettings;
  readonly isWide: boolean;
};

function RuleTable({ rows, settings, isWide }: RuleTableProps) {
  const { commitSettings } = useAppStore().getState();
  const { rulesHead: head } = en.scores;
  return (
    <table className={isWide ? '' : 'tight'}>
      <thead>
        <tr>
          <th>{head.rule}</th>
          {isWide && <th>{head.from}</th>}
          {isWide && <th>{head.setting}</th>}
          <th className="num">{head.over}</th>
          <th className="num">{head.events}</th>
          <th className="num">{head.test}</th>
          {isWide && (
            <>
              <th className="num">{head.train}</th>
              <th className="num">{head.precision}</th>
              <th className="num">{head.recall}</th>
              <th className="num">{head.f1}</th>
            </>
          )}
        </tr>
      </thead>
      <tbody role="radiogroup" aria-label={en.scores.threshold}>
        {rows.map((row) => {
          const isCurrent = row.rule === settings.rule;
          return (
            <tr
              key={row.rule}
              aria-selected={isCurrent}
              title={isWide ? '' : `${en.engineText(row.source)}, ${row.setting}`}
            >
              <td>
                <button
                  type="button"
                  className="radio"
                  role="radio"
                  aria-checked={isCurrent}
                  onClick={() => void commitSettings({ ...settings, rule: row.rule })}
                >
                  {en.engineText(row.title)}
                </button>
              </td>
              {isWide && (
                <td className="soft rule-source" title={en.engineText(row.source)}>
                  {en.engineText(row.source)}
                  {row.oracle && <span className="chip oracle">{en.scores.usesLabels}</span>}
                </td>
              )}
              {isWide && (
                <td className="soft rule-numbers">
                  <RuleNumbers
                    rule={row.rule}
                    title={row.title}
                    settings={settings}
                    threshold={row.value}
                    onChange={(part) => void commitSettings({ ...settings, ...part })}
                  />
                </td>
              )}
              <td className="num">
                <b>{num(row.value, 4)}</b>
              </td>
              <td className="num">{row.events}</td>
              <td className="num">{percent(row.testShare)}</td>
              {isWide && (
                <>
                  <td className="num">{percent(row.trainShare)}</td>
                  <td className="num">{maybe(row.precision)}</td>
                  <td className="num">{maybe(row.recall)}</td>
                  <td className="num">{maybe(row.f1)}</td>
                </>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Metrics({ run, isWide }: { readonly run: RunInfo; readonly isWide: boolean }) {
  if (run.metrics.length === 0) return <p className="section small hint">{en.scores.noLabelsInFile}</p>;
  return (
    <section className="section">
      <h3>
        {en.scores.metrics}
        <Formula of="metrics" />
      </h3>
      <dl className={isWide ? 'metrics wide' : 'metrics'}>
        {run.metrics.map((metric) => (
          <div key={metric.id} title={en.engineFacts(metric.provenance)}>
            <dt>{en.engineText(metric.title)}</dt>
            <dd>{maybe(metric.value)}</dd>
            {isWide && <dd className="hint">{en.engineFacts(metric.provenance)}</dd>}
          </div>
        ))}
      </dl>
      <p className="small hint">{en.scores.metricsNote}</p>
    </section>
  );
}

/** The card as tab-separated text, for a note or a sheet. */
function asText(rows: readonly ThresholdRow[]): string {
  const { rulesHead: head } = en.scores;
  const lines = rows.map((row) =>
    [
      row.title,
      row.source,
      row.setting,
      row.value,
      row.events,
      row.testShare,
      row.trainShare,
      row.precision ?? '',
      row.recall ?? '',
      row.f1 ?? '',
      row.oracle ? en.scores.usesLabels : '',
    ].join('\t'),
  );
  const names = [head.rule, head.from, head.setting, head.over, head.events, head.test, head.train];
  return [[...names, head.precision, head.recall, head.f1, ''].join('\t'), ...lines].join('\n');
}
