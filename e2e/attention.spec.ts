import { readFileSync } from 'node:fs';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

test('run AMAD, look at the attention of the top event, switch head, change the threshold rule', async ({ page }) => {
  test.setTimeout(300_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  // M2AD forecasts without attention, so there is nothing to open.
  await expect(bench.inspector.getByRole('tab', { name: 'Scores' })).toBeVisible();
  await expect(bench.inspector.getByRole('tab', { name: 'Attention' })).toHaveCount(0);

  await bench.chooseEngine('AMAD', { Epochs: 1, 'Training stride': 40 });
  await bench.run(240_000);
  await bench.step('Review').click();
  await bench.waitForEvents();
  await bench.events.first().click();
  await bench.inspector.getByRole('tab', { name: 'Attention' }).click();
  await expect(bench.attention).toBeVisible({ timeout: 60_000 });
  await expect(bench.attention).toHaveAccessibleName(/^Layer 1, head 1, window of 8\sh\s20\smin/);

  // Parts of the score stand on the same clock.
  for (const part of ['Cross-attention divergence', 'Squared error'])
    await expect(page.getByRole('group', { name: 'Review', exact: true }).getByText(part).first()).toBeVisible();

  // Pointing at a cell says which steps it joins and marks both in the lanes.
  const map = bench.attention.locator('.tt-att-plot').first();
  const box = (await map.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.405, box.y + box.height * 0.735);
  await expect(bench.inspector.getByText(/Row\s*i\s*= 73.*looks back at\s*j\s*= 40/)).toBeVisible();
  const second = page.locator('[data-part="second"]');
  await expect(second).toBeVisible();
  const before = await second.getAttribute('style');
  await page.mouse.move(box.x + box.width * 0.105, box.y + box.height * 0.735);
  await expect(bench.inspector.getByText(/looks back at\s*j\s*= 10/)).toBeVisible();
  await expect(second).not.toHaveAttribute('style', before ?? '');

  // A click pins the cell; arrow keys move from there.
  await page.mouse.down();
  await page.mouse.up();
  await page.mouse.move(box.x + box.width / 2, box.y - 60);
  await expect(bench.inspector.getByText(/= 73.*= 10/)).toBeVisible();
  await bench.attention.focus();
  await page.keyboard.press('ArrowRight');
  await expect(bench.inspector.getByText(/= 73.*= 11/)).toBeVisible();

  await bench.inspector.getByRole('button', { name: /^L2 H3/ }).click();
  await expect(bench.attention).toHaveAccessibleName(/^Layer 2, head 3/);
  await bench.inspector.getByRole('button', { name: /Layer/ }).first().click();
  await page.getByRole('option', { name: 'Rollout' }).click();
  await expect(bench.attention).toHaveAccessibleName(/^Rollout over the layers/);

  const saved = page.waitForEvent('download');
  await bench.inspector.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Numbers (CSV)' }).click();
  const text = readFileSync(await (await saved).path(), 'utf8');
  expect(text.split('\n')[0]).toBe('row_step,row_time,column_step,column_time,S,A,divergence_of_row_A_S');
  expect(text.trim().split('\n')).toHaveLength(1 + 100 * 100);
  const picture = page.waitForEvent('download');
  await bench.inspector.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Picture (PNG)' }).click();
  const png = readFileSync(await (await picture).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.length).toBeGreaterThan(20_000);

  // Another threshold rule needs no new training.
  const threshold = await bench.threshold.getAttribute('aria-valuetext');
  await page.getByRole('button', { name: /Threshold rule/ }).click();
  await page.getByRole('option', { name: 'Percentile' }).click();
  await page.getByRole('button', { name: 'Keep' }).click();
  await expect(bench.threshold).not.toHaveAttribute('aria-valuetext', threshold ?? '');

  // The card has every rule and the numbers of the chosen one.
  await bench.inspector.getByRole('tab', { name: 'Scores' }).click();
  await bench.inspector.getByRole('radio', { name: 'POT (extreme values)' }).click();
  const level = bench.inspector.getByLabel('POT (extreme values), Tail from, %');
  await expect(level).toHaveValue('98');
  const pot = await bench.threshold.getAttribute('aria-valuetext');
  await level.fill('90');
  await level.press('Enter');
  await expect(bench.threshold).not.toHaveAttribute('aria-valuetext', pot ?? '');
  expect(bench.complaints).toEqual([]);
});
