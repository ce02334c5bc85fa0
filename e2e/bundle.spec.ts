import { readFileSync } from 'node:fs';
import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

test('a run saved as a file opens in a fresh browser with the same events', async ({ page, browser }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  const events = await bench.eventTexts();
  await bench.step('Run').click();
  const saving = page.waitForEvent('download');
  await page
    .getByRole('button', { name: /^Save M2AD/ })
    .first()
    .click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^pump-station-m2ad-.*\.telltale$/);
  const bytes = readFileSync(await download.path());
  expect(await serious(page)).toEqual([]);
  expect(bench.complaints).toEqual([]);

  const fresh = await browser.newContext();
  const other = new Workbench(await fresh.newPage());
  await other.open();
  await other.waitForEvents();
  // Another data set is open: the run brings its own, which comes with the page.
  await other.page.getByRole('banner').getByRole('button', { name: 'Data set' }).click();
  await other.page.getByRole('menuitem', { name: /Web server/ }).click();
  await expect(other.page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText('Web server');
  await other.drop([{ name: download.suggestedFilename(), bytes }]);
  await expect(other.page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText(/pump/i);
  await other.waitForEvents();
  expect(await other.eventTexts()).toEqual(events);
  expect(other.complaints).toEqual([]);
  await fresh.close();
});

test('a damaged run file is refused with the reason, and what is open stays', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await bench.drop([{ name: 'run.telltale', bytes: Buffer.from('PK\x03\x04 cut short') }]);
  await expect(page.getByRole('alert')).toContainText(/run file is damaged/);
  await bench.waitForEvents();
  expect(bench.complaints).toEqual([]);
});
