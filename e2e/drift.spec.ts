import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { serious } from './accessibility.ts';
import { Workbench } from './workbench.ts';

const MARKS = 'What events are';

const marks = (page: Page) => page.getByRole('radiogroup', { name: MARKS });
const radio = (page: Page, name: RegExp) => marks(page).getByRole('radio', { name });

/** How many events there are, as the filter of marks says it: the table draws only the rows in sight. */
async function eventCount(page: Page): Promise<number> {
  return Number((await radio(page, /^All/).innerText({ timeout: 60_000 })).replace(/\D/g, ''));
}

/** Opens the bundled mill with its shipped run and the drift of it. */
async function openMill(page: Page, bench: Workbench): Promise<void> {
  await bench.open('#data=mill');
  await bench.waitForEvents();
  await bench.inspector.getByRole('tab', { name: 'Drift' }).click();
  await expect(bench.inspector.getByText('Proposed regimes')).toBeVisible({ timeout: 60_000 });
  await expect(marks(page)).toBeVisible({ timeout: 60_000 });
}

test('a machine that changed: drift lane, marks of events, the new normal confirmed, events before and after, rolled back', async ({
  page,
}) => {
  const bench = new Workbench(page);
  await openMill(page, bench);

  // One regime, on the page's clock, said in words and as a table.
  await expect(bench.inspector.getByText('level of bearing_temp')).toHaveCount(1);
  const lane = page.locator('[data-lane="drift"]');
  await expect(lane).toBeVisible();
  await expect(page.getByText(/^1 regime proposed\. From .* the level of bearing_temp is/)).toHaveCount(1);
  await expect(page.getByRole('table', { name: /^Strength of drift/ })).toHaveCount(1);
  expect(await serious(page)).toEqual([]);

  // What changed and what broke, told apart and filtered.
  const all = await eventCount(page);
  expect(all).toBe(24);
  await radio(page, /^Something broke 4$/).click();
  await expect(bench.events).toHaveCount(4);
  await expect(bench.events.getByText('machine changed')).toHaveCount(0);
  await radio(page, /^Machine changed \d+$/).click();
  await expect(bench.events.getByText('something broke')).toHaveCount(0);
  await bench.events.first().click();
  await bench.inspector.getByRole('tab', { name: 'Event' }).click();
  await expect(bench.inspector.getByText('reads what it reads for the rest of the regime')).toBeVisible();
  await radio(page, /^All \d+$/).click();
  const flagged = await bench.flaggedShare();
  expect(flagged).toBeGreaterThan(30);

  // Confirmed as the new normal in one action, with before and after.
  await bench.inspector.getByRole('tab', { name: 'Drift' }).click();
  await expect(bench.inspector.getByText(/normal steps are flagged, nominal 0\.10/)).toBeVisible();
  await bench.inspector.getByRole('button', { name: 'Confirm…' }).click();
  const form = bench.inspector.getByRole('region', { name: 'Confirm as the new normal' });
  await expect(form.getByText(/^Learns from/)).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await form.getByRole('button', { name: 'Recalibrate' }).click();
  const compared = page.getByRole('region', { name: 'New normal: before and after' });
  await expect(compared.getByText(/events? stayed, \d+ vanished/)).toBeVisible({ timeout: 60_000 });
  await expect(compared.getByRole('row', { name: /^vanished/ }).first()).toBeVisible();
  await expect(bench.inspector.getByText(/^Threshold recalibrated on .*, confirmed by /)).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await compared.getByRole('button', { name: 'Keep it' }).click();
  await expect(bench.events.first()).toBeVisible();
  expect(await bench.flaggedShare()).toBeLessThan(flagged / 3);
  const left = await eventCount(page);
  expect(left).toBeLessThan(all / 2);
  await expect(bench.events.getByText('something broke')).toHaveCount(left);

  // Kept over a reload, with where it comes from; then rolled back, which brings everything back.
  await page.reload();
  await expect(bench.events.first()).toBeVisible({ timeout: 60_000 });
  expect(await eventCount(page)).toBe(left);
  await bench.inspector.getByRole('tab', { name: 'Scores' }).click();
  await expect(bench.inspector.getByText(/recalibrated on .*, confirmed by/).first()).toBeVisible();
  await bench.inspector.getByRole('tab', { name: 'Drift' }).click();
  await bench.inspector.getByRole('button', { name: 'Before and after' }).click();
  await compared.getByRole('button', { name: 'Roll back' }).click();
  await expect(compared).toHaveCount(0);
  expect(await eventCount(page)).toBe(all);
  expect(await bench.flaggedShare()).toBe(flagged);
  expect(bench.complaints).toEqual([]);
});

test('a drawn range is retrained on, and reading drift can be stopped', async ({ page }) => {
  const bench = new Workbench(page);
  await openMill(page, bench);
  await page.keyboard.press('0');
  const box = (await page.locator('[data-lane="score"] .tt-plot').boundingBox())!;
  const from = box.x + box.width * 0.73;
  await page.mouse.move(from, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(from + box.width * 0.13, box.y + 20, { steps: 8 });
  await page.mouse.up();
  await bench.inspector.getByRole('button', { name: 'Confirm the drawn range…' }).click();
  const form = bench.inspector.getByRole('region', { name: 'Confirm as the new normal' });
  await form.getByRole('radio', { name: 'Retrain' }).click();
  await expect(form.getByRole('radio', { name: 'From here on' })).toBeChecked();
  await form.getByRole('button', { name: 'Retrain' }).click();
  const compared = page.getByRole('region', { name: 'New normal: before and after' });
  await expect(compared.getByText(/events? stayed/)).toBeVisible({ timeout: 120_000 });
  // The new run's residuals are read anew: that can be stopped and begun again.
  const cancel = bench.inspector.getByRole('button', { name: 'Cancel' });
  if (await cancel.isVisible()) {
    await cancel.click();
    await bench.inspector.getByRole('button', { name: 'Read drift' }).click();
  }
  await expect(bench.inspector.getByText('Proposed regimes')).toBeVisible({ timeout: 60_000 });
  await expect(bench.inspector.getByText(/^Threshold retrained on .*, confirmed by /)).toBeVisible();
  await compared.getByRole('button', { name: 'Roll back' }).click();
  await expect(compared).toHaveCount(0);
  expect(await eventCount(page)).toBe(24);
  expect(bench.complaints).toEqual([]);
});
