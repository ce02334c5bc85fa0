import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import type { AssetSummary, GeneratorInfo } from '../../../workers/protocol.ts';
import { Btn, Empty, Wrong } from '../../controls/Basics.tsx';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { lengthOf } from '../../state/labelAnswers.ts';
import { currentAsset } from '../../state/select.ts';
import { canvasOf } from '../../state/studioCanvasSlice.ts';
import { assetOf, chosenGenerator } from '../../state/studioSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { TimeInput } from './TimeInput.tsx';
import { useMaterialClock } from './useMaterialClock.ts';

const words = en.create.place;

/** Puts the anomaly on the canvas into one's own series, as a new data set that says so for good. */
export function PlacePanel() {
  const generator = useApp(chosenGenerator);
  const asset = useApp((s) => (generator ? assetOf(s, generator.job.material) : null));
  const runs = useApp((s) => canvasOf(s)?.runs ?? null);
  if (!generator || !asset || !runs) return null;
  if (runs.length === 0) return <Empty title={words.nothing} />;
  if (asset.T < generator.T) return <Empty title={words.tooShort} />;
  return <Place generator={generator} asset={asset} />;
}

function Place({ generator, asset }: { readonly generator: GeneratorInfo; readonly asset: AssetSummary }) {
  const form = useApp((s) => s.placeForm);
  const runs = useApp((s) => canvasOf(s)?.runs ?? []);
  const injection = useApp((s) => s.injection);
  const view = useApp((s) => s.range);
  const isShown = useApp((s) => currentAsset(s)?.name === asset.name);
  const { setPlace, inject, openInjection } = useAppStore().getState();
  const clock = useMaterialClock(generator.job.material);
  const last = asset.T - generator.T;
  const start = Math.min(last, Math.max(0, form.start));
  const first = runs[0]?.start ?? 0;
  const length = lengthOf(runs);
  return (
    <div className="place">
      <p className="soft small">{words.text}</p>
      <div className="place-form">
        <label className="inline-label small">
          {words.sensor}
          <Pick
            label={words.sensor}
            look="pick small"
            options={asset.sensors.map(({ name }, n) => ({ id: String(n), label: name }))}
            value={String(form.sensor)}
            onPick={(id) => setPlace({ sensor: Number(id) })}
          />
        </label>
        <label className="inline-label small">
          {words.row}
          <NumberInput
            small
            live
            label={words.row}
            value={start}
            min={0}
            max={last}
            step={1}
            onValue={(value) => setPlace({ start: Math.round(value) })}
          />
        </label>
        {clock.dates && (
          <label className="inline-label small">
            {words.time}
            <TimeInput
              label={words.time}
              dates={clock.dates}
              value={start}
              max={last}
              onValue={(value) => setPlace({ start: value })}
            />
          </label>
        )}
        <Btn
          small
          isDisabled={!view || !isShown}
          {...(!isShown && { tip: words.other })}
          onPress={() => {
            const middle = view ? (view.from + view.to) / 2 : 0;
            setPlace({ start: Math.min(last, Math.max(0, Math.round(middle - (first + length / 2)))) });
          }}
        >
          {words.view}
        </Btn>
      </div>
      <Slider
        className="place-slider"
        aria-label={words.at}
        minValue={0}
        maxValue={last}
        step={1}
        value={start}
        onChange={(value) => setPlace({ start: value })}
      >
        <SliderTrack className="latent-track">
          {runs.map((run) => (
            <i
              key={run.start}
              className="place-run"
              style={{
                left: `${((start + run.start) / asset.T) * 100}%`,
                width: `max(2px, ${((run.end - run.start) / asset.T) * 100}%)`,
              }}
            />
          ))}
          <SliderThumb className="latent-thumb" />
        </SliderTrack>
      </Slider>
      <p className="small">
        <span className="chip synthetic">{words.anomaly(clock.text(start + first), clock.length(length, start))}</span>{' '}
        <span className="hint">{words.ends(clock.text(start), clock.text(start + generator.T - 1))}</span>
      </p>
      <p className="place-form">
        <Btn look="primary" small isDisabled={injection.is === 'loading'} onPress={() => void inject()}>
          {injection.is === 'loading' ? words.going : words.go}
        </Btn>
      </p>
      {injection.is === 'failed' && <Wrong error={injection.error} />}
      {injection.is === 'ready' && (
        <div className="state" role="status">
          <b>{words.done(injection.value.dataset.name)}</b>
          <p className="soft">
            {words.doneText(
              clock.text(injection.value.injected.start),
              clock.length(
                injection.value.injected.end - injection.value.injected.start,
                injection.value.injected.start,
              ),
            )}
          </p>
          <Btn onPress={() => void openInjection()}>{words.open}</Btn>
        </div>
      )}
    </div>
  );
}
