import { ChevronLeft, ChevronRight, Shuffle } from 'lucide-react';
import { useMemo } from 'react';
import { CheckboxButton, CheckboxField } from 'react-aria-components';
import { PaintStage, type PaintWords } from '../../../charts/PaintStage.tsx';
import type { PaintInput } from '../../../charts/paintCanvas.ts';
import type { GeneratorInfo } from '../../../workers/protocol.ts';
import { Btn, Chip, Kbd, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { lengthOf } from '../../state/labelAnswers.ts';
import type { Canvas } from '../../state/studioCanvasSlice.ts';
import { chosenGenerator } from '../../state/studioSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { useMaterialClock } from './useMaterialClock.ts';

const words = en.create.paint;

/** The canvas with its head and its tools. */
export function PaintPanel() {
  const generator = useApp(chosenGenerator);
  const canvas = useApp((s) => s.canvas);
  const windows = useApp((s) => s.studioWindows);
  const { chooseGenerator, openFirstWindow } = useAppStore().getState();
  if (!generator) return <Skeleton lines={8} saying={en.create.page.loading} />;
  if (windows.is === 'failed')
    return (
      <Wrong error={windows.error}>
        <Btn onPress={() => void chooseGenerator(generator.id)}>{en.tryAgain}</Btn>
      </Wrong>
    );
  if (canvas.is === 'failed')
    return (
      <Wrong error={{ ...canvas.error, message: `${words.wrong}: ${en.engineText(canvas.error.message)}` }}>
        <Btn onPress={() => void openFirstWindow()}>{en.tryAgain}</Btn>
      </Wrong>
    );
  if (canvas.is !== 'ready') return <Skeleton lines={8} saying={en.create.page.reading} />;
  return (
    <section className="paint-panel" aria-label={words.title}>
      <Head generator={generator} canvas={canvas.value} />
      <Stage generator={generator} canvas={canvas.value} />
      <Tools generator={generator} canvas={canvas.value} />
    </section>
  );
}

type Props = { readonly generator: GeneratorInfo; readonly canvas: Canvas };

function Head({ generator, canvas }: Props) {
  const info = useApp((s) => valueOf(s.studioWindows));
  const plain = useApp((s) => s.showPlain);
  const { stepWindow, randomWindow } = useAppStore().getState();
  const clock = useMaterialClock(generator.job.material);
  const isOdd = info?.anomalous_N[canvas.number] === 1;
  return (
    <div className="panel-head paint-head">
      <h2>{words.title}</h2>
      <span className="window-steps">
        <Btn
          look="quiet"
          small
          icon
          aria-label={words.previous}
          kbd="K"
          className="fold"
          onPress={() => void stepWindow(-1)}
        >
          <ChevronLeft size={14} aria-hidden="true" />
        </Btn>
        <Btn
          look="quiet"
          small
          icon
          aria-label={words.next}
          kbd="J"
          className="fold"
          onPress={() => void stepWindow(1)}
        >
          <ChevronRight size={14} aria-hidden="true" />
        </Btn>
        <Btn look="quiet" small icon aria-label={words.random} onPress={() => void randomWindow()}>
          <Shuffle size={13} aria-hidden="true" />
        </Btn>
      </span>
      <span className="soft small clip-line">
        {generator.sensor.name}, {words.window(canvas.number + 1, info?.windows ?? 0)}, {clock.flag(canvas.real.start)}
      </span>
      {isOdd && <span className="chip event">{words.isAnomalous}</span>}
      {canvas.opened && <span className="chip synthetic">{words.opened(canvas.opened.n + 1)}</span>}
      <span className="grow" />
      <span className="legend">
        <span>
          <i className="key real" /> {words.legend.real}
        </span>
        <span>
          <i className="key synthetic" /> {words.legend.synthetic}
        </span>
        {plain && (
          <span>
            <i className="key curve" /> {words.legend.plain}
          </span>
        )}
        <span>
          <i className="key event" /> {words.legend.mask}
        </span>
      </span>
    </div>
  );
}

function Stage({ generator, canvas }: Props) {
  const showPlain = useApp((s) => s.showPlain);
  const mode = useApp((s) => s.brushMode);
  const { paintMask, eraseMask } = useAppStore().getState();
  const clock = useMaterialClock(generator.job.material);
  const { T } = generator;
  const { real, decoded, runs, active, described } = canvas;
  const input = useMemo<PaintInput>(
    () => ({
      T,
      real_T: real.x_T,
      synthetic_T: decoded?.x_T ?? null,
      plain_T: showPlain && decoded && decoded.plain_T.length === T ? decoded.plain_T : null,
      runs,
      active: runs.length > 1 ? active : null,
      lengthOf: (steps) => clock.length(steps),
    }),
    [T, real, decoded, showPlain, runs, active, clock],
  );
  const painted = runs.length === 0 ? words.nothing : words.painted(runs.length, clock.length(lengthOf(runs)));
  const said = useMemo<PaintWords>(
    () => ({
      label: words.label(painted),
      series: words.series,
      unit: generator.sensor.unit,
      difference: words.difference,
      differenceNote: words.differenceNote,
      mask: words.mask,
      maskNote: words.maskNote,
      painted,
      flag: (step) => words.flag(clock.flag(real.start + step), real.x_T[step] ?? NaN, decoded?.x_T[step] ?? NaN),
    }),
    [painted, generator, clock, real, decoded],
  );
  return (
    <>
      <PaintStage
        input={input}
        words={said}
        erases={mode === 'erase'}
        stale={described?.runs !== runs && canvas.follows}
        onStroke={(span, isErasing) => (isErasing ? eraseMask(span) : paintMask(span))}
      />
      <p className="visually-hidden" role="status">
        {words.status(painted)}
      </p>
    </>
  );
}

function Tools({ generator, canvas }: Props) {
  const mode = useApp((s) => s.brushMode);
  const plain = useApp((s) => s.showPlain);
  const { setBrushMode, setShowPlain, resetLatents, handpick } = useAppStore().getState();
  const clock = useMaterialClock(generator.job.material);
  return (
    <div className="paint-tools">
      <Segments
        label={words.mode}
        options={(['paint', 'erase'] as const).map((id) => ({ id, label: words.modes[id] }))}
        value={mode}
        onPick={(id) => setBrushMode(id === 'erase' ? 'erase' : 'paint')}
      />
      <span className="paint-keys">
        <Kbd>{words.keys.drag}</Kbd> {mode === 'erase' ? words.keys.erase : words.keys.paint}
        <Kbd>{`⇧ ${words.keys.drag}`}</Kbd> {words.keys.erase}
        <Kbd>←</Kbd>
        <Kbd>→</Kbd> {words.keys.shift(clock.length(1))}
      </span>
      <CheckboxField isSelected={plain} onChange={setShowPlain}>
        <CheckboxButton className="check small">
          <span className="box" aria-hidden="true" />
          {words.plain}
        </CheckboxButton>
      </CheckboxField>
      <span className="grow" />
      <AnswerTime />
      <Btn small kbd="Space" onPress={() => resetLatents('prior')}>
        {words.draw}
      </Btn>
      <Btn look="primary" small kbd="↵" tip={words.keepTip} isDisabled={canvas.decoded === null} onPress={handpick}>
        {words.keep}
      </Btn>
    </div>
  );
}

/** Median and slowest of the last answers, as measured. */
function AnswerTime() {
  const answers = useApp((s) => s.answersMs);
  if (answers.length === 0) return null;
  const sorted = [...answers].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const worst = sorted.at(-1) ?? 0;
  return (
    <Chip
      className="plain"
      tip={words.answersTip(answers.length, worst)}
      text={
        <span data-testid="answer-time" data-median={median} data-worst={worst}>
          {words.answersIn} <b>{words.answers(median)}</b>
        </span>
      }
    />
  );
}
