import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

/** Small enough for one core: few windows, all seven views. */
const SMALL = { Epochs: 2, 'Training stride': 128, 'Windows over a step': 1 };

test('run AMSL, see what its memories recall, switch a part of the method off', async ({ page }) => {
  test.setTimeout(400_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  // M2AD has no memory, so there is nothing to open.
  await expect(bench.inspector.getByRole('tab', { name: 'Memory' })).toHaveCount(0);

  await bench.chooseEngine('AMSL', SMALL);
  await bench.run(180_000);
  await bench.step('Review').click();
  await bench.waitForEvents();
  await bench.events.first().click();
  await bench.inspector.getByRole('tab', { name: 'Memory' }).click();
  const tab = bench.inspector;
  await expect(tab.getByRole('heading', { name: 'What the memories recall' })).toBeVisible({ timeout: 60_000 });
  for (const name of [
    /^Views of the window/,
    /^Which items answer/,
    /^The strongest items/,
    /^Fusion weights/,
    /^Which view is it/,
  ])
    await expect(tab.getByRole('heading', { name })).toBeVisible();

  // Every chart has its numbers in a table.
  const views = tab.getByRole('table', { name: /Range of each view/ });
  await expect(views.getByRole('row')).toHaveCount(1 + 7);
  const confusion = tab.getByRole('table', { name: /view \(row\) is taken for/ });
  await expect(confusion.getByRole('row')).toHaveCount(1 + 7);
  const items = tab.getByRole('table', { name: /Memory items that answer most/ });
  await expect(items.getByRole('row').nth(1)).toContainText('global memory');
  await expect(items.getByText('local memory').first()).toBeAttached();
  await expect(tab.getByRole('table', { name: /Fusion weights after/ }).getByRole('row')).toHaveCount(1 + 7);

  // The window that is shown is marked in the lanes.
  await expect(page.locator('.legend').getByText('window', { exact: true })).toBeVisible();

  // A variant: one memory for all views. Then there is nothing to fuse, and no local item.
  await bench.step('Engine').click();
  const form = page.getByRole('region', { name: 'Engine', exact: true });
  await form
    .getByRole('button', { name: /Memory/ })
    .first()
    .click();
  await page.getByRole('option', { name: 'global only' }).click();
  await bench.run(180_000);
  await bench.step('Review').click();
  await bench.events.first().click();
  await bench.inspector.getByRole('tab', { name: 'Memory' }).click();
  await expect(tab.getByRole('heading', { name: /^Which items answer/ })).toBeVisible({ timeout: 60_000 });
  await expect(tab.getByRole('heading', { name: /^Fusion weights/ })).toHaveCount(0);
  await expect(items.getByText('local memory')).toHaveCount(0);
  expect(bench.complaints).toEqual([]);
});
