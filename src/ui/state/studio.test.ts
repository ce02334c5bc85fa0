import { describe, expect, it } from 'vitest';
import { fakeEngine } from './fakeEngine.testkit.ts';
import { currentRound } from './labelRounds.ts';
import { readSettings, writeSettings } from './persist.ts';
import { createApp } from './store.ts';
import { canvasOf } from './studioCanvasSlice.ts';
import { maskOf } from './studioMask.ts';
import { chosenSet } from './studioSetSlice.ts';
import { chosenGenerator, generatorsOf } from './studioSlice.ts';
import { gainOf, numbersIn, trialLines } from './studioTrial.ts';
import { trialOf } from './studioTrialSlice.ts';
import { valueOf } from './types.ts';

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

async function start(pace?: () => Promise<void>) {
  const engine = fakeEngine(pace);
  let id = 0;
  const store = createApp({ engine, nowMs: () => 1000, newId: () => `id-${(id += 1)}` });
  await store.getState().boot({});
  const state = () => store.getState();
  state().goTo('create');
  await state().chooseGenerator(generatorsOf(state())[0].id);
  await turn();
  const canvas = () => {
    const found = canvasOf(state());
    if (!found) throw new Error('no canvas');
    return found;
  };
  return { engine, store, state, canvas };
}

const asked = (calls: readonly string[], what: string) => calls.filter((call) => call.startsWith(what));

describe('the canvas', () => {
  it('opens on a normal window with a painted run and an answer', async () => {
    const { state, canvas } = await start();
    expect(valueOf(state().studioWindows)?.anomalous_N[canvas().number]).toBe(0);
    expect(canvas().runs).toEqual([{ start: 52, end: 67 }]);
    expect(canvas().decoded?.x_T).toHaveLength(120);
    expect(canvas().z_Z).toEqual(canvas().described?.mu_Z);
    expect(state().answersMs).toEqual([]);
    state().shiftMask(1);
    await turn();
    expect(state().answersMs).toEqual([0]);
  });

  it('asks for the newest of many strokes only, and its answer is the one that stays', async () => {
    const { engine, state, canvas } = await start();
    const before = asked(engine.log.calls, 'decode').length;
    for (let t = 0; t < 40; t += 1) state().paintMask({ start: t, end: t + 1 });
    await turn();
    const decodes = asked(engine.log.calls, 'decode').slice(before);
    expect(decodes.length).toBeLessThan(5);
    expect(decodes.at(-1)).toBe(`decode ${canvas().number} 55`);
    expect(maskOf(canvas().runs, 120).reduce((sum, step) => sum + step, 0)).toBe(55);
    expect(canvas().described?.runs).toBe(canvas().runs);
  });

  it('follows the window until a slider is moved, and again when told to', async () => {
    const { engine, state, canvas } = await start();
    state().setLatent(0, 1.5);
    await turn();
    expect(canvas().follows).toBe(false);
    expect((canvas().decoded?.x_T[60] ?? 0) - (canvas().decoded?.plain_T[60] ?? 0)).toBeCloseTo(3.5);
    state().shiftMask(1);
    await turn();
    expect(canvas().z_Z[0]).toBe(1.5);
    expect(asked(engine.log.calls, 'describe').length).toBeGreaterThan(1);
    state().resetLatents('window');
    await turn();
    expect(canvas().z_Z).toEqual(canvas().described?.mu_Z);
    state().resetLatents('zero');
    expect(canvas().z_Z.every((value) => value === 0)).toBe(true);
    state().resetLatents('prior');
    const drawn = canvas().z_Z;
    state().resetLatents('prior');
    expect(canvas().z_Z).not.toEqual(drawn);
  });

  it('keeps the mask from window to window and walks round', async () => {
    const { state, canvas } = await start();
    const { runs } = canvas();
    await state().stepWindow(-1);
    expect(canvas().number).toBe(39);
    await state().stepWindow(1);
    expect(canvas().number).toBe(0);
    expect(canvas().runs).toBe(runs);
  });

  it('makes and moves a mask without a pointer', async () => {
    const { state, canvas } = await start();
    state().addRun();
    expect(canvas().runs).toHaveLength(2);
    const grown = canvas().runs[canvas().active];
    state().growRun(1);
    expect(canvas().runs[canvas().active].end).toBe(grown.end + 1);
    state().nextRun();
    state().eraseRun();
    state().eraseRun();
    expect(canvas().runs).toEqual([]);
    await turn();
    expect(canvas().decoded?.x_T).toEqual(canvas().decoded?.plain_T);
  });
});

describe('a set', () => {
  it('is made of the painted mask, opens in the canvas as it was made, and is deleted', async () => {
    const { engine, state, canvas } = await start();
    const { runs } = canvas();
    state().setSetForm({ count: 12, mask: 'painted' });
    await state().makeSet();
    expect(engine.log.calls).toContain('set 12 posterior painted');
    const made = chosenSet(state());
    expect(made?.x_NT).toHaveLength(12 * 120);
    expect(valueOf(state().sampleMap)?.kind_P).toHaveLength(52);
    await state().openSample(5);
    await turn();
    expect(canvas().opened).toEqual({ setId: made?.id, n: 5 });
    expect(canvas().runs).toEqual(runs);
    expect(canvas().decoded?.x_T).toEqual(made?.x_NT.slice(600, 720));
    state().setLatent(3, 0.2);
    expect(canvas().opened).toBeNull();
    await state().deleteSet(made?.id ?? '');
    expect(chosenSet(state())).toBeNull();
    expect(state().sampleMap.is).toBe('none');
  });

  it('teaches the run in view beside what people said', async () => {
    const { state } = await start();
    await state().makeSet();
    await state().teachWithSet();
    expect(state().page).toBe('label');
    expect(state().run).toMatchObject({ is: 'done', teaches: true });
    expect(currentRound(state())?.state).toBe('taught');
  });

  it('has another seed each time, so that the next set is another one', async () => {
    const { state } = await start();
    await state().makeSet();
    await state().makeSet();
    expect(valueOf(state().sets)?.map(({ id }) => id)).toEqual(['set-2', 'set-1']);
  });

  it('keeps windows by hand and opens them with their latent numbers', async () => {
    const { state, canvas } = await start();
    state().setLatent(2, -0.7);
    await turn();
    state().handpick();
    const [kept] = state().handpicked;
    await state().randomWindow();
    state().resetLatents('zero');
    await state().openHandpicked(kept.id);
    expect(canvas().z_Z[2]).toBeCloseTo(-0.7);
    expect(canvas().number).toBe(kept.number);
    state().dropHandpicked(kept.id);
    expect(state().handpicked).toEqual([]);
  });
});

describe('training a generator', () => {
  it('shows its losses on the way and puts the new one on the canvas', async () => {
    const losses: number[] = [];
    const { state, store } = await start();
    store.subscribe(({ studioJob }) => {
      if (studioJob.is === 'running') losses.push(studioJob.losses.length);
    });
    state().setMaterial({ window: 60 });
    state().setRecipeParam('epochs1', 5);
    expect(state().recipe.changed).toEqual({ epochs1: 5 });
    state().setRecipeParam('epochs1', 20);
    expect(state().recipe.changed).toEqual({});
    await state().trainGenerator();
    expect(Math.max(...losses)).toBe(3);
    expect(chosenGenerator(state())?.T).toBe(60);
    expect(generatorsOf(state())).toHaveLength(2);
    expect(state().studioJob.is).toBe('idle');
  });

  it('stops when it is cancelled and keeps nothing', async () => {
    const { state } = await start(turn);
    const training = state().trainGenerator();
    await turn();
    state().cancelStudio();
    await training;
    expect(state().studioJob).toEqual({ is: 'cancelled', what: 'train' });
    expect(generatorsOf(state())).toHaveLength(1);
  });
});

describe('a trial', () => {
  it('gives mean and deviation over seeds and what is gained, also of a trial that was stopped, and survives a reload', async () => {
    const { state, store } = await start();
    state().setTrialForm({ detectors: ['sr-cnn'], seeds: 2 });
    await state().runTrial();
    const trial = trialOf(state());
    const [line] = trialLines(trial?.rows ?? [], 'window', 'macroOracle');
    expect(line.base).toEqual({ mean: 0.53, sd: expect.closeTo(0.01) as number, seeds: 2 });
    expect(line.figures['T(R+S)TR']?.mean).toBeCloseTo(0.63);
    expect(line.figures['TSTR']).toBeNull();
    expect(gainOf([line])).toEqual({ better: 1, of: 1, mean: expect.closeTo(0.1) as number });
    expect(readSettings(writeSettings(store.getState())).trials).toEqual(state().trials);
  });

  it('keeps what was done when it is cancelled', async () => {
    const { state } = await start(turn);
    const trying = state().runTrial();
    await turn();
    await turn();
    await turn();
    state().cancelStudio();
    await trying;
    const trial = trialOf(state());
    expect(trial?.rows.length).toBeGreaterThan(0);
    expect(trial?.rows.length).toBeLessThan(trial?.of ?? 0);
  });
});

describe('a stress test', () => {
  it('fills a cell for each size and length of the run in view', async () => {
    const { state } = await start();
    await state().runStress();
    expect(valueOf(state().stressCells)?.cells).toHaveLength(9);
    expect(numbersIn('0.5, 1;2', 0.01, 100)).toEqual([0.5, 1, 2]);
    expect(numbersIn('1, x', 0, 10)).toBeNull();
  });
});

describe('placing', () => {
  it('says why it was refused and changes nothing', async () => {
    const { engine, state } = await start();
    state().setPlace({ start: 500 });
    await state().inject();
    expect(engine.log.calls).toContain('inject at 500');
    expect(state().injection).toMatchObject({ is: 'failed', error: { cure: 'Start earlier.' } });
  });
});
