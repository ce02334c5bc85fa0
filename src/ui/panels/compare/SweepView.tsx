import { duration } from '../../../charts/format.ts';
import type { Param } from '../../../engine/params.ts';
import { Btn, Empty, Progress, Wrong } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { sweepJobs, sweepTags, type SweepAxis } from '../../state/compareSweepSlice.ts';
import { currentAsset } from '../../state/select.ts';
import { engineChoice, headChoice } from '../../state/setupSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { SweepResults } from './SweepResults.tsx';
import { useRuns } from './useCompare.ts';

const words = en.compare.sweep;

/** One or two settings and seeds over a grid of values, as a queue of runs. */
export function SweepView() {
  return (
    <div className="compare-sweep">
      <aside className="sweep-side quiet-scroll">
        <SweepForm />
        <Queue />
      </aside>
      <Results />
    </div>
  );
}

function SweepForm() {
  const form = useApp((s) => s.sweepForm);
  const title = useApp((s) => `${engineChoice(s)?.title ?? ''} ${s.preset}`);
  const asset = useApp((s) => currentAsset(s)?.name ?? null);
  const jobs = useApp((s) => sweepJobs(s, '', () => '')?.length ?? null);
  const isBusy = useApp((s) => s.run.is === 'running' || s.all.is === 'running' || s.sweep.is === 'running');
  const { setSweep, startSweep } = useAppStore().getState();
  if (asset === null) return <Empty title={en.engine.noData} text={en.engine.noDataText} />;
  return (
    <section className="section" aria-label={words.title}>
      <h3>{words.title}</h3>
      <p className="soft small">{words.about(title, asset)}</p>
      <Axis label={words.first} axis={form.first} onAxis={(first) => setSweep({ first })} />
      {form.first && <Axis label={words.second} axis={form.second} onAxis={(second) => setSweep({ second })} />}
      <label className="sweep-field">
        <span>{words.seeds}</span>
        <input
          className="field small"
          value={form.seeds}
          onChange={(event) => setSweep({ seeds: event.target.value })}
        />
        <span className="hint small">{words.seedsHint}</span>
      </label>
      <div className="row">
        <Btn look="primary" isDisabled={jobs === null || isBusy} onPress={() => void startSweep()}>
          {words.start(jobs ?? 0)}
        </Btn>
      </div>
      {jobs === null && (
        <p className="hint small">{form.first === null || form.first.text === '' ? words.choose : words.bad}</p>
      )}
    </section>
  );
}

const NONE = 'none';

/** What is usual for a parameter, as an example of how values are written. */
const exampleOf = (param: Param): string => {
  switch (param.kind) {
    case 'number':
      return String(param.default);
    case 'choice':
      return param.options.map(({ value }) => value).join(', ');
    case 'switch':
      return 'on, off';
  }
};

type AxisProps = {
  readonly label: string;
  readonly axis: SweepAxis | null;
  readonly onAxis: (axis: SweepAxis | null) => void;
};

function Axis({ label, axis, onAxis }: AxisProps) {
  const engine = useApp(engineChoice);
  const head = useApp(headChoice);
  const params = [
    ...Object.entries(engine?.params ?? {}).map(([key, param]) => ({ of: 'engine' as const, key, param })),
    ...Object.entries(head?.params ?? {}).map(([key, param]) => ({ of: 'head' as const, key, param })),
  ];
  const chosen = params.find(({ of, key }) => of === axis?.of && key === axis.key);
  return (
    <div className="sweep-axis">
      <div className="sweep-field">
        <span>{label}</span>
        <Pick
          label={label}
          look="pick small"
          options={[
            { id: NONE, label: words.none },
            ...params.map(({ of, key, param }) => ({
              id: `${of} ${key}`,
              label: of === 'head' ? words.byHead(en.engineText(param.label)) : en.engineText(param.label),
            })),
          ]}
          value={axis ? `${axis.of} ${axis.key}` : NONE}
          onPick={(id) => {
            const next = params.find(({ of, key }) => `${of} ${key}` === id);
            onAxis(next ? { of: next.of, key: next.key, text: exampleOf(next.param) } : null);
          }}
        />
      </div>
      {axis && chosen && (
        <label className="sweep-field">
          <span>{words.values}</span>
          <input
            className="field small"
            aria-label={`${words.values}: ${en.engineText(chosen.param.label)}`}
            value={axis.text}
            onChange={(event) => onAxis({ ...axis, text: event.target.value })}
          />
          <span className="hint small">
            {chosen.param.kind === 'number' ? en.range(chosen.param.min, chosen.param.max) : words.valuesHint}
          </span>
        </label>
      )}
    </div>
  );
}

/** How far each run of the queue is. */
function Queue() {
  const sweep = useApp((s) => s.sweep);
  const { cancelSweep } = useAppStore().getState();
  if (sweep.is === 'idle') return null;
  const over = sweep.rows.filter(({ is }) => is !== 'waiting' && is !== 'running').length;
  return (
    <section className="section" aria-label={words.queue}>
      <div className="row">
        <b>{sweep.tag}</b>
        <span className="hint" role="status">
          {words.progress(over, sweep.rows.length)}
        </span>
        <span className="grow" />
        {sweep.is === 'running' && (
          <Btn small look="quiet" isDisabled={sweep.cancelling} onPress={cancelSweep}>
            {sweep.cancelling ? words.cancelling : words.cancel}
          </Btn>
        )}
      </div>
      {sweep.is === 'over' && sweep.error && <Wrong error={sweep.error} safe={words.failedSafe} />}
      <ul className="small queue-list">
        {sweep.rows.map(({ asset: name, is, share, secondsLeft, error }) => (
          <li key={name}>
            <span>{name}</span>
            {is === 'running' ? (
              <>
                <Progress share={share} label={words.job(name)} />
                {secondsLeft !== null && <span className="hint">{duration(secondsLeft * 1000)}</span>}
              </>
            ) : (
              <span
                className={is === 'failed' ? 'wrong' : 'hint'}
                title={error ? en.engineText(error.message) : undefined}
              >
                {en.all.states[is]}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Results() {
  const runs = useRuns();
  const wanted = useApp((s) => s.sweepTag);
  const { showSweep } = useAppStore().getState();
  const tags = sweepTags(runs);
  const tag = wanted !== null && tags.includes(wanted) ? wanted : (tags[0] ?? null);
  return (
    <section className="sweep-results" aria-label={words.results}>
      <div className="panel-head">
        <h2>{words.results}</h2>
        {tag !== null && (
          <Pick
            label={words.which}
            look="pick small"
            options={tags.map((id) => ({ id, label: id }))}
            value={tag}
            onPick={showSweep}
          />
        )}
        <span className="grow" />
        <MetricPick />
      </div>
      {tag === null ? <Empty title={words.noResults} text={words.noResultsText} /> : <SweepResults tag={tag} />}
    </section>
  );
}

function MetricPick() {
  const metric = useApp((s) => s.sweepForm.metric);
  const metrics = useApp((s) => (s.yardsticks.is === 'ready' ? s.yardsticks.value.metrics : null)) ?? [];
  const { setSweep } = useAppStore().getState();
  return (
    <Pick
      label={words.metric}
      look="pick small"
      options={metrics.map(({ id, title }) => ({ id, label: en.engineText(title) }))}
      value={metric}
      onPick={(id) => setSweep({ metric: id })}
    />
  );
}
