import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

/** What the mask says of itself: "2 runs, 38 steps". */
const mask = (page: Page) => page.getByRole('status').filter({ hasText: /^Mask:/ });

test('opens the studio, paints a mask, moves sliders, makes 100 labelled windows, tries SR-CNN with and without them', async ({
  page,
}) => {
  test.setTimeout(1_500_000);
  const bench = new Workbench(page);
  await bench.open('#data=sines');
  await bench.step('Create').click();
  await expect(bench.step('Create')).toContainText('1 generator', { timeout: 60_000 });
  const canvas = page.getByRole('application', { name: /^Canvas/ });
  await expect(canvas).toBeVisible({ timeout: 60_000 });
  await expect(mask(page)).toHaveText('Mask: 1 run, 6 steps.');
  expect(await serious(page)).toEqual([]);

  // A stroke paints, with Shift it erases; the keys make, move and erase a run without a pointer.
  const plot = (await canvas.locator('.tt-paint-plot').boundingBox())!;
  const at = (share: number) => plot.x + plot.width * share;
  await page.mouse.move(at(0.801), plot.y + 40);
  await page.mouse.down();
  await page.mouse.move(at(0.899), plot.y + 40, { steps: 8 });
  await page.mouse.up();
  await expect(mask(page)).toHaveText('Mask: 2 runs, 30 steps.');
  await expect(page.getByTestId('answer-time')).toBeVisible();
  await page.keyboard.down('Shift');
  await page.mouse.move(at(0.851), plot.y + 40);
  await page.mouse.down();
  await page.mouse.move(at(0.99), plot.y + 40, { steps: 8 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(mask(page)).toHaveText('Mask: 2 runs, 18 steps.');
  await canvas.focus();
  for (const key of ['m', '+', 'Shift+ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
  await expect(mask(page)).toHaveText(/^Mask: 3 runs/);
  await page.keyboard.press('Backspace');
  await expect(mask(page)).toHaveText('Mask: 2 runs, 18 steps.');

  // Sliders answer to the keyboard; the window's own latent numbers come back.
  const first = page.getByRole('slider', { name: 'Latent number 1', exact: true });
  // They follow the mask until a slider is moved: wait for those of the last mask.
  let before = NaN;
  const settled = async (): Promise<boolean> => {
    const was = before;
    before = Number(await first.inputValue());
    return before === was;
  };
  await expect.poll(settled, { intervals: [300] }).toBe(true);
  await first.focus();
  for (let n = 0; n < 12; n++) await page.keyboard.press('ArrowRight');
  expect(Number(await first.inputValue())).toBeCloseTo(before + 0.12, 5);
  await expect(page.getByRole('button', { name: 'From window' })).not.toHaveClass(/picked/);
  await page.getByRole('button', { name: 'From window' }).click();
  await expect.poll(async () => Number(await first.inputValue())).toBeCloseTo(before, 1);

  await page.getByRole('button', { name: 'Make set' }).click();
  await expect(page.getByTestId('set-about')).toHaveText('100 synthetic windows', { timeout: 60_000 });
  await expect(page.getByRole('application', { name: /^Map of/ })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Open synthetic window 2' }).click();
  await expect(page.getByText('window 2 of the set')).toBeVisible();
  const saving = page.waitForEvent('download', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const rows = readFileSync(await (await saving).path(), 'utf8')
    .trim()
    .split('\n');
  expect(rows[0]).toContain('synthetic');
  expect(rows).toHaveLength(1 + 100 * 240);
  expect(rows.slice(1).every((row) => row.trim().endsWith(',1'))).toBe(true);
  expect(await serious(page)).toEqual([]);

  const use = page.getByRole('tabpanel', { name: 'What it does to a detector' });
  for (const name of ['RobustTAD', 'NCAD']) await use.getByText(name, { exact: true }).click();
  for (const [label, value] of [
    ['Seeds', '1'],
    ['Epochs', '2'],
    ['Windows at most', '400'],
  ] as const) {
    await use.getByRole('textbox', { name: label }).fill(value);
    await use.getByRole('textbox', { name: label }).press('Enter');
  }
  await use.getByRole('button', { name: 'Try out' }).click();
  await expect(use.getByRole('button', { name: 'Pause' })).toBeVisible();
  const table = page.getByRole('table', { name: 'What synthetic windows do to detectors' });
  await expect(table).toBeVisible({ timeout: 300_000 });
  // The generator learns from windows of 240 steps before its row comes.
  await expect(use.getByRole('button', { name: 'Pause' })).toBeHidden({ timeout: 900_000 });
  const line = table.getByRole('row').filter({ hasText: 'SR-CNN' });
  await expect(line).toContainText('with C-GATS');
  await expect(line.getByRole('cell').first()).toHaveText(/0\.\d\d ±0\.00/);
  await expect(line.getByRole('cell').nth(1)).toHaveText(/0\.\d\d ±0\.00[+−±]0\.\d\d/);
  await expect(use.getByText('best threshold per window, uses labels')).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.reload();
  await bench.step('Create').click();
  await expect(table.getByRole('row').filter({ hasText: 'SR-CNN' })).toBeVisible({ timeout: 60_000 });
  expect(bench.complaints).toEqual([]);
});

test('trains a generator, cancels another, and places an anomaly that Review marks as synthetic', async ({ page }) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  await bench.open('#data=sines');
  await bench.step('Create').click();
  await expect(page.getByRole('application', { name: /^Canvas/ })).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('r');
  const set = async (label: string, value: string) => {
    await page.getByRole('textbox', { name: label, exact: true }).fill(value);
    await page.getByRole('textbox', { name: label, exact: true }).press('Enter');
  };
  await set('Steps of a window', '60');
  await set('Steps between windows', '2400');
  await expect(page.getByTestId('window-counts')).toHaveText(/\d+ normal windows\d+ anomalous windows/);
  await set('Epochs of step 1', '200');
  expect(await serious(page)).toEqual([]);
  const train = page.getByRole('button', { name: /^Train/ });
  await train.click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Training was cancelled')).toBeVisible({ timeout: 60_000 });
  for (const step of ['1', '2']) {
    await set(`Epochs of step ${step}`, '2');
    await set(`Updates of step ${step}, at least`, '0');
  }
  await train.click();
  await expect(bench.step('Create')).toContainText('2 generators', { timeout: 200_000 });

  await page.getByRole('tab', { name: 'Place in a series' }).click();
  await page.getByRole('textbox', { name: 'First row' }).fill('5000');
  await page.getByRole('textbox', { name: 'First row' }).press('Enter');
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Place it' }).click();
  await page.getByRole('button', { name: 'Open it' }).click({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'synthetic', exact: true })).toBeVisible({ timeout: 60_000 });
  expect(await serious(page)).toEqual([]);
  expect(bench.complaints).toEqual([]);
});
