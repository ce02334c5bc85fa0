import { CheckboxButton, CheckboxField } from 'react-aria-components';
import { percent } from '../../../charts/format.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import type { Likeness as Found } from '../../state/labelSlice.ts';
import { useAppStore } from '../../state/useApp.ts';
import { VerdictMark } from './VerdictMark.tsx';

/** Windows like the one in view: untick what differs, say the rest at once. */
export function Likeness({ likeness, clock }: { readonly likeness: Found; readonly clock: ChartClock }) {
  const { acceptSimilar, closeSimilar, setRange, toggleSimilar } = useAppStore().getState();
  const { found, dropped } = likeness;
  const close = (
    <Btn look="quiet" small kbd="Esc" onPress={closeSimilar}>
      {en.label.alike.close}
    </Btn>
  );
  if (found.is === 'failed') return <Wrong error={found.error}>{close}</Wrong>;
  if (found.is !== 'ready') return <Skeleton lines={3} saying={en.label.alike.finding} />;
  if (found.value.length === 0) return <Empty title={en.label.alike.none}>{close}</Empty>;
  return (
    <section className="likeness" aria-label={en.label.alike.title}>
      <div className="question-line">
        <b>{en.label.alike.title}</b>
        <span className="soft">{en.label.alike.text}</span>
        <span className="grow" />
        {close}
      </div>
      <ul>
        {found.value.map(({ span, distance }, n) => (
          <li key={span.start}>
            <CheckboxField
              isSelected={!dropped.includes(n)}
              onChange={() => toggleSimilar(n)}
              aria-label={en.label.alike.take(clock.flag(span.start))}
            >
              <CheckboxButton className="check">
                <span className="box" aria-hidden="true" />
                {clock.flag(span.start)}
              </CheckboxButton>
            </CheckboxField>
            <span className="hint">{en.label.alike.distance(percent(Math.max(0, 1 - distance)))}</span>
            <Btn
              look="quiet"
              small
              onPress={() => {
                const wide = (span.end - span.start) * 2;
                setRange({ from: span.start - wide, to: span.end + wide });
              }}
            >
              {en.label.alike.show}
            </Btn>
          </li>
        ))}
      </ul>
      <div className="row">
        <span className="soft small">{en.label.alike.accept(found.value.length - dropped.length)}</span>
        {(['anomalous', 'normal', 'unsure'] as const).map((verdict) => (
          <Btn
            key={verdict}
            small
            isDisabled={dropped.length === found.value.length}
            onPress={() => void acceptSimilar(verdict)}
          >
            <VerdictMark verdict={verdict} word />
          </Btn>
        ))}
      </div>
    </section>
  );
}
