import { memo } from 'react';
import { Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { Btn, Skeleton } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { canvasOf } from '../../state/studioCanvasSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { CloseAside } from './CloseAside.tsx';

const words = en.create.latent;

/** A slider reaches this far to both sides: 99.7 % of the prior. */
const REACH = 3;

/** The latent numbers as sliders, with what the encoder finds in the real window. */
export function Latents() {
  const canvas = useApp(canvasOf);
  const { resetLatents, setLatent } = useAppStore().getState();
  return (
    <section className="latents" aria-label={words.title}>
      <div className="panel-head">
        <h2>{words.title}</h2>
        <span className="soft small">{canvas && words.prior(canvas.z_Z.length)}</span>
        <span className="grow" />
        <Btn
          look="quiet"
          small
          tip={words.windowTip}
          picked={canvas?.follows === true}
          onPress={() => resetLatents('window')}
        >
          {words.window}
        </Btn>
        <Btn look="quiet" small tip={words.nearTip} onPress={() => resetLatents('near')}>
          {words.near}
        </Btn>
        <Btn look="quiet" small tip={words.zeroTip} onPress={() => resetLatents('zero')}>
          {words.zero}
        </Btn>
        <CloseAside />
      </div>
      {canvas ? (
        <div className="latent-grid">
          {Array.from(canvas.z_Z, (value, index) => (
            <Latent
              key={index}
              index={index}
              value={value}
              mean={canvas.described?.mu_Z[index] ?? null}
              sd={canvas.described?.sd_Z[index] ?? null}
              onValue={setLatent}
            />
          ))}
        </div>
      ) : (
        <Skeleton lines={8} saying={en.create.page.reading} />
      )}
      <p className="latent-legend small soft">
        <i aria-hidden="true" /> {words.legend}
      </p>
    </section>
  );
}

type LatentProps = {
  readonly index: number;
  readonly value: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly onValue: (index: number, value: number) => void;
};

const share = (value: number): number => Math.min(1, Math.max(0, (value + REACH) / (2 * REACH)));
const percent = (part: number): string => `${part * 100}%`;

const Latent = memo(function Latent({ index, value, mean, sd, onValue }: LatentProps) {
  return (
    <Slider
      className="latent"
      aria-label={words.one(index + 1)}
      minValue={-REACH}
      maxValue={REACH}
      step={0.01}
      value={Math.min(REACH, Math.max(-REACH, value))}
      onChange={(next) => onValue(index, next)}
    >
      <span aria-hidden="true">
        z<sub>{index + 1}</sub>
      </span>
      <SliderTrack className="latent-track">
        {mean !== null && sd !== null && (
          <>
            <i
              className="latent-span"
              style={{ left: percent(share(mean - sd)), width: percent(share(mean + sd) - share(mean - sd)) }}
            />
            <i className="latent-mean" style={{ left: percent(share(mean)) }} />
          </>
        )}
        <SliderThumb className="latent-thumb" />
      </SliderTrack>
      <SliderOutput className="latent-value">{words.value(value)}</SliderOutput>
    </Slider>
  );
});
