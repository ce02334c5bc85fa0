/**
 * The guided tour: a card beside the real control it speaks of, which stays usable. It holds no focus and hides nothing,
 * so it can be left at any stop and taken up again there.
 */
import './tour.css';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Btn } from '../controls/Basics.tsx';
import { en } from '../messages/en.ts';
import { useApp, useAppStore } from '../state/useApp.ts';
import { placeBeside, type Size } from './place.ts';
import { beginTour, STOPS, tourFacts } from './stops.ts';
import { useTarget } from './useTarget.ts';

const FOCUSABLE = 'button, [href], input, select, textarea, [tabindex]';

/** Room of the ring around its target. */
const RING = 3;

export function Tour() {
  const store = useAppStore();
  const step = useApp((s) => Math.min(s.tourStep, STOPS.length - 1));
  const facts = tourFacts(useApp((s) => s));
  const stop = STOPS[step]!;
  const { title, text } = en.tour.parts[stop.id];
  const card = useRef<HTMLDivElement>(null);
  const ids = { title: useId(), text: useId() };
  const target = useTarget(stop.target);
  const at = placeBeside(target, useSize(card, step), { width: window.innerWidth, height: window.innerHeight });
  const isLast = step === STOPS.length - 1;

  useFocusBack(card);
  useEffect(() => beginTour(store.getState()), [store]);
  useEffect(() => stop.enter(store.getState()), [store, stop]);

  const { setView } = store.getState();
  const go = (to: number) => {
    if (to >= STOPS.length) setView({ tourOpen: false, tourStep: 0 });
    else if (to >= 0) setView({ tourStep: to });
  };
  const end = () => setView({ tourOpen: false, ...(isLast && { tourStep: 0 }) });
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (by === undefined) end();
    // The last step is left by the button that says so.
    else if (step + by < STOPS.length) go(step + by);
  };
  return (
    <>
      {target && (
        <div
          className="tour-ring"
          aria-hidden="true"
          style={{
            left: target.left - RING,
            top: target.top - RING,
            width: target.width + 2 * RING,
            height: target.height + 2 * RING,
          }}
        />
      )}
      <div
        ref={card}
        className="tour-card"
        role="dialog"
        aria-labelledby={ids.title}
        aria-describedby={ids.text}
        tabIndex={-1}
        data-own-keys=""
        style={at}
        onKeyDown={onKeyDown}
      >
        <div aria-live="polite">
          <div className="tour-title">
            <h2 id={ids.title}>{title}</h2>
            <span className="hint">{en.tour.place(step + 1, STOPS.length)}</span>
          </div>
          <p id={ids.text}>{text(facts)}</p>
        </div>
        <p className="hint small">{en.tour.hint}</p>
        <div className="row">
          <Btn small look="primary" onPress={() => go(step + 1)}>
            {isLast ? en.tour.end : en.tour.next}
          </Btn>
          <Btn small isDisabled={step === 0} onPress={() => go(step - 1)}>
            {en.tour.back}
          </Btn>
          <Btn small look="quiet" isDisabled={!target} onPress={() => focusOn(stop.target)}>
            {en.tour.to}
          </Btn>
          <span className="grow" />
          {step > 0 && !isLast && (
            <Btn small look="quiet" onPress={() => go(0)}>
              {en.tour.over}
            </Btn>
          )}
          {!isLast && (
            <Btn small look="quiet" kbd="Esc" onPress={end}>
              {en.tour.end}
            </Btn>
          )}
        </div>
      </div>
    </>
  );
}

/** The control itself, or the first one inside of it. */
function focusOn(selector: string): void {
  const target = document.querySelector<HTMLElement>(selector);
  const control = target?.matches(FOCUSABLE) ? target : target?.querySelector<HTMLElement>(FOCUSABLE);
  control?.focus();
}

/** Size of the card, measured anew for each text before it is painted. */
function useSize(card: React.RefObject<HTMLElement | null>, step: number): Size {
  const [size, setSize] = useState<Size>({ width: 340, height: 190 });
  useLayoutEffect(() => {
    const box = card.current;
    if (box) setSize({ width: box.offsetWidth, height: box.offsetHeight });
  }, [card, step]);
  return size;
}

/** The card takes the focus when the tour opens and gives it back to where it was. */
function useFocusBack(card: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    const own = card.current;
    own?.focus({ preventScroll: true });
    return () => {
      const isHeld = own?.contains(document.activeElement) === true || document.activeElement === document.body;
      if (isHeld && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [card]);
}
