import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { smdMachine } from './smd.ts';
import { Workbench } from './workbench.ts';

test('opens to the events of the bundled pump station', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  expect(await bench.events.count()).toBeGreaterThan(3);
  await page.keyboard.press('j');
  await expect(bench.inspector.getByText('Event 2', { exact: true })).toBeVisible();
  await page.keyboard.press('k');
  await expect(bench.inspector.getByText('Event 1', { exact: true })).toBeVisible();
  expect(await serious(page)).toEqual([]);
  expect(bench.complaints).toEqual([]);
});

test('drop an SMD machine, run M2AD lite, review, drag the threshold, reload', async ({ page }) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();

  await bench.drop(smdMachine());
  await expect(page.getByText('SMD', { exact: false }).first()).toBeVisible();
  const use = page.getByRole('button', { name: /^Use these/ });
  await expect(use).toBeEnabled({ timeout: 60_000 });
  await use.click();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText('machine-1-6');

  await bench.run(540_000);
  await bench.step('Review').click();
  await bench.waitForEvents();
  await bench.events.first().click();
  await expect(bench.events.first()).toHaveAttribute('aria-selected', 'true');
  // Five sensors and the line for their whole system.
  const atPeak = bench.inspector.getByRole('table').first().locator('tbody').getByRole('row');
  expect(await atPeak.count()).toBeGreaterThanOrEqual(5);

  const before = await bench.threshold.getAttribute('aria-valuetext');
  const share = await bench.flaggedShare();
  const box = (await bench.threshold.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 12, { steps: 6 });
  await page.mouse.up();
  await expect(bench.threshold).not.toHaveAttribute('aria-valuetext', before ?? '');
  // A higher threshold may split an event in two, but it never flags more steps.
  await expect.poll(() => bench.flaggedShare()).toBeLessThan(share);
  const dragged = await bench.threshold.getAttribute('aria-valuetext');
  const left = await bench.events.count();

  await page.reload();
  await bench.waitForEvents();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText('machine-1-6');
  await expect(bench.threshold).toHaveAttribute('aria-valuetext', dragged ?? '');
  expect(await bench.events.count()).toBe(left);
  expect(bench.complaints).toEqual([]);
});

test('cancel stops a run within a batch and keeps what was there', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  const many = await bench.events.count();
  await page.keyboard.press('r');
  const cancel = page.getByRole('banner').getByRole('button', { name: 'Cancel' });
  await expect(cancel).toBeVisible();
  await expect(page.getByRole('banner').getByRole('button', { name: /epoch/ })).toBeVisible({ timeout: 60_000 });
  await cancel.click();
  await expect(bench.step('Run')).toContainText('cancelled', { timeout: 10_000 });
  await bench.step('Review').click();
  expect(await bench.events.count()).toBe(many);
  expect(bench.complaints).toEqual([]);
});

test('a file that is no table is refused with the reason, and the open data set stays', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await bench.drop([{ name: 'page.csv', bytes: Buffer.from('<!doctype html><html><body>Not found</body></html>') }]);
  await expect(page.getByText(/web page|HTML|no table/i).first()).toBeVisible();
  await bench.step('Review').click();
  await bench.waitForEvents();
  expect(bench.complaints).toEqual([]);
});
