import { X } from 'lucide-react';
import { Btn, Empty } from '../../controls/Basics.tsx';
import { Segments } from '../../controls/Pick.tsx';
import type { AssetSummary } from '../../../workers/protocol.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import { en } from '../../messages/en.ts';
import { normalRange, shownDrift } from '../../state/driftNormal.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { regimeTitle } from './regimes.ts';

type FormProps = { readonly asset: AssetSummary; readonly clock: ChartClock };

const words = en.normal;

/** What is confirmed, what is learned from it, and the one press that does it. */
export function NormalForm({ asset, clock }: FormProps) {
  const state = useApp((s) => s);
  const range = normalRange(state);
  const { setDrift, confirmNormal } = useAppStore().getState();
  const { normalPick: pick, normalForm: form } = state;
  const isBusy = state.run.is === 'running';
  if (!range) return <Empty title={words.title} text={words.none} />;
  const regime = typeof pick === 'number' ? shownDrift(state)?.measured.regimes[pick] : undefined;
  const set = (change: Partial<typeof form>) => setDrift({ normalForm: { ...form, ...change } });
  const way = form.retrain ? 'retrain' : 'head';
  const { learned } = range;
  return (
    <section className="section normal-form" aria-label={words.title}>
      <h3>
        {words.title}
        <span>{regime ? regimeTitle(asset, regime) : words.drawn}</span>
        <Btn look="quiet" small icon aria-label={words.close} onPress={() => setDrift({ normalPick: null })}>
          <X size={14} aria-hidden="true" />
        </Btn>
      </h3>
      <div className="normal-rows">
        {regime && (
          <>
            <span>{words.part}</span>
            <Segments
              label={words.part}
              options={(['half', 'all'] as const).map((id) => ({ id, label: words.parts[id] }))}
              value={form.part}
              onPick={(id) => set({ part: id === 'all' ? 'all' : 'half' })}
            />
          </>
        )}
        <span>{words.how}</span>
        <Segments
          label={words.how}
          options={(['head', 'retrain'] as const).map((id) => ({ id, label: words.ways[id] }))}
          value={way}
          onPick={(id) => set({ retrain: id === 'retrain' })}
        />
        {range.hasEnd && (
          <>
            <span>{words.until}</span>
            <Segments
              label={words.until}
              options={(['range', 'onwards'] as const).map((id) => ({ id, label: words.untils[id] }))}
              value={range.onwards ? 'onwards' : 'range'}
              onPick={(id) => set({ onwards: id === 'onwards' })}
            />
          </>
        )}
      </div>
      <p className="small soft">
        {words.wayHelp[way]} {regime && form.part === 'half' ? words.partHelp : ''}
      </p>
      <p className="small">
        {words.learns(range.words, clock.length(learned.end - learned.start, learned.start))}{' '}
        {range.dropped.length > 0 && words.leavesOut(range.dropped.length)}
      </p>
      <Btn
        look="primary"
        small
        isDisabled={isBusy}
        {...(isBusy && { tip: words.busy })}
        onPress={() => void confirmNormal()}
      >
        {words.go[way]}
      </Btn>
    </section>
  );
}
