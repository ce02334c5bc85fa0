/** What breaks while the page lives on: its worker ends, memory runs out, the disk is full. Nothing acknowledged is lost. */
import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';
import { exposeWorkers, runsOf } from './kills.ts';
import { Workbench } from './workbench.ts';

const LONG = { timeout: 120_000 };
const bar = (page: Page) => page.getByRole('banner');

async function openMill(page: Page): Promise<Workbench> {
  const bench = new Workbench(page);
  await bench.open('#data=mill');
  await expect(bench.events.first()).toBeVisible(LONG);
  return bench;
}

test('a worker that ends without a word is noticed: the run says so and goes on by itself', async ({ page }) => {
  test.setTimeout(600_000);
  await exposeWorkers(page);
  const bench = await openMill(page);
  await bench.chooseEngine('M2AD', { Epochs: 60 });
  await bar(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(bar(page).getByRole('button', { name: /epoch [3-9]/ })).toBeVisible(LONG);
  await page.evaluate(() => {
    for (const one of (globalThis as unknown as { workersMade: Worker[] }).workersMade.splice(0)) one.terminate();
  });
  await bench.step('Run').click();
  await expect(page.getByText(/stopped unexpectedly.*started again, and the run goes on after epoch \d+/)).toBeVisible(
    LONG,
  );
  await expect(bench.step('Run')).toHaveText(/^Run\s*done$/, { timeout: 300_000 });
  expect(await runsOf(bench)).toBe(2);
  // Each epoch is in the curve once.
  await page.reload();
  await bench.events.first().waitFor(LONG);
  await bench.step('Run').click();
  await expect(page.getByText(/stopped after epoch/)).toHaveCount(0);
  expect(await runsOf(bench)).toBe(2);
});

test('memory that runs out ends the run with smaller settings to choose; what was there stays, and the next run works', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const bench = await openMill(page);
  const before = await runsOf(bench);
  await page.keyboard.press('n');
  await expect(bench.step('Label')).toContainText('1 label');
  // The estimate is worked out before: it would find the memory full as well, and the worker would be replaced.
  await bench.chooseEngine('M2AD', { Epochs: 2 });
  await expect(page.getByText(/^Training windows/)).toBeVisible(LONG);
  await page.waitForTimeout(3000);
  const [worker] = page.workers();
  await worker.evaluate(() => {
    // As on a device whose memory is full: the engine refuses arrays of any size.
    globalThis.Float32Array = new Proxy(Float32Array, {
      construct(real, given: [number], made) {
        if (given[0] > 10_000) throw new RangeError('Array buffer allocation failed');
        return Reflect.construct(real, given, made) as Float32Array;
      },
    });
  });
  await bar(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(bench.step('Run')).toHaveText(/^Run\s*(done|stopped)$/, { timeout: 300_000 });
  await bench.step('Run').click();
  const told = page.locator('main');
  await expect(told).toContainText('memory of this device ran out');
  await expect(told).toContainText('smaller batch or a smaller preset');
  expect(await runsOf(bench)).toBe(before);
  await expect(bench.step('Label')).toContainText('1 label');

  await bench.chooseEngine('KMeans on windows');
  await bar(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(bench.step('Run')).toHaveText(/^Run\s*done$/, LONG);
  expect(await runsOf(bench)).toBe(before + 1);
});

test('a full disk costs nothing: labels and runs stay in the tab, it says so, and saves them when there is room', async ({
  page,
  context,
  baseURL,
}) => {
  test.setTimeout(600_000);
  const bench = await openMill(page);
  await page.keyboard.press('n');
  await expect(bench.step('Label')).toContainText('1 label');
  const session = await context.newCDPSession(page);
  const { origin } = new URL(baseURL ?? '');
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  // The browser goes by the room that it found last for half a minute.
  await page.waitForTimeout(35_000);

  await page.keyboard.press('j');
  await page.keyboard.press('a');
  const warning = page.getByRole('alert').filter({ hasText: 'not saved' });
  await expect(warning).toBeVisible(LONG);
  await bench.chooseEngine('KMeans on windows');
  await bar(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(bench.step('Run')).toHaveText(/^Run\s*done$/, LONG);
  const runs = await runsOf(bench);
  await expect(page.getByRole('alert').filter({ hasText: 'Not saved: KMeans on windows' })).toBeVisible(LONG);
  await bench.step('Review').click();
  await expect(page.locator('[data-lane="score"]')).toBeVisible(LONG);

  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await expect(async () => {
    const again = page.getByRole('button', { name: 'Save again' }).first();
    if (await again.isVisible()) await again.click();
    await expect(page.getByRole('alert').filter({ hasText: /not saved|no room/i })).toHaveCount(0, { timeout: 3000 });
  }).toPass(LONG);
  await page.reload();
  await bench.events.first().waitFor(LONG);
  await expect(bench.step('Label')).toContainText('2 labels', LONG);
  await expect.poll(() => runsOf(bench), LONG).toBe(runs);
});
