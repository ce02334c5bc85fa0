/** The charts of the Scores tab, each with the input its builder wants. */
import { useMemo } from 'react';
import { EChart } from '../../../charts/EChart.tsx';
import { errorHistogram, errorHistogramTable } from '../../../charts/errorHistogram.ts';
import { fixed, num } from '../../../charts/format.ts';
import { qqPlot, qqTable } from '../../../charts/qqPlot.ts';
import { scoreHistogram, scoreHistogramTable } from '../../../charts/scoreHistogram.ts';
import type { RunInfo, ScoreEvidence } from '../../../workers/protocol.ts';
import { Prob } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { currentAsset } from '../../state/select.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

export type EvidenceProps = { readonly evidence: ScoreEvidence };

export function ErrorChart({ evidence, at }: EvidenceProps & { readonly at: string }) {
  const input = useMemo(() => ({ ...evidence, at, errorTitle: en.engineText(evidence.errorTitle) }), [evidence, at]);
  return <EChart input={input} option={errorHistogram} table={errorHistogramTable} />;
}

export function ScoreChart({ evidence }: EvidenceProps) {
  const threshold = useApp((s) => shownEvents(s)?.threshold.value ?? NaN);
  const input = useMemo(() => ({ ...evidence, threshold }), [evidence, threshold]);
  return <EChart input={input} option={scoreHistogram} table={scoreHistogramTable} />;
}

export function QqChart({ evidence }: EvidenceProps) {
  return <EChart input={evidence.qq} option={qqPlot} table={qqTable} />;
}

export function SensorPick({ sensor }: { readonly sensor: number }) {
  const asset = useApp(currentAsset);
  const { setView } = useAppStore().getState();
  return (
    <Pick
      label={en.scores.sensor}
      look="pick small"
      options={(asset?.sensors ?? []).map((channel, index) => ({
        id: String(index),
        label: channel.name,
        ...(channel.system !== '' && { note: channel.system }),
      }))}
      value={String(sensor)}
      onPick={(id) => setView({ sensor: Number(id) })}
    />
  );
}

/** Each step from an error to the tail of the score, with its number. */
export function Chain({ evidence, run }: EvidenceProps & { readonly run: RunInfo }) {
  const { gamma } = evidence;
  return (
    <ol className="chain" data-tour="chain">
      <li>
        <b>{en.scores.chainError}</b>
        <span>{num(evidence.error)}</span>
        <small>{en.engineText(evidence.errorTitle)}</small>
      </li>
      <li>
        <b>{en.scores.chainTail}</b>
        <span>
          <i className="v">p</i> = <Prob logP={evidence.logP} mantissa />
        </span>
        <small>{en.scores.chainTailNote}</small>
      </li>
      <li>
        <b>{en.scores.chainPart}</b>
        <span>{num(evidence.part)}</span>
        <small>{en.scores.chainPartNote(num(evidence.weight))}</small>
      </li>
      <li>
        <b>{en.scores.chainSum}</b>
        <span>{num(evidence.score, 4)}</span>
        <small>{en.scores.chainSumNote(evidence.sensorsCounted, run.leftOut.length)}</small>
      </li>
      <li>
        <b>{en.scores.chainScore}</b>
        <span>
          <Prob logP={evidence.scoreLogP} />
        </span>
        <small>{en.scores.chainScoreNote(num(gamma.shape), num(gamma.scale))}</small>
      </li>
    </ol>
  );
}

export function QqLegend({ evidence }: EvidenceProps) {
  return (
    <span className="legend">
      <span>
        <i className="key dot" />
        {en.scores.ks(en.scores.gamma, fixed(evidence.qq.ksGamma, 2))}
      </span>
      <span>
        <svg width="9" height="9" aria-hidden="true">
          <path d="M1 1l7 7m0-7l-7 7" stroke="var(--ink-3)" />
        </svg>
        {en.scores.ks('χ²', fixed(evidence.qq.ksChi2, 2))}
      </span>
    </span>
  );
}
