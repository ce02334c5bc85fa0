import { describe, expect, it } from 'vitest';
import { fakeEngine } from './fakeEngine.testkit.ts';
import {
  askedPart,
  budgetLeft,
  currentRound,
  draftedScope,
  isAnswered,
  openRound,
  questionAt,
  spentIn,
  stopAdvice,
  teachingOf,
} from './labelRounds.ts';
import type { Round } from './labelRounds.ts';
import { heldLabels } from './labelSlice.ts';
import { readSettings, writeSettings } from './persist.ts';
import { createApp } from './store.ts';
import { valueOf } from './types.ts';

async function start() {
  const engine = fakeEngine();
  let id = 0;
  const store = createApp({ engine, nowMs: () => 1000, newId: () => `id-${(id += 1)}` });
  await store.getState().boot({});
  return { engine, store, state: () => store.getState() };
}

describe('a round of questions', () => {
  it('is asked, answered in turn and leaves the budget', async () => {
    const { state } = await start();
    await state().askRound();
    expect(openRound(state())?.questions).toHaveLength(10);
    expect(budgetLeft(state())).toBe(20);
    for (const verdict of ['anomalous', 'normal', 'unsure'] as const) await state().answer(verdict);
    expect(state().questionIndex).toBe(3);
    expect(spentIn(state())).toBe(3);
    expect(heldLabels(state()).map(({ verdict, origin }) => `${verdict} ${origin}`)).toEqual([
      'anomalous query',
      'normal query',
      'unsure query',
    ]);
  });

  it('goes on at once: quick answers never meet the same question', async () => {
    const { state } = await start();
    await state().askRound();
    await Promise.all(Array.from({ length: 10 }, () => state().answer('normal')));
    const round = openRound(state());
    expect(round?.questions.every((question) => isAnswered(state(), question))).toBe(true);
    expect(heldLabels(state())).toHaveLength(10);
  });

  it('that found nothing to ask is asked anew, and leaves no trace', async () => {
    const engine = fakeEngine();
    let isExhausted = true;
    const query: typeof engine.query = async (job) => {
      const outcome = await engine.query(job);
      return outcome.ok && isExhausted ? { ...outcome, value: { ...outcome.value, questions: [] } } : outcome;
    };
    const store = createApp({ engine: { ...engine, query }, nowMs: () => 1000, newId: () => 'id' });
    const state = () => store.getState();
    await state().boot({});
    await state().askRound();
    expect(openRound(state())?.questions).toEqual([]);
    isExhausted = false;
    await state().askRound();
    expect(openRound(state())?.questions).toHaveLength(10);
    expect(teachingOf(state())?.rounds).toHaveLength(1);
    // One that asks stays.
    await state().askRound();
    expect(teachingOf(state())?.rounds).toHaveLength(1);
  });

  it('never asks more than the budget', async () => {
    const { state, engine } = await start();
    state().setTeachSetting({ budget: 14 });
    for (let n = 0; n < 4; n += 1) {
      await state().askRound();
      const open = openRound(state())?.questions.length ?? 0;
      for (let answers = 0; answers < open; answers += 1) await state().answer('normal');
      await state().fineTune();
      await state().keepRound();
    }
    expect(spentIn(state())).toBe(14);
    expect(engine.log.calls.filter((call) => call.startsWith('query')).map((call) => call.split(' ')[1])).toEqual([
      '14',
      '4',
    ]);
  });

  it('is about all sensors until others are chosen, and says so with the next verdict', async () => {
    const { state } = await start();
    await state().askRound();
    const one = { kind: 'sensors', sensors: ['a.1'] } as const;
    state().setScope(one);
    await state().answer('anomalous');
    await state().answer('normal');
    expect(heldLabels(state()).map(({ scope }) => scope)).toEqual([one, { kind: 'all' }]);
    state().goToQuestion(0);
    const question = questionAt(state());
    if (!question) throw new Error('no question');
    expect(draftedScope(state(), question)).toEqual(one);
    await state().answer('unsure');
    expect(heldLabels(state()).find(({ verdict }) => verdict === 'unsure')?.scope).toEqual(one);
  });

  it('paints points, and an answer says them; undo takes the answer back and its question opens again', async () => {
    const { state } = await start();
    await state().askRound();
    const question = questionAt(state());
    if (!question) throw new Error('no question');
    state().paintSpan({ start: question.span.start - 5, end: question.span.start + 10 });
    state().nudgeEdge(3);
    state().nextEdge();
    state().nudgeEdge(-2);
    expect(state().drafts[question.id].spans).toEqual([
      { start: question.span.start + 3, end: question.span.start + 8 },
    ]);
    await state().answer('anomalous');
    expect(heldLabels(state())).toHaveLength(3);
    expect(isAnswered(state(), question)).toBe(true);
    await state().undoLabel();
    expect(isAnswered(state(), question)).toBe(false);
    await state().redoLabel();
    expect(isAnswered(state(), question)).toBe(true);
  });

  it('takes back one act for each of several quick undos', async () => {
    const { state } = await start();
    await state().askRound();
    for (let n = 0; n < 5; n += 1) void state().answer('normal');
    await Promise.all([state().undoLabel(), state().undoLabel(), state().undoLabel()]);
    expect(heldLabels(state())).toHaveLength(2);
    await Promise.all([state().redoLabel(), state().redoLabel()]);
    expect(heldLabels(state())).toHaveLength(4);
  });

  it('survives a reload with its questions, settings and name', async () => {
    const { state, store } = await start();
    state().setAuthor('ada');
    await state().askRound();
    const kept = readSettings(writeSettings(store.getState()));
    expect(kept.author).toBe('ada');
    expect(kept.teachings).toEqual(state().teachings);
    expect(kept.teachSettings).toEqual(state().teachSettings);
  });
});

describe('fine-tuning', () => {
  it('gives a run that is compared and, when kept, is the one in view', async () => {
    const { state, engine } = await start();
    await state().askRound();
    await state().answer('anomalous');
    await state().fineTune();
    const round = currentRound(state());
    expect(round?.state).toBe('taught');
    expect(valueOf(state().current)?.id).toBe('shipped');
    expect(state().comparison.is).toBe('ready');
    expect(engine.log.calls).toContain(`diff shipped ${round?.taught ?? ''}`);
    await state().keepRound();
    expect(valueOf(state().current)?.id).toBe(round?.taught);
    expect(currentRound(state())?.state).toBe('kept');
    expect(budgetLeft(state())).toBe(29);
  });

  it('can be rolled back: the run before stays, the new one goes, the labels stay', async () => {
    const { state } = await start();
    await state().askRound();
    await state().answer('anomalous');
    await state().fineTune();
    await state().rollBack();
    expect(state().runs.map(({ id }) => id)).toEqual(['shipped']);
    expect(valueOf(state().current)?.id).toBe('shipped');
    expect(currentRound(state())?.state).toBe('rolled-back');
    expect(heldLabels(state())).toHaveLength(1);
  });

  it('teaches from labels of the lanes alone', async () => {
    const { state } = await start();
    state().setBrush({ start: 14000, end: 14050 });
    await state().labelSelection('anomalous');
    await state().fineTune();
    expect(currentRound(state())).toMatchObject({ state: 'taught', questions: [] });
  });
});

describe('labels of the lanes', () => {
  it('say the drawn range, else the event; the same range again changes its verdict', async () => {
    const { state } = await start();
    await state().labelSelection('anomalous');
    expect(heldLabels(state())[0]).toMatchObject({ verdict: 'anomalous', origin: 'event' });
    state().setBrush({ start: 10, end: 20 });
    await state().labelSelection('unsure');
    await state().labelSelection('normal');
    expect(heldLabels(state())).toHaveLength(2);
    expect(heldLabels(state())[1]).toMatchObject({ verdict: 'normal', span: { start: 10, end: 20 }, origin: 'lane' });
    await state().clearSelection();
    expect(heldLabels(state())).toHaveLength(1);
  });

  it('are said in bulk for windows like one, without those that were unticked', async () => {
    const { state } = await start();
    await state().findSimilar({ start: 100, end: 150 });
    state().toggleSimilar(1);
    await state().acceptSimilar('anomalous');
    expect(heldLabels(state()).map(({ span, origin }) => `${span.start} ${origin}`)).toEqual([
      '1100 similar',
      '3100 similar',
      '4100 similar',
    ]);
    expect(state().likeness).toBeNull();
  });

  it('from a file that could not be read whole say what was left out', async () => {
    const { state } = await start();
    await state().importLabels('bo.csv', new Blob(['x']), null);
    expect(state().importNote).toMatchObject({ file: 'bo.csv', added: 0, problems: ['bo.csv: row 3 has no end'] });
  });
});

describe('where questions come from', () => {
  const test = { start: 100, end: 200 };
  const labelled = { labels: [{ start: 110, end: 120 }], test };
  const bare = [
    { labels: null, test },
    { labels: [{ start: 10, end: 20 }], test },
  ];

  it('leaves the rest for evaluation only where something can be evaluated', () => {
    expect(askedPart({ part: 'auto' }, labelled)).toBe(0.4);
    for (const asset of bare) expect(askedPart({ part: 'auto' }, asset)).toBe(1);
  });

  it('is what a person chose, whatever the file holds', () => {
    for (const part of [0.2, 1, 'all'] as const)
      for (const asset of [labelled, ...bare]) expect(askedPart({ part }, asset)).toBe(part);
  });
});

describe('stop advice', () => {
  const round = (changed: number, answers: number): Round => ({
    runId: 'r',
    questions: [],
    pool: null,
    by: 'error',
    window: 50,
    state: 'kept',
    taught: 't',
    outcome: { answers, changed, metric: null },
  });

  it('waits for two rounds, then compares what an answer changes with the first round', () => {
    expect(stopAdvice([round(10, 10)])).toEqual({ is: 'unknown' });
    expect(stopAdvice([round(10, 10), round(6, 10)])).toEqual({ is: 'go', perAnswer: 0.6, first: 1 });
    expect(stopAdvice([round(10, 10), round(6, 10), round(2, 10)])).toEqual({ is: 'flat', perAnswer: 0.2, first: 1 });
    expect(stopAdvice([round(0, 10), round(0, 10)]).is).toBe('flat');
  });
});
