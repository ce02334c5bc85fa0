/** What a person does on the page, one action at a time, for measuring how long the page is busy with it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import type { Workbench } from '../../e2e/workbench.ts';
import { seeded } from '../../src/engine/rng.ts';

export type Action = {
  readonly name: string;
  /** Brings the page to where the action starts; not measured. */
  readonly before?: (bench: Workbench, page: Page) => Promise<unknown>;
  readonly act: (bench: Workbench, page: Page) => Promise<unknown>;
};

/** Chooses a file in the browser's own picker, by path: its bytes do not pass through the page's main thread. */
async function choose(bench: Workbench, page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), 'telltale-tasks-')), name);
  writeFileSync(path, bytes);
  await bench.step('Data').click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Choose/ }).click();
  await (await chooser).setFiles(path);
  await page.getByRole('button', { name: /^Use these/ }).waitFor({ timeout: 60_000 });
}

/** A table of waves: `columns` sensors, `rows` rows, stamps a minute apart. */
function wideCsv(columns: number, rows: number): Buffer {
  const rng = seeded(3);
  const head = ['time', ...Array.from({ length: columns }, (_, s) => `unit ${s % 12} sensor ${s}`)];
  const lines = Array.from({ length: rows }, (_, t) =>
    [
      new Date(Date.UTC(2026, 0, 1, 0, t)).toISOString(),
      ...Array.from({ length: columns }, (_, s) => (Math.sin(t / (20 + s)) + 0.1 * rng()).toFixed(4)),
    ].join(','),
  );
  return Buffer.from([head.join(','), ...lines].join('\n'));
}

/** Machines with 38 sensors as the Server Machine Dataset has them: training and test rows, labels; in one archive. */
function machines(count: number): Uint8Array {
  const rng = seeded(5);
  const table = (machine: number, isTest: boolean) =>
    Array.from({ length: 3000 }, (_, t) =>
      Array.from({ length: 38 }, (_, s) => {
        const odd = isTest && t % 700 > 660 && s < 5;
        return (0.5 + 0.3 * Math.sin(t / 30 + s + machine) * (odd ? -1 : 1) + 0.02 * rng()).toFixed(5);
      }).join(','),
    ).join('\n');
  const labels = Array.from({ length: 3000 }, (_, t) => (t % 700 > 660 ? 1 : 0)).join('\n');
  const files = Array.from({ length: count }, (_, m) => [
    [`train/machine-1-${m + 1}.txt`, strToU8(table(m, false))],
    [`test/machine-1-${m + 1}.txt`, strToU8(table(m, true))],
    [`test_label/machine-1-${m + 1}.txt`, strToU8(labels)],
  ]);
  return zipSync(Object.fromEntries(files.flat()));
}

const settle = (page: Page, ms = 700) => page.waitForTimeout(ms);

/** Where the lanes are, in client pixels. */
async function plot(page: Page) {
  const box = await page.locator('.tt-stack').boundingBox();
  if (!box) throw new Error('No lanes are in sight.');
  return { x: box.x + box.width * 0.55, y: box.y + box.height * 0.35, width: box.width, height: box.height };
}

async function review(bench: Workbench, page: Page) {
  await bench.step('Review').click();
  await bench.events.first().waitFor({ timeout: 60_000 });
  await settle(page, 300);
}

async function dataset(page: Page, name: RegExp) {
  const button = page.getByRole('banner').getByRole('button', { name: 'Data set' });
  await button.click();
  await page.getByRole('menuitem', { name }).first().click();
  // The lanes of the set before stay until the next one is here.
  await button.filter({ hasText: name }).waitFor({ timeout: 60_000 });
  await settle(page, 300);
  await page.locator('.tt-stack').waitFor({ timeout: 60_000 });
}

async function dragThreshold(bench: Workbench, page: Page) {
  const box = (await bench.threshold.boundingBox())!;
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let k = 0; k <= 40; k += 1) {
    await page.mouse.move(x, y + 26 * Math.sin(k / 6));
    await page.waitForTimeout(25);
  }
  await page.mouse.up();
}

async function press(page: Page, keys: readonly string[], pauseMs: number) {
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(pauseMs);
  }
}

const tabs = ['Scores', 'Quality', 'Event'] as const;

/** `pick` opens the second entry of the menu of assets. */
async function chooseAsset(page: Page, at: number) {
  await page.getByRole('banner').getByRole('button', { name: /Asset/ }).click();
  await page.getByRole('option').nth(at).click();
  await page.locator('.tt-stack').waitFor({ timeout: 60_000 });
}

/** In the order in which one page can do them. The first is given an empty page. */
export const ACTIONS: readonly Action[] = [
  { name: 'first load', act: (bench) => bench.open().then(() => bench.waitForEvents()) },
  { name: 'next and previous event', act: (_, page) => press(page, ['j', 'j', 'j', 'k', 'k', 'k'], 250) },
  { name: 'drag the threshold', act: dragThreshold },
  {
    name: 'zoom',
    before: review,
    act: async (_, page) => {
      const at = await plot(page);
      await page.mouse.move(at.x, at.y);
      await page.keyboard.down('Control');
      for (let k = 0; k < 24; k += 1) {
        await page.mouse.wheel(0, k < 12 ? 180 : -180);
        await page.waitForTimeout(30);
      }
      await page.keyboard.up('Control');
    },
  },
  {
    name: 'pan',
    act: async (_, page) => {
      const at = await plot(page);
      await page.mouse.move(at.x, at.y);
      for (let k = 0; k < 40; k += 1) {
        await page.mouse.wheel(k < 20 ? 60 : -60, 0);
        await page.waitForTimeout(20);
      }
    },
  },
  {
    name: 'point along the lanes',
    act: async (_, page) => {
      const at = await plot(page);
      for (let k = 0; k < 40; k += 1) {
        await page.mouse.move(at.x - 200 + 10 * k, at.y + k);
        await page.waitForTimeout(16);
      }
    },
  },
  {
    name: 'all sensors and back',
    act: async (_, page) => {
      const lanes = page.getByRole('radiogroup', { name: 'Which sensors are shown' });
      await lanes.getByRole('radio', { name: /^All/ }).click();
      await settle(page);
      await page.mouse.wheel(0, 400);
      await settle(page, 300);
      await lanes.getByRole('radio', { name: /^Top/ }).click();
    },
  },
  {
    name: 'inspector tabs',
    act: async (bench, page) => {
      for (const name of tabs) {
        await bench.inspector.getByRole('tab', { name }).click();
        await settle(page);
      }
    },
  },
  {
    name: 'wide scores',
    before: (bench) => bench.inspector.getByRole('tab', { name: 'Scores' }).click(),
    act: async (_, page) => {
      await press(page, ['[', 'j', 'k', 'Escape'], 700);
    },
  },
  {
    name: 'sort and filter events',
    before: (bench) => bench.inspector.getByRole('tab', { name: 'Event' }).click(),
    act: async (_, page) => {
      const events = page.getByRole('region', { name: 'Events' });
      await events.getByRole('button', { name: /^Length/ }).click();
      await events.getByRole('button', { name: /^#/ }).click();
      await events.getByRole('searchbox').pressSequentially('severity > 5', { delay: 30 });
      await events.getByRole('searchbox').fill('');
    },
  },
  {
    name: 'theme switch',
    act: async (_, page) => {
      const theme = page.getByRole('banner').getByRole('button', { name: /theme|light|dark/i });
      await theme.click();
      await settle(page);
      await theme.click();
    },
  },
  { name: 'commands', act: (_, page) => press(page, ['Control+k', 'Escape', '?', 'Escape'], 400) },
  { name: 'open the Engine form', act: (bench) => bench.step('Engine').click() },
  {
    name: 'choose another engine',
    act: async (_, page) => {
      const form = page.getByRole('region', { name: 'Engine', exact: true });
      for (const name of [/^AMAD/, /^M2AD/]) {
        await form.getByRole('button', { name: 'Engine', exact: false }).first().click();
        await page.getByRole('option', { name }).click();
        await settle(page);
      }
    },
  },
  { name: 'open the Run page', act: (bench) => bench.step('Run').click() },
  { name: 'open the Data page', act: (bench) => bench.step('Data').click() },
  { name: 'back to Review', act: review },
  {
    name: 'switch data set',
    act: async (bench, page) => {
      await dataset(page, /^Web server/);
      await settle(page, 1200);
      await dataset(page, /^Pumping/);
      await bench.waitForEvents();
    },
  },
  {
    name: 'open a file of 200 columns',
    act: async (bench, page) => {
      await choose(bench, page, 'wide.csv', wideCsv(200, 2000));
      await settle(page, 1200);
    },
  },
  {
    name: 'scroll its rows and columns',
    act: async (_, page) => {
      for (const [place, x, y] of [
        ['.columns-table', 0, 300],
        ['.rows-preview .quiet-scroll', 400, 60],
      ] as const) {
        const box = (await page.locator(place).boundingBox())!;
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        for (let k = 0; k < 15; k += 1) {
          await page.mouse.wheel(x, y);
          await page.waitForTimeout(25);
        }
      }
    },
  },
  {
    name: 'next rows of it',
    act: async (_, page) => {
      await page.getByRole('button', { name: 'Later rows' }).click();
      await settle(page);
    },
  },
  {
    name: 'use it and review 200 sensors',
    act: async (bench, page) => {
      await page.getByRole('button', { name: /^Use these/ }).click();
      await page.getByRole('region', { name: 'Engine', exact: true }).waitFor({ timeout: 60_000 });
      await settle(page, 1200);
      await bench.step('Review').click();
      await page.locator('.tt-stack').waitFor();
      await settle(page, 1200);
    },
  },
  {
    name: 'scroll 200 lanes',
    act: async (_, page) => {
      const at = await plot(page);
      await page.mouse.move(at.x, at.y);
      for (let k = 0; k < 30; k += 1) {
        await page.mouse.wheel(0, 240);
        await page.waitForTimeout(25);
      }
    },
  },
  {
    name: 'quality of 200 sensors',
    act: async (bench, page) => {
      await bench.inspector.getByRole('tab', { name: 'Quality' }).click();
      await settle(page, 1500);
      await bench.inspector.getByRole('tab', { name: 'Event' }).click();
    },
  },
  {
    name: 'open three machines of 38 sensors',
    act: async (bench, page) => {
      await choose(bench, page, 'machines.zip', machines(3));
      await settle(page, 1000);
      await page.getByRole('button', { name: /^Use these/ }).click();
      await page.getByRole('region', { name: 'Engine', exact: true }).waitFor({ timeout: 60_000 });
      await bench.step('Review').click();
      await page.locator('.tt-stack').waitFor();
    },
  },
  {
    name: 'switch asset',
    act: async (_, page) => {
      for (const at of [1, 2, 0]) {
        await chooseAsset(page, at);
        await settle(page, 900);
      }
    },
  },
  {
    name: 'run on 38 sensors',
    before: async (bench, page) => {
      await bench.step('Engine').click();
      await page.getByLabel('Epochs', { exact: true }).fill('1');
      await page.keyboard.press('Enter');
    },
    act: (bench) => bench.run(300_000),
  },
  {
    name: 'next and previous event of 38',
    before: review,
    act: (_, page) => press(page, ['j', 'j', 'j', 'k', 'k', 'k'], 250),
  },
  { name: 'drag the threshold over 38', act: dragThreshold },
  {
    name: 'switch to 38 sensors with a run',
    before: async (bench, page) => {
      await review(bench, page);
      await dataset(page, /^Pumping/);
      await bench.waitForEvents();
    },
    act: async (bench, page) => {
      await dataset(page, /^SMD, 3 assets/);
      await bench.waitForEvents();
      await settle(page, 900);
    },
  },
  {
    name: 'all 38 sensors, zoom and scroll',
    act: async (_, page) => {
      await page
        .getByRole('radiogroup', { name: 'Which sensors are shown' })
        .getByRole('radio', { name: /^All/ })
        .click();
      await settle(page);
      const at = await plot(page);
      await page.mouse.move(at.x, at.y);
      await page.keyboard.down('Control');
      for (let k = 0; k < 24; k += 1) {
        await page.mouse.wheel(0, k < 12 ? 180 : -180);
        await page.waitForTimeout(30);
      }
      await page.keyboard.up('Control');
      for (let k = 0; k < 20; k += 1) {
        await page.mouse.wheel(0, 120);
        await page.waitForTimeout(25);
      }
    },
  },
];
