/** What a person does in the workbench, one thing at a time; each starts from anywhere and leaves the page usable. */
import type { Download, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Workbench } from '../../e2e/workbench.ts';

export type Scene = { readonly bench: Workbench; readonly page: Page; readonly random: () => number };

export type Activity = {
  readonly name: string;
  /** How often it is drawn, against the others. */
  readonly weight: number;
  readonly act: (scene: Scene) => Promise<void>;
};

const SHORT = { timeout: 15_000 };
const LONG = { timeout: 60_000 };

const upTo = (random: () => number, most: number): number => Math.floor(random() * most);
const oneOf = <T>(random: () => number, all: readonly T[]): T => all[upTo(random, all.length)];

/** Keys one after the other, as fast as a quick hand. */
async function keys(page: Page, pressed: readonly string[], pauseMs = 60): Promise<void> {
  for (const key of pressed) {
    await page.keyboard.press(key);
    await page.waitForTimeout(pauseMs);
  }
}

/** Closes what lies over the page. A job that runs meanwhile is cancelled: Escape does that too. */
export async function settleDown({ bench, page }: Scene): Promise<void> {
  const cancel = page.getByRole('banner').getByRole('button', { name: 'Cancel' });
  if (await cancel.isVisible()) await cancel.click(SHORT);
  for (let n = 0; n < 2; n++) await page.keyboard.press('Escape');
  const discard = page.getByRole('button', { name: /^(Discard|Close|Not now)$/ });
  if (await discard.first().isVisible()) await discard.first().click(SHORT);
  await bench.step('Review').click(SHORT);
}

async function choose({ page, bench }: Scene, title: string): Promise<void> {
  const menu = page.getByRole('banner').getByRole('button', { name: 'Data set' });
  if (!(await menu.innerText()).startsWith(title)) {
    await menu.click(SHORT);
    await page.getByRole('menuitem', { name: new RegExp(`^${title}`) }).click(SHORT);
    await expect(menu).toContainText(title, LONG);
  }
  await bench.step('Review').click(SHORT);
}

const PUMPS = 'Pumping station';
const MILL = 'Mill with a new bearing';
/** Comes without a run: lanes alone. */
const RACK = 'Web server';

/** The run that came with the open data set: the only one that cannot be deleted. */
async function showShipped({ bench, page }: Scene): Promise<void> {
  await bench.step('Run').click(SHORT);
  const row = page.getByRole('row').filter({ hasText: 'M2AD' });
  const shipped = row.filter({ hasNot: page.getByRole('button', { name: 'Delete' }) });
  await shipped
    .getByRole('button', { name: /^(Show|shown)$/ })
    .first()
    .click(SHORT);
  await bench.step('Review').click(SHORT);
}

/** The place where a cycle ends, so that what is measured is comparable: the same data set, page, event and tab. */
export async function home(scene: Scene): Promise<void> {
  const { bench, page } = scene;
  await settleDown(scene);
  await choose(scene, PUMPS);
  await showShipped(scene);
  // Whatever was folded or spread out is as it was.
  await page.waitForTimeout(500);
  if (!(await page.locator('.tt-stack').isVisible())) await page.keyboard.press('[');
  if (!(await bench.inspector.isVisible())) await page.keyboard.press('i');
  if (!(await bench.events.first().isVisible())) await page.keyboard.press('t');
  await bench.events.first().waitFor(LONG);
  await page.keyboard.press('0');
  await bench.inspector.getByRole('tab', { name: 'Event', exact: true }).click(SHORT);
  await bench.events.first().click(SHORT);
  await page.mouse.move(5, 5);
  await page.waitForTimeout(1500);
}

async function review(scene: Scene): Promise<void> {
  const { page, random } = scene;
  await choose(scene, oneOf(random, [PUMPS, MILL, RACK]));
  await page.locator('.tt-stack').waitFor(LONG);
  for (let n = 0; n < 12; n++) {
    const key = oneOf(random, ['j', 'j', 'k', '+', '+', '-', 'ArrowLeft', 'ArrowRight', 'f', '0', 't', 't', '[', '[']);
    await keys(page, [key], 150);
  }
  if (!(await page.locator('.tt-stack').isVisible())) await page.keyboard.press('[');
  const stack = await page.locator('.tt-stack').boundingBox();
  if (stack === null) return;
  for (let n = 0; n < 20; n++)
    await page.mouse.move(stack.x + stack.width * (0.2 + 0.7 * random()), stack.y + stack.height * 0.8 * random());
}

async function inspectors({ bench, page, random }: Scene): Promise<void> {
  const tabs = bench.inspector.getByRole('tab');
  const many = await tabs.count();
  for (let n = 0; n < 8; n++) {
    await tabs.nth(upTo(random, many)).click(SHORT);
    await keys(page, ['j'], 500);
  }
}

/** Drags the threshold somewhere and back: left high, no event would be there for what comes next. */
async function threshold({ bench, page, random }: Scene): Promise<void> {
  const by = 40 * (random() - 0.5);
  for (const shift of [by, -by]) {
    const box = await bench.threshold.boundingBox(SHORT);
    if (box === null) return;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + shift, { steps: 8 });
    await page.mouse.up();
    await page.waitForTimeout(300);
  }
}

async function label({ bench, page, random }: Scene): Promise<void> {
  await bench.step('Label').click(SHORT);
  await page.getByTestId('kept-acts').waitFor(SHORT);
  await keys(page, ['q'], 1500);
  for (let n = 0; n < 6; n++) await keys(page, [oneOf(random, ['a', 'n', 'n', 'u', 'j', 'k'])], 200);
  await keys(page, ['Control+z', 'Control+z', 'Control+z', 'Control+Shift+z', 'Control+z', 'Control+z'], 200);
  for (const name of ['Labels', 'People', 'Settings', 'Round'])
    await page.getByRole('tab', { name, exact: true }).click(SHORT);
}

/** A round of ten answers, learnt and rolled back. */
async function fineTune(scene: Scene): Promise<void> {
  const { bench, page, random } = scene;
  await choose(scene, PUMPS);
  await bench.events.first().waitFor(LONG);
  // Of an engine that can learn from answers: the one that came with the data.
  await showShipped(scene);
  await bench.step('Label').click(SHORT);
  await page.getByTestId('kept-acts').waitFor(SHORT);
  await keys(page, ['q'], 2000);
  for (let n = 0; n < 10; n++) await keys(page, [oneOf(random, ['a', 'n', 'n'])], 300);
  await page.keyboard.press('t');
  await page.getByRole('region', { name: /^Round \d+ applied/ }).waitFor(LONG);
  await page.getByText(/events? stayed/).waitFor(LONG);
  await page.keyboard.press('x');
  await page.getByText('rolled back').first().waitFor(LONG);
  // The budget of questions is for the next time as well.
  for (let n = 0; n < 10; n++) await keys(page, ['Control+z'], 100);
}

/** Presses Run and waits for the end. A quick engine may be done before its Cancel is seen. */
async function runs({ bench, page }: Scene): Promise<void> {
  const bar = page.getByRole('banner');
  await bar.getByRole('button', { name: 'Run', exact: true }).click(SHORT);
  await page.waitForTimeout(500);
  await expect(bar.getByRole('button', { name: 'Cancel' })).toHaveCount(0, { timeout: 180_000 });
  await expect(bench.step('Run')).toHaveText(/^Run\s*done$/, SHORT);
}

async function quickRun(scene: Scene): Promise<void> {
  const { bench, random } = scene;
  await choose(scene, oneOf(random, [PUMPS, MILL]));
  await bench.chooseEngine(
    oneOf(random, ['KMeans on windows', 'PCA of windows', 'Difference', 'Deviation from own past']),
  );
  await runs(scene);
  await bench.step('Review').click(SHORT);
}

async function deepRun(scene: Scene): Promise<void> {
  const { bench, page, random } = scene;
  await choose(scene, oneOf(random, [PUMPS, MILL]));
  await bench.events.first().waitFor(LONG);
  const [engine, settings, tab] = oneOf(random, [
    ['AMAD', { Epochs: 1, 'Training stride': 80 }, 'Attention'],
    ['AMSL', { Epochs: 1, 'Training stride': 256, 'Windows over a step': 1 }, 'Memory'],
    ['M2AD', { Epochs: 1 }, 'Scores'],
    ['USAD', { Epochs: 1 }, 'Scores'],
  ] as const);
  await bench.chooseEngine(engine, settings);
  await runs(scene);
  await bench.step('Review').click(SHORT);
  const found = bench.events.first();
  await page.waitForTimeout(1000);
  if (await found.isVisible()) await found.click(SHORT);
  await bench.inspector.getByRole('tab', { name: tab }).click(SHORT);
  await page.waitForTimeout(3000);
}

async function cancelled(scene: Scene): Promise<void> {
  const { bench, page, random } = scene;
  await bench.chooseEngine('M2AD', { Epochs: 40 });
  const bar = page.getByRole('banner');
  await bar.getByRole('button', { name: 'Run', exact: true }).click(SHORT);
  await page.waitForTimeout(500 + upTo(random, 6000));
  await bar.getByRole('button', { name: 'Cancel' }).click(SHORT);
  await expect(bench.step('Run')).toContainText('cancelled', SHORT);
  await bench.step('Review').click(SHORT);
}

async function drift(scene: Scene): Promise<void> {
  const { bench, page } = scene;
  await choose(scene, MILL);
  await bench.events.first().waitFor(LONG);
  await bench.inspector.getByRole('tab', { name: 'Drift' }).click(SHORT);
  await bench.inspector
    .getByText(/Proposed regimes|Read drift/)
    .first()
    .waitFor(LONG);
  await keys(page, ['0', 'j', 'j', '+', '-'], 200);
}

async function compare(scene: Scene): Promise<void> {
  const { bench, page, random } = scene;
  await choose(scene, oneOf(random, [PUMPS, MILL]));
  await bench.events.first().waitFor(LONG);
  await bench.step('Compare').click(SHORT);
  const rows = page.getByRole('region', { name: 'Runs and baselines' }).locator('tbody').first().getByRole('row');
  await rows.first().waitFor(LONG);
  for (const kind of ['ROC', 'PR', 'Threshold', 'PA%K']) {
    const pick = page.getByRole('radio', { name: kind, exact: true });
    if (await pick.isVisible()) await pick.click(SHORT);
    await page.waitForTimeout(800);
  }
  for (const name of ['Fleet', 'Sweep', 'Ranks', 'Runs']) {
    await page.getByRole('radio', { name, exact: true }).click(SHORT);
    await page.waitForTimeout(500);
  }
}

/** Keeps the number of runs as a person who tidies up would: what the tab holds must not grow with what was thrown away. */
export async function tidyRuns(scene: Scene): Promise<void> {
  const { bench, page } = scene;
  for (const title of [MILL, PUMPS]) {
    await choose(scene, title);
    await bench.events.first().waitFor(LONG);
    await bench.step('Compare').click(SHORT);
    const rows = page.getByRole('region', { name: 'Runs and baselines' }).locator('tbody').first().getByRole('row');
    await rows.first().waitFor(LONG);
    for (let left = await rows.count(); left > 3; left--) {
      // Only what is chosen goes: nothing but the newest row.
      for (let n = 0; n < left; n++) {
        const row = rows.nth(n);
        const isChosen = (await row.getAttribute('aria-selected')) === 'true';
        if (isChosen === (n === 0)) continue;
        await row.focus();
        await page.keyboard.press(' ');
      }
      await rows.first().focus();
      await page.keyboard.press('Delete');
      await expect(rows).toHaveCount(left - 1, SHORT);
    }
  }
}

async function create({ bench, page, random }: Scene): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Data set' }).click(SHORT);
  await page.getByRole('menuitem', { name: /^Sines/ }).click(SHORT);
  await bench.step('Create').click(SHORT);
  const plot = page.getByRole('application', { name: /^Canvas/ }).locator('.tt-paint-plot');
  await plot.waitFor(LONG);
  const box = await plot.boundingBox();
  if (box === null) return;
  for (let n = 0; n < 3; n++) {
    const from = box.x + box.width * (0.1 + 0.7 * random());
    await page.mouse.move(from, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(from + box.width * 0.1, box.y + 40, { steps: 6 });
    await page.mouse.up();
    await page.waitForTimeout(600);
  }
  const slider = page.getByRole('slider', { name: 'Latent number 1', exact: true });
  await slider.focus();
  await keys(
    page,
    Array.from({ length: 8 }, () => 'ArrowRight'),
  );
  await page.getByRole('button', { name: 'From window' }).click(SHORT);
  if (random() < 0.5) {
    await page.getByRole('button', { name: 'Make set' }).click(SHORT);
    await page.getByRole('application', { name: /^Map of/ }).waitFor(LONG);
  }
}

async function live(scene: Scene): Promise<void> {
  const { bench, page } = scene;
  await choose(scene, PUMPS);
  await bench.events.first().waitFor(LONG);
  await bench.step('Live').click(SHORT);
  const bar = page.getByRole('group', { name: 'Live', exact: true });
  await bar.getByRole('button', { name: 'Speed' }).click(SHORT);
  await page.getByRole('option', { name: '1 000 / s' }).click(SHORT);
  await bar.getByRole('button', { name: 'Play' }).click(SHORT);
  await page.waitForTimeout(4000);
  await bar.getByRole('button', { name: 'Pause' }).click(SHORT);
  await page.waitForTimeout(500);
  await bar.getByRole('button', { name: 'Stop' }).click(SHORT);
}

async function exported(page: Page, press: () => Promise<void>): Promise<void> {
  const saving: Promise<Download> = page.waitForEvent('download', { timeout: 60_000 });
  await press();
  await (await saving).delete();
}

async function exports({ bench, page, random }: Scene): Promise<void> {
  await bench.events.first().waitFor(LONG);
  for (let n = 0; n < 2; n++)
    await exported(page, async () => {
      await page.getByRole('region', { name: 'Events' }).getByRole('button', { name: 'Export' }).click(SHORT);
      const item = oneOf(random, [/^Report/, /Parquet/, /^Lanes in view \(SVG\)/, /^Lanes in view \(PNG\)/, /CSV/]);
      await page.getByRole('menuitem', { name: item }).first().click(SHORT);
    });
}

/** A file of one's own: opened, looked at, and deleted again. */
async function ownFile(scene: Scene): Promise<void> {
  const { bench, page, random } = scene;
  const name = `plant-${upTo(random, 1e6)}`;
  const rows = Array.from(
    { length: 3000 },
    (_, t) => `${t},${Math.sin(t / 7).toFixed(4)},${Math.cos(t / 5).toFixed(4)},${(random() / 9).toFixed(4)}`,
  );
  await bench.drop([{ name: `${name}.csv`, bytes: Buffer.from(`step,alpha,beta,gamma\n${rows.join('\n')}\n`) }]);
  const use = page.getByRole('button', { name: /^Use these/ });
  await expect(use).toBeEnabled(LONG);
  await use.click(SHORT);
  await expect(page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText(name, SHORT);
  await bench.chooseEngine('KMeans on windows');
  await runs(scene);
  await choose(scene, PUMPS);
  await bench.events.first().waitFor(LONG);
  await bench.step('Data').click(SHORT);
  const row = page.getByRole('row').filter({ hasText: name });
  await row.getByRole('button', { name: 'Delete' }).click(SHORT);
  await row.getByRole('button', { name: 'Delete for good?' }).click(SHORT);
  await expect(row).toHaveCount(0, SHORT);
}

async function refusedFile({ bench, page }: Scene): Promise<void> {
  await bench.drop([{ name: 'page.csv', bytes: Buffer.from('<!doctype html><html><body>Not found</body></html>') }]);
  await page
    .getByText(/web page|HTML|no table/i)
    .first()
    .waitFor(SHORT);
}

async function overlays({ page }: Scene): Promise<void> {
  await keys(page, ['?', 'Escape', 'Control+k', 'Escape', 'h'], 400);
  await keys(page, ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Escape'], 400);
}

async function pages({ bench, page }: Scene): Promise<void> {
  for (const name of ['Data', 'Engine', 'Run', 'Live', 'Label', 'Compare', 'Review'] as const) {
    await bench.step(name).click(SHORT);
    await page.waitForTimeout(400);
  }
}

export const ACTIVITIES: readonly Activity[] = [
  { name: 'review', weight: 4, act: review },
  { name: 'inspectors', weight: 3, act: inspectors },
  { name: 'threshold', weight: 2, act: threshold },
  { name: 'label', weight: 3, act: label },
  { name: 'fine-tune', weight: 1, act: fineTune },
  { name: 'quick run', weight: 2, act: quickRun },
  { name: 'deep run', weight: 2, act: deepRun },
  { name: 'cancelled run', weight: 2, act: cancelled },
  { name: 'drift', weight: 2, act: drift },
  { name: 'compare', weight: 2, act: compare },
  { name: 'create', weight: 2, act: create },
  { name: 'live', weight: 2, act: live },
  { name: 'exports', weight: 2, act: exports },
  { name: 'own file', weight: 2, act: ownFile },
  { name: 'refused file', weight: 1, act: refusedFile },
  { name: 'overlays', weight: 1, act: overlays },
  { name: 'pages', weight: 2, act: pages },
];
