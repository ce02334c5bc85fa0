/**
 * Pictures of every state for docs/screens, at two sizes in light and dark, on an existing build:
 * `npx tsx tools/screens.ts [--out FOLDER] [--theme light|dark] [--width 1440|1024] [STATE ...]`. Nothing in a picture is
 * staged: each state is reached as a person would.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { fleet } from '../e2e/fleet.ts';
import { Workbench } from '../e2e/workbench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options, positionals: wanted } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'docs/screens') },
    theme: { type: 'string', default: '' },
    width: { type: 'string', default: '' },
  },
  allowPositionals: true,
});
const { out } = options;
const URL_ = 'http://localhost:4198/some/sub-path/';
const THEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 1440, height: 900, name: '' },
  { width: 1024, height: 768, name: '-1024' },
];

/** A small file with the usual faults: rows that go back in time, a stamp twice, empty cells, a word among numbers. */
function uglyCsv(): Buffer {
  const lines = ['time,pump.flow (m³/h),pump.pressure (bar),motor.current (A),valve open,site,incident'];
  for (let t = 0; t < 600; t++) {
    const swapped = t === 200 ? 201 : t === 201 ? 200 : t === 350 ? 349 : t;
    const stamp = new Date(Date.UTC(2026, 2, 1, 0, swapped)).toISOString().replace('.000Z', '+01:00');
    const flow = t > 100 && t < 130 ? '' : (120 + 15 * Math.sin(t / 40)).toFixed(2);
    const pressure = t === 420 ? 'n/a' : (4 + 0.4 * Math.sin(t / 40 + 1)).toFixed(3);
    lines.push(
      [
        stamp,
        flow,
        pressure,
        (33 + 4 * Math.sin(t / 40)).toFixed(2),
        t % 240 < 60 ? 1 : 0,
        'north',
        t > 500 && t < 520 ? 1 : 0,
      ].join(','),
    );
  }
  return Buffer.from(lines.join('\n'));
}

type State = { readonly name: string; readonly reach: (bench: Workbench, page: Page) => Promise<unknown> };

/** Back to lanes, events and inspector, from wherever the state before ended and whatever it folded. */
async function lanes(bench: Workbench, page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await bench.step('Review').click();
  await page.locator('.tt-stack').waitFor();
  await page.waitForTimeout(500);
  if (!(await bench.events.first().isVisible())) await page.keyboard.press('t');
  if (!(await bench.inspector.isVisible())) await page.keyboard.press('i');
  await bench.events.first().waitFor();
}

const tab =
  (name: string): State['reach'] =>
  async (bench, page) => {
    await lanes(bench, page);
    await bench.inspector.getByRole('tab', { name }).click();
  };

const STATES: readonly State[] = [
  {
    name: 'review',
    reach: async (bench, page) => {
      await tab('Event')(bench, page);
      await page.getByText('measured, dashed: residuals').first().waitFor({ timeout: 60_000 });
    },
  },
  { name: 'quality', reach: tab('Quality') },
  {
    name: 'scores',
    reach: async (bench, page) => {
      await tab('Scores')(bench, page);
      await page.keyboard.press('[');
    },
  },
  { name: 'data', reach: (bench) => bench.step('Data').click() },
  {
    name: 'open',
    reach: async (bench, page) => {
      await bench.drop([{ name: 'north-station.csv', bytes: uglyCsv() }]);
      await page.getByRole('button', { name: /^Use these/ }).waitFor();
    },
  },
  {
    name: 'refused',
    reach: async (bench, page) => {
      await bench.drop([{ name: 'export.csv', bytes: Buffer.from('<!doctype html><html><body>404</body></html>') }]);
      await page
        .getByText(/web page|HTML|no table/i)
        .first()
        .waitFor();
    },
  },
  {
    name: 'engine',
    reach: async (bench, page) => {
      await bench.step('Data').click();
      const discard = page.getByRole('button', { name: /^(Discard|Close)$/ });
      if (await discard.isVisible()) await discard.click();
      await bench.step('Engine').click();
    },
  },
  {
    name: 'run',
    reach: async (bench, page) => {
      await bench.step('Run').click();
      await page.keyboard.press('r');
      await page
        .getByRole('banner')
        .getByRole('button', { name: /epoch [3-9]/ })
        .waitFor({ timeout: 120_000 });
    },
  },
  {
    name: 'cancelled',
    reach: async (_, page) => {
      await page.getByRole('banner').getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('navigation', { name: 'Steps' }).getByText('cancelled').waitFor();
    },
  },
  {
    name: 'attention',
    reach: async (bench, page) => {
      await lanes(bench, page);
      await bench.chooseEngine('AMAD', { Epochs: 2 });
      await bench.run(240_000);
      await tab('Attention')(bench, page);
      await bench.attention.waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'attention-wide',
    reach: async (bench, page) => {
      await page.keyboard.press('t');
      await page.keyboard.press('[');
      await bench.inspector.getByRole('button', { name: /^L2 H3/ }).click();
      const box = await bench.attention.locator('.tt-att-plot').first().boundingBox();
      if (box) await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.7);
    },
  },
  {
    name: 'attention-rollout',
    reach: async (bench, page) => {
      await bench.inspector.getByRole('button', { name: /Layer/ }).first().click();
      await page.getByRole('option', { name: 'Rollout' }).click();
      await bench.inspector.getByRole('radio', { name: 'Mixture' }).click();
    },
  },
  {
    name: 'label',
    reach: async (bench, page) => {
      await page.keyboard.press('Escape');
      await bench.step('Label').click();
      await page.getByRole('button', { name: 'Ask me' }).first().waitFor();
      await page.keyboard.press('q');
      await page.getByText('Question 1').waitFor();
      // The first answers; the fifth question is being painted.
      for (const key of ['a', 'a', 'n', 'u']) {
        await page.keyboard.press(key);
        await page.waitForTimeout(300);
      }
      await page.keyboard.press('p');
      await page.keyboard.press('e');
      for (let n = 0; n < 12; n++) await page.keyboard.press('ArrowLeft');
    },
  },
  {
    name: 'label-alike',
    reach: async (_, page) => {
      // The last question is the quietest of its round: something of its kind is found.
      for (let n = 0; n < 5; n++) await page.keyboard.press('j');
      await page.keyboard.press('l');
      await page.getByText('Untick what is different').waitFor();
    },
  },
  {
    name: 'label-list',
    reach: async (_, page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('tab', { name: 'Labels' }).click();
    },
  },
  { name: 'label-people', reach: (_, page) => page.getByRole('tab', { name: 'People' }).click() },
  { name: 'label-settings', reach: (_, page) => page.getByRole('tab', { name: 'Settings' }).click() },
  {
    name: 'label-compare',
    reach: async (_, page) => {
      await page.getByRole('tab', { name: 'Round' }).click();
      for (const key of ['a', 'n', 'n', 'n', 'n', 'n']) {
        await page.keyboard.press(key);
        await page.waitForTimeout(300);
      }
      await page.keyboard.press('t');
      await page.getByRole('button', { name: 'Roll back' }).waitFor({ timeout: 240_000 });
      await page.getByText(/events? stayed/).waitFor();
    },
  },
  {
    name: 'memory',
    reach: async (bench, page) => {
      await lanes(bench, page);
      await bench.chooseEngine('AMSL', { Epochs: 4, 'Training stride': 64 });
      await bench.run(240_000);
      await tab('Memory')(bench, page);
      await bench.events.first().click();
      await bench.inspector.getByText('error of the window').waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'memory-wide',
    reach: async (bench, page) => {
      await page.keyboard.press('t');
      await page.keyboard.press('[');
      await bench.inspector.getByRole('heading', { name: /^Which items answer/ }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'create',
    reach: async (bench, page) => {
      await page.keyboard.press('Escape');
      await bench.step('Data').click();
      await page.goto(`${page.url().split('#')[0]}#data=sines`);
      await page.reload();
      await bench.step('Create').click();
      const plot = page.locator('.tt-paint-plot');
      await plot.waitFor({ timeout: 60_000 });
      await page.waitForTimeout(1500);
      const box = (await plot.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.82, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.87, box.y + 40, { steps: 6 });
      await page.mouse.up();
      await page.getByRole('button', { name: 'Make set' }).click();
      await page.getByRole('application', { name: /^Map of/ }).waitFor({ timeout: 60_000 });
      const use = page.getByRole('tabpanel', { name: 'What it does to a detector' });
      for (const [label, value] of [
        ['Seeds', '1'],
        ['Epochs', '3'],
        ['Windows at most', '200'],
      ] as const) {
        await use.getByRole('textbox', { name: label }).fill(value);
        await use.getByRole('textbox', { name: label }).press('Enter');
      }
      await use.getByText('NCAD', { exact: true }).click();
      await use.getByRole('button', { name: 'Try out' }).click();
      await use.getByRole('button', { name: 'Pause' }).waitFor();
      await use.getByRole('button', { name: 'Pause' }).waitFor({ state: 'hidden', timeout: 300_000 });
      await page.mouse.move(5, 5);
    },
  },
  {
    name: 'create-train',
    reach: async (_, page) => {
      await page.keyboard.press('r');
      await page.getByTestId('window-counts').waitFor();
    },
  },
  {
    name: 'compare',
    reach: async (bench, page) => {
      await page.goto(page.url().split('#')[0] ?? '');
      await bench.step('Data').click();
      await page.goto(`${page.url().split('#')[0]}#data=pump-station`);
      await page.reload();
      await bench.waitForEvents();
      await epochsOf(page, bench, 4);
      await bench.run(240_000);
      await bench.step('Compare').click();
      const table = page.getByRole('region', { name: 'Runs and baselines' });
      await table.getByText('Untrained network').first().waitFor();
      await table.getByText(/of \d+ worked out/).waitFor({ state: 'hidden', timeout: 300_000 });
      await page.getByRole('button', { name: 'Next difference' }).click();
      await page.mouse.move(5, 5);
    },
  },
  {
    name: 'compare-pr',
    reach: (_, page) => page.getByRole('radio', { name: 'PR', exact: true }).click(),
  },
  {
    name: 'fleet',
    reach: async (bench, page) => {
      await bench.drop([fleet.zip]);
      await page.getByRole('button', { name: /^Use these/ }).click();
      await page.getByRole('banner').getByRole('button', { name: 'Data set' }).getByText('4 assets').waitFor();
      await epochsOf(page, bench, 20);
      await bench.step('Compare').click();
      await page.getByRole('radio', { name: 'Fleet' }).click();
      await page.getByRole('button', { name: /^Run all assets/ }).click();
      await page.getByText('4 of 4 over').waitFor({ timeout: 240_000 });
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('row', { name: /^All assets/ }).waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'compare-sweep',
    reach: async (_, page) => {
      await page.getByRole('radio', { name: 'Sweep' }).click();
      await page
        .getByRole('button', { name: /Parameter$/ })
        .first()
        .click();
      await page.getByRole('option', { name: 'Window', exact: true }).click();
      await page.getByLabel('Values: Window').fill('12, 24, 48');
      await page.getByLabel('Seeds').fill('1-2');
      await page.getByRole('button', { name: 'Start 6 runs' }).click();
      await page.getByText('6 of 6 over').waitFor({ timeout: 240_000 });
      await page.getByRole('group', { name: 'Values' }).getByText('±').first().waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'compare-ranks',
    reach: async (_, page) => {
      await page.getByRole('radio', { name: 'Ranks' }).click();
      await page.getByRole('button', { name: /^Work out baselines/ }).click();
      await page.getByText(/baselines worked out/).waitFor({ state: 'hidden', timeout: 240_000 });
      await page.getByText(/^Friedman/).waitFor();
    },
  },
  {
    name: 'drift',
    reach: async (bench, page) => {
      await page.goto(`${page.url().split('#')[0]}#data=mill`);
      await page.reload();
      await bench.waitForEvents();
      await tab('Drift')(bench, page);
      await bench.inspector.getByText('Proposed regimes').waitFor({ timeout: 60_000 });
      await page.keyboard.press('0');
      await bench.inspector.getByText(/normal steps are flagged/).waitFor();
    },
  },
  {
    name: 'drift-confirm',
    reach: async (bench, page) => {
      await bench.inspector.getByRole('button', { name: 'Confirm…' }).click();
      await page.getByRole('radio', { name: /^Machine changed/ }).click();
    },
  },
  {
    name: 'drift-after',
    reach: async (bench, page) => {
      await bench.inspector.getByRole('button', { name: 'Recalibrate' }).click();
      await page.getByText(/events? stayed/).waitFor({ timeout: 60_000 });
      await page.keyboard.press('0');
      await bench.inspector.getByText('Proposed regimes').waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'drift-alarms',
    reach: async (bench, page) => {
      await page.getByRole('button', { name: 'Keep it' }).click();
      await page.keyboard.press('[');
      await bench.inspector.getByText(/normal steps are flagged/).waitFor();
      await page.getByRole('heading', { name: 'By time' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'live',
    reach: async (bench, page) => {
      await bench.step('Live').click();
      const bar = page.getByRole('group', { name: 'Live', exact: true });
      await bar.getByRole('button', { name: 'Speed' }).click();
      await page.getByRole('option', { name: '1 000 / s' }).click();
      await bar.getByRole('button', { name: 'Play' }).click();
      const said = page.getByRole('complementary', { name: 'Alarms' }).getByRole('status');
      await said.getByText(/Alarm \d+ off at/).waitFor({ timeout: 60_000 });
      await bar.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('group', { name: 'How it goes' }).getByText('paused').waitFor();
    },
  },
  {
    name: 'engine-inputs',
    reach: async (bench, page) => {
      await bench.step('Engine').click();
      await page.getByRole('button', { name: 'Normalise each window' }).click();
      await page.getByRole('option', { name: 'level and spread' }).click();
      await page.getByText('Least spread', { exact: true }).scrollIntoViewIfNeeded();
    },
  },
  { name: 'keys', reach: (_, page) => page.keyboard.press('?') },
  {
    name: 'storage',
    reach: async (bench, page) => {
      await bench.waitForEvents();
      await page.keyboard.press('a');
      await page.keyboard.press('Control+s');
      await page.getByRole('dialog').getByRole('rowheader').first().waitFor();
    },
  },
];

/** Sets the epochs of the engine in use. */
async function epochsOf(page: Page, bench: Workbench, count: number): Promise<void> {
  await bench.step('Engine').click();
  const field = page.getByRole('region', { name: 'Engine', exact: true }).getByLabel('Epochs', { exact: true });
  await field.fill(String(count));
  await field.press('Enter');
}

/** Nothing on its way any more: no placeholder in sight, every chart drawn. Some states never are: a run under way. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(700);
  const isWaiting = () =>
    page.locator('.skeleton').or(page.locator('.tt-chart-box:not(:has(svg path))')).filter({ visible: true }).count();
  for (let n = 0; n < 20 && (await isWaiting()) > 0; n++) await page.waitForTimeout(500);
}

const server = spawn(process.execPath, [join(root, 'e2e/server.mjs')], {
  stdio: 'ignore',
  env: { ...process.env, PORT: '4198' },
});
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  for (const theme of THEMES.filter((each) => options.theme === '' || each === options.theme)) {
    for (const { width, height, name } of SIZES.filter(
      (each) => options.width === '' || `${each.width}` === options.width,
    )) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
      const bench = new Workbench(page);
      await page.goto(URL_);
      await page.getByRole('region', { name: 'Events' }).waitFor({ timeout: 60_000 });
      for (const state of STATES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
        try {
          await state.reach(bench, page);
          await settled(page);
        } catch (error) {
          console.error(`${state.name} ${theme}${name}: ${String(error).slice(0, 300)}`);
        }
        await page.screenshot({ path: join(out, `${state.name}-${theme}${name}.png`) });
      }
      for (const complaint of bench.complaints) console.error(complaint);
      await page.close();
    }
  }
} finally {
  await browser.close();
  server.kill();
}
