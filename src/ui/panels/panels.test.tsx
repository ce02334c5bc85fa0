// @vitest-environment jsdom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { allTurns } from '../../charts/turns.ts';
import { en } from '../messages/en.ts';
import { fakeEngine } from '../state/fakeEngine.testkit.ts';
import { shownSettings } from '../state/resultsSlice.ts';
import { jobOf } from '../state/setupSlice.ts';
import { createApp } from '../state/store.ts';
import { AppContext } from '../state/useApp.ts';
import { DataPage } from './data/DataPage.tsx';
import { EnginePage } from './engine/EnginePage.tsx';
import { EventTab } from './review/EventTab.tsx';
import { Interrupted } from './review/Interrupted.tsx';
import { QualityTab } from './review/QualityTab.tsx';
import { SettingsBar } from './review/SettingsBar.tsx';
import { ThresholdCard } from './review/ThresholdCard.tsx';

let root: Root | null = null;

beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});

afterEach(() => {
  act(() => root?.unmount());
  document.body.replaceChildren();
});

async function show(Panel: () => React.ReactNode) {
  const engine = fakeEngine();
  const store = createApp({ engine, nowMs: () => 0, newId: () => 'job-1' });
  const box = document.body.appendChild(document.createElement('div'));
  root = createRoot(box);
  await act(async () => {
    root?.render(
      <AppContext value={{ store, engine }}>
        <Panel />
      </AppContext>,
    );
    await Promise.resolve();
  });
  const boot = () =>
    act(async () => {
      await store.getState().boot({});
      await allTurns();
    });
  return { engine, store, box, boot };
}

function press(label: string | RegExp): Promise<void> {
  const button = [...document.querySelectorAll('button')].find((entry) => entry.textContent.match(label));
  if (!button) throw new Error(`no button ${String(label)}`);
  return act(async () => {
    button.click();
    await Promise.resolve();
  });
}

async function type(input: HTMLInputElement, text: string): Promise<void> {
  // React watches the property of the element itself; the prototype's setter goes past that.
  const property = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  await act(async () => {
    property?.set?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await Promise.resolve();
  });
}

const field = (label: string): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>(`input[aria-label^="${label}"]`);
  if (!found) throw new Error(`no field ${label}`);
  return found;
};

describe('the event tab', () => {
  it('says there is no run, then what carries the worst event', async () => {
    const { box, boot } = await show(EventTab);
    expect(box.textContent).toContain(en.event.noRun);
    await boot();
    expect(box.textContent).toContain(en.event.title(1));
    expect(box.textContent).toContain('pump_a_flow of Pump A ran far from normal');
    expect(box.querySelectorAll('tbody tr')).toHaveLength(5);
  });

  it('shows an error with what is safe and what to do', async () => {
    const { box, store } = await show(EventTab);
    const error = {
      code: 'storage',
      kind: 'full',
      message: 'Storage is full.',
      cure: 'Delete a run.',
      place: {},
    } as const;
    act(() => store.setState({ current: { is: 'failed', error } }));
    expect(box.querySelector('[role=alert]')?.textContent).toBe(`Storage is full.${en.error.safe} Delete a run.`);
  });
});

describe('an interrupted run', () => {
  it('is named with the way on, for the data set on screen only', async () => {
    const { box, boot, store } = await show(Interrupted);
    await boot();
    expect(box.textContent).toBe('');
    const job = jobOf(store.getState(), 'cut');
    if (!job) throw new Error('no job');
    const entry = { job, epoch: 3, epochs: 10, savedAtMs: 0 };
    const elsewhere = { ...job, jobId: 'other', data: { ...job.data, datasetId: 'another' } };
    act(() => store.setState({ unfinished: [{ ...entry, job: elsewhere }] }));
    expect(box.textContent).toBe('');
    act(() => store.setState({ unfinished: [entry] }));
    expect(box.textContent).toContain(en.run.unfinishedRow(3, 10));
    await press(en.review.goOn);
    const { run } = store.getState();
    expect(run.is === 'idle' ? null : run.job.jobId).toBe('cut');
  });
});

describe('the settings bar', () => {
  it('previews a typed value and keeps it only when asked', async () => {
    const { engine, box, boot, store } = await show(SettingsBar);
    await boot();
    await type(field(en.settings.padding), '12');
    expect(engine.log.calls).toEqual(['rethreshold null keep false']);
    expect(store.getState().preview?.settings.padding).toBe(12);
    expect(box.textContent).toContain(en.settings.preview(5, 5));
    await press(en.settings.keep);
    expect(engine.log.calls).toContain('rethreshold null keep true');
    expect(store.getState().preview).toBeNull();
  });

  it('does not take a value out of range', async () => {
    const { engine, boot } = await show(SettingsBar);
    await boot();
    await type(field(en.settings.numbers.significance.name), '7');
    expect(field(en.settings.numbers.significance.name).getAttribute('aria-invalid')).toBe('true');
    expect(engine.log.calls).toEqual([]);
  });
});

describe('the engine page', () => {
  it('draws a row for every parameter of the table and marks what differs', async () => {
    const { box, boot, store } = await show(EnginePage);
    await boot();
    for (const label of ['Window', 'Hidden units', 'Learning rate', 'Shuffle windows', 'Mixture parts', en.engine.seed])
      expect(box.textContent).toContain(label);
    act(() => store.getState().setParam('hidden', 64));
    expect(box.querySelectorAll('[data-changed]')).toHaveLength(1);
    await press(en.engine.reset);
    expect(store.getState().changed).toEqual({});
  });
});

describe('the data page', () => {
  it('lists examples, then the columns of a file with reasons and problems', async () => {
    const { box, boot, store } = await show(DataPage);
    await boot();
    expect(box.textContent).toContain('Pump station');
    await act(() => store.getState().openFiles([{ path: 'a.csv', file: new Blob(['x']) }]));
    expect(box.querySelectorAll('.columns-table tbody tr')).toHaveLength(12);
    expect(box.textContent).toContain('ISO 8601 with offset');
    expect(box.textContent).toContain('3 rows go back in time');
    await press('Keep the mean');
    expect(store.getState().plan?.duplicates).toBe('mean');
  });
});

it('grades every sensor', async () => {
  const { box, boot } = await show(() => <QualityTab isWide />);
  await boot();
  await act(() => settle());
  expect(box.querySelectorAll('tbody tr')).toHaveLength(12);
  expect(box.textContent).toContain(en.quality.summary(10, 1, 1));
});

/** Lets the effects that ask the worker settle. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

describe('the threshold card', () => {
  it('changes the number of a rule without a new run', async () => {
    const { store, boot } = await show(() => <ThresholdCard isWide />);
    await boot();
    const input = field(`Gamma quantile, ${en.settings.numbers.significance.name}`);
    await type(input, '0.01');
    await act(async () => {
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      await Promise.resolve();
    });
    expect(store.getState().preview).toBeNull();
    expect(shownSettings(store.getState())?.significance).toBe(0.01);
  });
});
