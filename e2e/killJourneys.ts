/** The journeys during which a tab or its worker is killed. Each knows what must hold when it is opened again. */
import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { expect } from './journey.ts';
import { datasetsOf, runsOf } from './kills.ts';
import type { Ledger } from './kills.ts';
import type { DroppedFile, Workbench } from './workbench.ts';

export type Scene = {
  readonly bench: Workbench;
  readonly ledger: Ledger;
  readonly random: () => number;
  /** Number of the kill: names that are made are made once. */
  readonly n: number;
};

/** Something that goes on while the kill comes nearer. */
export type Underway = {
  /** Writes down what the page acknowledges in the moment before the kill. */
  readonly glance: () => Promise<void>;
  /** After the kill: `bench` is the page that lived on, or a new one. */
  readonly after: (bench: Workbench, isSamePage: boolean) => Promise<void>;
};

export type Journey = {
  readonly name: string;
  /** The kill comes within so many ms of the beginning. */
  readonly spanMs: number;
  readonly begin: (scene: Scene) => Promise<Underway>;
};

const LONG = { timeout: 120_000 };

async function reopened({ page, events }: Workbench): Promise<void> {
  await page.reload();
  await events.first().waitFor(LONG);
}

/** The Label page with one of its tabs. */
async function toLabels(bench: Workbench, tab: 'Round' | 'Labels'): Promise<void> {
  const { page } = bench;
  await bench.step('Label').click();
  await page.getByTestId('kept-acts').waitFor(LONG);
  await page.getByRole('tab', { name: tab, exact: true }).click();
}

/** Answers as fast as keys can be pressed, changed over and over: each press is one act. */
const labelling: Journey = {
  name: 'labelling',
  spanMs: 1500,
  async begin({ bench, ledger }) {
    const { page } = bench;
    await toLabels(bench, 'Round');
    const question = page.getByText(/^Question/);
    await expect(async () => {
      await page.keyboard.press('q');
      await page.waitForTimeout(1000);
      if (await question.isVisible()) return;
      // Every question of the budget is answered, or every window: some answers are taken back.
      for (let undone = 0; undone < 100; undone++) await page.keyboard.press('Control+z');
      await page.keyboard.press('q');
      await expect(question).toBeVisible({ timeout: 5000 });
    }).toPass(LONG);
    await page.evaluate(() => {
      const keys = ['a', 'n', 'u', 'k', 'n', 'a'];
      let at = 0;
      const pressing = setInterval(() => {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: keys[at++ % keys.length], bubbles: true }));
      }, 20);
      Object.assign(globalThis, { pressing });
    });
    return {
      glance: () => Promise.resolve(),
      async after(opened, isSamePage) {
        if (!isSamePage) return;
        await opened.page.evaluate(() => clearInterval((globalThis as unknown as { pressing: number }).pressing));
        // A fresh worker takes the next answer, with everything before it.
        const before = ledger.acts;
        const close = opened.page.getByRole('alert').getByRole('button', { name: 'Close' });
        await expect(async () => {
          if (await close.first().isVisible()) await close.first().click();
          for (const key of ['a', 'n']) await opened.page.keyboard.press(key);
          expect(Number(await opened.page.getByTestId('kept-acts').textContent())).toBeGreaterThan(before);
        }).toPass(LONG);
      },
    };
  },
};

const offerOf = ({ page }: Workbench): Locator => page.getByText(/stopped after epoch \d+ of \d+/).first();

/** Nothing is offered to go on with: what was, is discarded. The page learns of interrupted runs a moment after it opens. */
async function discardOffers(bench: Workbench): Promise<void> {
  const { page } = bench;
  await bench.step('Run').click();
  await page.waitForTimeout(2000);
  await expect(async () => {
    if (await offerOf(bench).isVisible()) await page.getByRole('button', { name: 'Discard' }).first().click();
    expect(await offerOf(bench).count()).toBe(0);
  }).toPass(LONG);
}

/** The epoch that the bar shows, 0 before the first. */
async function epochOf({ page }: Workbench): Promise<number> {
  return Number(/epoch (\d+)/.exec(await page.getByRole('banner').innerText())?.[1] ?? 0);
}

async function waitForRun(bench: Workbench): Promise<void> {
  await expect(bench.step('Run')).toHaveText(/^Run\s*(done|stopped)$/, LONG);
  if (/done/.test(await bench.step('Run').innerText())) return;
  await bench.step('Run').click();
  throw new Error(`the run stopped: ${await bench.page.locator('main').innerText()}`);
}

const EPOCHS = 20;

/** A training of short epochs with a checkpoint after each. */
const training: Journey = {
  name: 'training',
  spanMs: 4000,
  async begin({ bench, ledger, random }) {
    await discardOffers(bench);
    await bench.chooseEngine('M2AD', { Epochs: EPOCHS });
    await bench.page.getByRole('banner').getByRole('button', { name: 'Run', exact: true }).click();
    let seen = 0;
    return {
      async glance() {
        seen = await epochOf(bench);
        ledger.runs = Math.max(ledger.runs, await runsOf(bench));
      },
      async after(opened, isSamePage) {
        if (isSamePage) {
          // It goes on by itself.
          await waitForRun(opened);
          return;
        }
        const before = ledger.runs;
        await opened.step('Run').click();
        const offer = offerOf(opened);
        // Epoch n is shown while it is trained: n − 1 are finished, and the last of them may be on its way to the disk.
        if (seen >= 3)
          await expect.poll(async () => (await offer.isVisible()) || (await runsOf(opened)) > before, LONG).toBe(true);
        if (!(await offer.isVisible())) return;
        const text = await offer.innerText();
        const kept = Number(/after epoch (\d+)/.exec(text)?.[1]);
        expect(kept, `${text}, shown before: ${seen}`).toBeGreaterThanOrEqual(seen - 2);
        if (random() < 0.5) {
          await opened.page.getByRole('button', { name: 'Go on' }).first().click();
          await waitForRun(opened);
          await expect.poll(() => runsOf(opened), LONG).toBe(before + 1);
        } else await opened.page.getByRole('button', { name: 'Discard' }).first().click();
        await expect(offer).toHaveCount(0, LONG);
      },
    };
  },
};

/** Fine-tuning on what was said so far. */
const teaching: Journey = {
  name: 'fine-tuning',
  spanMs: 4000,
  async begin({ bench, ledger }) {
    const { page } = bench;
    await discardOffers(bench);
    // What is open may be a run that nothing can teach; a run that is alone is open and has no row.
    await bench.step('Run').click();
    const rows = page.getByRole('row').filter({ hasText: 'M2AD' });
    const show = rows.getByRole('button', { name: /^(Show|shown)$/ }).first();
    if ((await runsOf(bench)) > 1) await show.click();
    await toLabels(bench, 'Round');
    const learn = page.getByRole('button', { name: /^Fine-tune/ }).first();
    await expect(learn).toBeEnabled(LONG);
    await learn.click();
    const before = ledger.runs;
    let seen = 0;
    return {
      async glance() {
        seen = await epochOf(bench);
      },
      async after(opened, isSamePage) {
        const applied = opened.page.getByRole('region', { name: /^Round \d+ applied/ });
        const cancel = opened.page.getByRole('banner').getByRole('button', { name: 'Cancel' });
        if (isSamePage) {
          // It begins again by itself; that it does is enough.
          await expect(cancel.or(applied).first()).toBeVisible(LONG);
          // It may end before it is cancelled.
          if (await cancel.isVisible()) await cancel.click({ timeout: 5000 }).catch(() => undefined);
          await expect(cancel).toHaveCount(0, LONG);
        } else {
          await opened.step('Run').click();
          const offer = offerOf(opened);
          if (seen > 0)
            await expect
              .poll(async () => (await offer.isVisible()) || (await runsOf(opened)) > before, LONG)
              .toBe(true);
          await discardOffers(opened);
        }
        await opened.step('Label').click();
        await opened.page.waitForTimeout(500);
        const wasApplied = await applied.isVisible();
        if (wasApplied) await applied.getByRole('button', { name: /^Roll back/ }).click();
        await expect(applied).toHaveCount(0, LONG);
        // What was taught and rolled back is no loss; it leaves the list a moment after the round.
        if (wasApplied) await expect.poll(() => runsOf(opened), LONG).toBe(before);
        else await expect.poll(() => runsOf(opened), LONG).toBeGreaterThanOrEqual(before);
        ledger.runs = before;
      },
    };
  },
};

function table(name: string, n: number): DroppedFile {
  const rows = Array.from(
    { length: 3000 },
    (_, t) => `${t},${Math.sin(t / 7).toFixed(4)},${Math.cos((t + n) / 5).toFixed(4)}`,
  );
  return { name: `${name}.csv`, bytes: Buffer.from(`step,alpha,beta\n${rows.join('\n')}\n`) };
}

/** A file of one's own, from the drop to the open data set. */
const dataFile: Journey = {
  name: 'data file',
  spanMs: 2000,
  begin({ bench, ledger, n }) {
    const { page } = bench;
    const name = `plant-${n}`;
    const opening = async (): Promise<void> => {
      await bench.drop([table(name, n)]);
      const use = page.getByRole('button', { name: /^Use these/ });
      await expect(use).toBeEnabled(LONG);
      await use.click();
    };
    // The kill may come in the midst of it.
    opening().catch(() => undefined);
    return Promise.resolve({
      async glance() {
        const isOpen = await page.locator('.tt-stack').isVisible();
        if (isOpen && (await page.getByRole('banner').innerText()).includes(name)) ledger.datasets.add(name);
      },
      async after(opened, isSamePage) {
        if (isSamePage) await opened.page.reload();
        await opened.step('Data').waitFor(LONG);
        if ((await datasetsOf(opened.page)).includes(name)) {
          // What is there is there as a whole.
          ledger.datasets.add(name);
          await opened.page.getByRole('banner').getByRole('button', { name: 'Data set' }).click();
          await opened.page.getByRole('menuitem', { name, exact: true }).click();
          await expect(opened.step('Data')).toContainText(/3.000 × 2/, LONG);
          await opened.step('Review').click();
          await expect(opened.page.locator('.tt-stack')).toBeVisible(LONG);
        }
        await opened.open('#data=mill');
        await reopened(opened);
      },
    });
  },
};

const LABELS = 5;

/** A file of labels: all of them are taken in one act, or none is. */
const labelFile: Journey = {
  name: 'label file',
  spanMs: 1200,
  async begin({ bench, n }) {
    const { page } = bench;
    const countOf = async (shown: Workbench): Promise<number> => {
      await toLabels(shown, 'Labels');
      const count = shown.page.getByTestId('label-count');
      await expect(count).toBeVisible(LONG);
      return Number(await count.getAttribute('data-count'));
    };
    const before = await countOf(bench);
    const at = (row: number): string => new Date(Date.UTC(2025, 10, 4) + (n * 60 + row * 5) * 60_000).toISOString();
    const lines = Array.from({ length: LABELS }, (_, k) => `${at(k * 2)},${at(k * 2 + 1)}`);
    const name = `labels-${n}.csv`;
    const choosing = page.waitForEvent('filechooser', LONG);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const buffer = Buffer.from(`start,end\n${lines.join('\n')}\n`);
    await (await choosing).setFiles({ name, mimeType: 'text/csv', buffer });
    let isSaid = false;
    return {
      async glance() {
        isSaid = (await page.getByText(`${LABELS} labels from ${name}`).count()) > 0;
      },
      async after(opened, isSamePage) {
        if (isSamePage) await reopened(opened);
        const allowed = isSaid ? [before + LABELS] : [before, before + LABELS];
        await expect.poll(async () => allowed.includes(await countOf(opened)), { ...LONG, message: name }).toBe(true);
      },
    };
  },
};

/** By its seed the run that comes as a file is known among the others. */
const FILE_SEED = '777';
let runBytes: Buffer | null = null;

const ownRow = ({ page }: Workbench): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name: FILE_SEED, exact: true }) });

/** A run as a file; here it is gone. */
async function runToImport({ bench, ledger }: Scene): Promise<Buffer> {
  const { page } = bench;
  if (runBytes === null) {
    await bench.chooseEngine('KMeans on windows');
    await page.getByLabel('Seed').fill(FILE_SEED);
    await page.getByLabel('Seed').press('Enter');
    await page.getByRole('banner').getByRole('button', { name: 'Run', exact: true }).click();
    await waitForRun(bench);
    await bench.step('Run').click();
    const saving = page.waitForEvent('download', LONG);
    await ownRow(bench)
      .getByRole('button', { name: /^Save / })
      .click();
    runBytes = readFileSync(await (await saving).path());
  }
  await bench.step('Run').click();
  if (await ownRow(bench).isVisible()) {
    await ownRow(bench).getByRole('button', { name: 'Delete' }).click();
    await ownRow(bench).getByRole('button', { name: 'Delete for good?' }).click();
    await expect(ownRow(bench)).toHaveCount(0, LONG);
    ledger.runs = await runsOf(bench);
  }
  return runBytes;
}

/** A run as a file: it comes whole, or it does not come. */
const runFile: Journey = {
  name: 'run file',
  spanMs: 1500,
  async begin(scene) {
    const { bench, ledger } = scene;
    const bytes = await runToImport(scene);
    const before = ledger.runs;
    bench.drop([{ name: 'again.telltale', bytes }]).catch(() => undefined);
    return {
      async glance() {
        ledger.runs = Math.max(ledger.runs, await runsOf(bench));
      },
      async after(opened, isSamePage) {
        if (isSamePage) await reopened(opened);
        await expect.poll(() => runsOf(opened), LONG).toBeGreaterThanOrEqual(ledger.runs);
        await opened.step('Run').click();
        if ((await runsOf(opened)) === before) return;
        await ownRow(opened)
          .getByRole('button', { name: /^(Show|shown)$/ })
          .click();
        await expect(opened.page.locator('[data-lane="score"]')).toBeVisible(LONG);
      },
    };
  },
};

let project: DroppedFile | null = null;

/** A project file, over what is here and newer: it is taken in one piece, and nothing that is here goes. */
const projectFile: Journey = {
  name: 'project file',
  spanMs: 2000,
  async begin({ bench, ledger }) {
    const { page } = bench;
    await bench.step('Review').click();
    if (project === null) {
      await page.keyboard.press('Control+s');
      const dialog = page.getByRole('dialog', { name: 'Storage and project files' });
      const saving = page.waitForEvent('download', LONG);
      await dialog.getByRole('button', { name: 'Save project file' }).click();
      const download = await saving;
      project = { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
      await page.keyboard.press('Escape');
    }
    const { bytes, name } = project;
    bench.drop([{ name, bytes }]).catch(() => undefined);
    return {
      async glance() {
        ledger.runs = Math.max(ledger.runs, await runsOf(bench));
      },
      async after(opened, isSamePage) {
        if (isSamePage) await reopened(opened);
        await expect(opened.page.locator('[data-lane="score"]')).toBeVisible(LONG);
      },
    };
  },
};

export const JOURNEYS: readonly Journey[] = [labelling, training, dataFile, labelFile, teaching, runFile, projectFile];
