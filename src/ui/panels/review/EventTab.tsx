import { Fragment, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { count, fixed, num, percent } from '../../../charts/format.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import type { AssetSummary, EventDetail, EventRow, RunEvents, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Empty, Prob, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Formula } from '../../controls/Formula.tsx';
import { en } from '../../messages/en.ts';
import { currentAsset } from '../../state/select.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { valueOf } from '../../state/types.ts';
import { wordsOf } from '../../state/words.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { MarkReason } from '../drift/Marks.tsx';
import { RangeVerdict } from '../label/RangeVerdict.tsx';
import { EventArrows } from './EventArrows.tsx';
import { shortNamesOf } from './sensorNames.ts';
import { useClock } from './useClock.ts';

/** When, how strong, which sensors carry it, what was expected, and what the score were without them. */
export function EventTab() {
  const current = useApp((s) => s.current);
  const shown = useApp(shownEvents);
  const selected = useApp((s) => s.selected);
  const asset = useApp(currentAsset);
  const clock = useClock();
  const { goTo } = useAppStore().getState();
  if (current.is === 'failed') return <Wrong error={current.error} />;
  if (current.is === 'loading') return <Skeleton saying={en.review.loadingRun} />;
  if (current.is === 'none' || !shown || !asset || !clock)
    return (
      <Empty title={en.event.noRun} text={en.review.noRunText}>
        <Btn onPress={() => goTo('engine')}>{en.run.toEngine}</Btn>
      </Empty>
    );
  if (shown.events.length === 0)
    return <Empty title={en.event.none(num(shown.threshold.value, 4))} text={en.event.noneText} />;
  const row = shown.events.find((entry) => entry.number === selected);
  if (!row) return <Empty title={en.event.pick} text={en.event.pickText} />;
  return <EventFacts row={row} shown={shown} asset={asset} clock={clock} run={current.value} />;
}

type EventFactsProps = {
  readonly row: EventRow;
  readonly shown: RunEvents;
  readonly asset: AssetSummary;
  readonly clock: ChartClock;
  readonly run: RunInfo;
};

function EventFacts({ row, shown, asset, clock, run }: EventFactsProps) {
  const isPreview = useApp((s) => s.preview !== null);
  const detail = useApp((s) => s.detail);
  const known = valueOf(detail);
  const length = clock.length(row.end - row.start, row.start);
  return (
    <>
      <section className="section">
        <div className="event-title">
          <h2>{en.event.title(row.number)}</h2>
          <span className="hint">{en.event.of(shown.events.length)}</span>
          <span className="grow" />
          <EventArrows />
        </div>
        <div className="soft">
          {en.event.when(clock.flag(row.start), clock.flag(row.end), length, clock.length(row.flagged, row.start))}
        </div>
        {!isPreview && known && <Sentence detail={known} asset={asset} />}
        <MarkReason number={row.number} />
        <RangeVerdict span={row} of="event" />
        <dl className="figures">
          <div title={en.event.severityTip}>
            <dt>{en.event.severity}</dt>
            <dd className="anomalous">
              {fixed(row.severity, 0)}
              <Formula of="severity" />
            </dd>
          </div>
          <div title={en.event.tailTip}>
            <dt>{en.event.tail}</dt>
            <dd>
              <Prob logP={row.logP} />
              <Formula of="tail" />
            </dd>
          </div>
          <div>
            <dt>{en.event.peak}</dt>
            <dd>
              {num(row.score, 4)}
              <Formula of="score" />
            </dd>
          </div>
          <div title={en.engineText(shown.threshold.source)}>
            <dt>{en.event.threshold}</dt>
            <dd>
              {num(shown.threshold.value, 4)}
              <Formula of="threshold" />
            </dd>
          </div>
        </dl>
      </section>
      {isPreview && <p className="state hint">{en.event.preview}</p>}
      {!isPreview && detail.is === 'failed' && <Wrong error={detail.error} />}
      {!isPreview && (detail.is === 'loading' || detail.is === 'none') && <Skeleton saying={en.event.loading} />}
      {!isPreview && known && (
        <>
          <Contributions detail={known} asset={asset} rule={run.result.settings.attribution} />
          <AtPeak detail={known} asset={asset} clock={clock} />
          {row.labelled !== null && (
            <section className="section">
              <h3>{en.event.label}</h3>
              <p className="small soft">
                {row.labelled > 0 ? en.event.labelled(percent(row.labelled)) : en.event.notLabelled}
              </p>
            </section>
          )}
        </>
      )}
    </>
  );
}

/** Powers of ten as people write them: 10^83 with a raised 83. */
function withPowers(text: string): ReactNode[] {
  return text.split(/\b10\^(\d+)/).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <Fragment key={i}>
        10<sup>{part}</sup>
      </Fragment>
    ),
  );
}

type PartProps = { readonly detail: EventDetail; readonly asset: AssetSummary };

function Sentence({ detail, asset }: PartProps) {
  // Times as the page writes them now: the engine was told them in the language of that moment.
  const facts = { ...detail.facts, ...wordsOf(asset, detail.row) };
  return (
    <p className="sentence" data-tour="event">
      {en.event.sentence(facts, detail.sentence).map(({ text, as }, i) => {
        if (as === 'plain') return <span key={i}>{withPowers(text)}</span>;
        return (
          <b key={i} className={as === 'expected' ? 'expected' : ''}>
            {text}
          </b>
        );
      })}
    </p>
  );
}

function Contributions({ detail, asset, rule }: PartProps & { readonly rule: 'error' | 'p' }) {
  const [open, setOpen] = useState<readonly string[] | null>(null);
  const { setView } = useAppStore().getState();
  const [first] = detail.systems;
  const shown = open ?? (first ? [first.name] : []);
  const largest = Math.max(...detail.systems.map((system) => system.share), Number.MIN_VALUE);
  const toggle = (name: string) =>
    setOpen(shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name]);
  return (
    <section className="section" data-tour="why">
      <h3>
        {en.event.parts}
        <Formula of="share" />
        <span>{en.event.shareRule[rule]}</span>
      </h3>
      {detail.systems.map((system) => {
        const isOpen = shown.includes(system.name);
        return (
          <div key={system.name}>
            <Button className="contribution system" aria-expanded={isOpen} onPress={() => toggle(system.name)}>
              <span className={isOpen ? 'caret open' : 'caret'} />
              <span>
                <b>{system.name === '' ? en.review.noSystem : system.name}</b>
              </span>
              <Amount share={system.share} largest={largest} />
            </Button>
            {isOpen &&
              system.sensors.map((part) => (
                <Button
                  key={part.sensor}
                  className="contribution sensor"
                  onPress={() => setView({ sensor: part.sensor, inspectorTab: 'scores' })}
                >
                  <span />
                  <span className="soft" title={asset.sensors[part.sensor]?.name}>
                    {shortNamesOf(asset)[part.sensor]}
                  </span>
                  <Amount share={part.share} largest={largest} />
                </Button>
              ))}
          </div>
        );
      })}
    </section>
  );
}

function Amount({ share, largest }: { readonly share: number; readonly largest: number }) {
  return (
    <>
      <span className="amount">
        <i style={{ width: `${(share / largest) * 100}%` }} />
      </span>
      <span className="num">{percent(share)}</span>
    </>
  );
}

function AtPeak({ detail, asset, clock }: PartProps & { readonly clock: ChartClock }) {
  const { withoutSystem, row } = detail;
  const system = withoutSystem.name === '' ? en.review.noSystem : withoutSystem.name;
  return (
    <section style={{ paddingTop: 8 }}>
      <h3 className="section-title" style={{ padding: '0 12px' }}>
        {en.event.atPeak(clock.flag(row.peak))}
        <Formula of="band" />
        <span>{en.event.without}</span>
      </h3>
      <table className="tight at-peak">
        <thead>
          <tr>
            <th>{en.event.head.sensor}</th>
            <th className="num">{en.event.head.observed}</th>
            <th className="num expected">{en.event.head.expected}</th>
            <th className="num" title={en.event.bandTip}>
              {en.event.head.band}
            </th>
            <th className="num" title={en.event.peakTip}>
              {en.event.head.peak}
            </th>
            <th className="num" title={en.event.stepsTip}>
              {en.event.head.steps}
            </th>
          </tr>
        </thead>
        <tbody>
          {detail.atPeak.map((at) => (
            <tr key={at.sensor}>
              <td title={asset.sensors[at.sensor]?.name} className="clip">
                {shortNamesOf(asset)[at.sensor]}
              </td>
              <td className="num">{num(at.observed)}</td>
              <td className="num expected">{num(at.expected)}</td>
              <td className="num soft">
                {at.inBands > 0 ? '+' : ''}
                {fixed(at.inBands, 1)}
              </td>
              <td className="num">{num(at.scoreWithout)}</td>
              <td className="num">{count(at.stepsWithout)}</td>
            </tr>
          ))}
          <tr>
            <td title={en.event.allOf(system)} className="clip">
              {en.event.allOf(system)}
            </td>
            <td className="num hint" colSpan={3}>
              {en.event.members(withoutSystem.sensors)}
            </td>
            <td className="num">{num(withoutSystem.score)}</td>
            <td className="num">{count(withoutSystem.steps)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
