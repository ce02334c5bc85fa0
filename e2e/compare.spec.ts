import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { serious } from './accessibility.ts';
import { fleet } from './fleet.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

const view = (page: Page, name: string) => page.getByRole('radio', { name, exact: true });
const table = (page: Page) => page.getByRole('region', { name: 'Runs and baselines' });

/** Sets the epochs on the Engine page: these journeys are not about good models. */
async function epochs(bench: Workbench, count: number): Promise<void> {
  await bench.step('Engine').click();
  const field = bench.page.getByRole('region', { name: 'Engine', exact: true }).getByLabel('Epochs', { exact: true });
  await field.fill(String(count));
  await field.press('Enter');
}

/** Lines of the table that the open view saves. */
async function saved(page: Page): Promise<string[]> {
  let lines: string[] = [];
  // While figures still come in the button may be drawn anew under the pointer.
  await expect(async () => {
    const [saving] = await Promise.all([
      page.waitForEvent('download', { timeout: 5000 }),
      page.getByRole('button', { name: 'Export CSV' }).click({ timeout: 5000 }),
    ]);
    lines = readFileSync(await saving.path(), 'utf8').split('\r\n');
  }).toPass({ timeout: 60_000 });
  return lines;
}

test('a run beside the shipped one and the baselines; tags; deleting and undoing', async ({ page }) => {
  test.setTimeout(480_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await epochs(bench, 1);
  await bench.run(240_000);
  await bench.step('Compare').click();
  const rows = table(page).locator('tbody').first().getByRole('row');
  await expect(rows).toHaveCount(2);

  // The two newest stand beside each other: what differs, what was fixed and broken, curves.
  const pair = page.getByRole('region', { name: 'Two runs, one clock' });
  const told = pair.getByRole('status').filter({ hasText: /From A to B: \d+ fixed, \d+ broken, \d+ unchanged/ });
  await expect(told).toHaveCount(1, { timeout: 30_000 });
  await expect(pair.getByRole('row', { name: /^Epochs 80 1$/ })).toBeVisible();
  await pair.getByRole('button', { name: 'Next difference' }).click();
  await expect(pair.getByRole('button', { name: 'Whole judged part' })).toBeVisible();

  // Every baseline is worked out, and random scores win point adjustment on the spot, with their value.
  await expect(table(page).getByText(/of \d+ worked out/)).toHaveCount(0, { timeout: 240_000 });
  for (const name of ['Random scores', 'KMeans on windows', 'Matrix profile', 'Isolation forest']) {
    await expect(table(page).getByRole('row', { name: new RegExp(`^${name}(?! \\+)`) })).toBeVisible();
    await expect(table(page).getByRole('row', { name: `${name} + M2AD head` })).toBeVisible();
  }
  await expect(rows.first()).toContainText(/random 0\.\d{3} ≥/);
  const curves = page.getByRole('region', { name: 'At every threshold' });
  for (const kind of ['ROC', 'PR', 'Threshold', 'PA%K']) {
    await view(page, kind).click();
    await expect(curves.locator('svg').first()).toBeVisible();
  }
  expect(await serious(page)).toEqual([]);

  // By keyboard: choose, note, delete, undo.
  await rows.first().focus();
  await page.keyboard.press(' ');
  await expect(rows.first()).toHaveAttribute('aria-selected', 'false');
  await page.keyboard.press(' ');
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true');
  await rows
    .first()
    .getByRole('button', { name: /^Tags and note/ })
    .click();
  await page.getByLabel('Tags, with commas between').fill('cheap, one epoch');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(rows.first()).toContainText('one epoch');
  await page.reload();
  await bench.waitForEvents();
  await bench.step('Compare').click();
  await expect(rows.first()).toContainText('one epoch');
  await rows.first().focus();
  // Only what is chosen goes: first the other one is taken out of the choice.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Delete');
  await expect(page.getByText('1 run deleted')).toBeVisible();
  await expect(rows).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(2);
  expect(bench.complaints).toEqual([]);
});

test('many assets: run all, fleet, open the worst, a sweep of two values, ranks', async ({ page }) => {
  test.setTimeout(480_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await bench.drop([fleet.zip]);
  const use = page.getByRole('button', { name: /^Use these/ });
  await expect(use).toBeEnabled({ timeout: 60_000 });
  await use.click();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText(
    `${fleet.assets} assets`,
  );
  await epochs(bench, 4);

  await bench.step('Compare').click();
  await view(page, 'Fleet').click();
  await page.getByRole('button', { name: /^Run all assets/ }).click();
  await expect(page.getByText(`${fleet.assets} of ${fleet.assets} over`)).toBeVisible({ timeout: 240_000 });
  const assets = page.getByRole('group', { name: 'Metrics by asset' }).locator('tbody').getByRole('row');
  await expect(assets).toHaveCount(fleet.assets + 1, { timeout: 60_000 });
  await expect(assets.nth(1)).toContainText(fleet.worst);
  await expect(page.getByRole('application', { name: /^Map of severity/ })).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: `Open ${fleet.worst} in Review` }).click();
  await bench.waitForEvents();
  await expect(page.getByRole('banner').getByRole('button', { name: /Asset$/ })).toContainText(fleet.worst);

  await bench.step('Compare').click();
  await view(page, 'Sweep').click();
  await page
    .getByRole('button', { name: /Parameter$/ })
    .first()
    .click();
  await page.getByRole('option', { name: 'Window', exact: true }).click();
  await page.getByLabel('Values: Window').fill('12, 24');
  await page.getByLabel('Seeds').fill('1');
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await expect(page.getByText('2 of 2 over')).toBeVisible({ timeout: 240_000 });
  const values = page.getByRole('group', { name: 'Values' }).locator('tbody').getByRole('row');
  await expect(values.filter({ hasText: /^(12|24)\s*\d\.\d{3}/ })).toHaveCount(2, { timeout: 60_000 });
  expect(await serious(page)).toEqual([]);
  const sweep = await saved(page);
  expect(sweep[0]).toMatch(/^Window,line,.+,deviation,seeds$/);
  expect(sweep.filter((line) => /^(12|24),/.test(line))).toHaveLength(2);

  await view(page, 'Ranks').click();
  await page.getByRole('button', { name: /^Work out baselines/ }).click();
  await expect(page.getByText(/^Friedman: χ²/)).toBeVisible({ timeout: 240_000 });
  expect(await serious(page)).toEqual([]);
  // Ranks are there with the first baselines; the slow ones come later.
  for (const name of ['Matrix profile', 'Isolation forest'])
    await expect(page.getByRole('cell', { name, exact: true })).toHaveCount(1, { timeout: 240_000 });
  const ranks = await saved(page);
  expect(ranks[0].split(',').slice(2)).toHaveLength(fleet.assets);
  expect(ranks.some((line) => line.startsWith('Matrix profile,'))).toBe(true);
  await view(page, 'Runs').click();
  await expect(table(page).getByText('sweep 1').first()).toBeVisible();
  expect(bench.complaints).toEqual([]);
});
