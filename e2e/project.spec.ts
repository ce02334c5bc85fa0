import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Storage and project files' });

/** Saves the open data set from the dialog, by keyboard, and gives the file. */
async function saved(page: Page, withData: boolean): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await page.keyboard.press('Control+s');
  await expect(dialog(page)).toBeVisible();
  const box = dialog(page).getByRole('checkbox', { name: /With the data/ });
  if ((await box.isChecked()) !== withData) await box.press('Space');
  const saving = page.waitForEvent('download', { timeout: 60_000 });
  await dialog(page).getByRole('button', { name: 'Save project file' }).press('Enter');
  const download = await saving;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const labelCount = (bench: Workbench) => bench.step('Label');

test('work saved as a project opens in a fresh browser with the same events and labels, and brings nothing twice', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await page.keyboard.press('a');
  await page.keyboard.press('j');
  await page.keyboard.press('n');
  await expect(labelCount(bench)).toContainText('2 labels');
  const events = await bench.eventTexts();

  const file = await saved(page, true);
  expect(file.name).toMatch(/\.telltale-project$/);
  await expect(dialog(page)).toContainText('All runs and labels are in it.');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();

  const fresh = await browser.newContext();
  const other = new Workbench(await fresh.newPage());
  await other.open();
  await other.waitForEvents();
  await other.drop([file]);
  const brought = other.page.getByRole('status').filter({ hasText: 'is open.' });
  await expect(brought).toContainText('2 labels added', { timeout: 60_000 });
  await other.waitForEvents();
  await expect(labelCount(other)).toContainText('2 labels');
  expect(await other.eventTexts()).toEqual(events);
  expect(await serious(other.page)).toEqual([]);

  await other.drop([file]);
  await expect(brought).toContainText('here already', { timeout: 60_000 });
  await expect(brought).not.toContainText('added');
  await expect(labelCount(other)).toContainText('2 labels');

  // Undo goes back behind the file: every act came with it.
  await other.page.reload();
  await other.waitForEvents();
  await expect(labelCount(other)).toContainText('2 labels');
  expect(bench.complaints.concat(other.complaints)).toEqual([]);
  await fresh.close();
});

test('a damaged project is refused with the reason, and nothing is lost', async ({ page }) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await page.keyboard.press('a');
  await expect(labelCount(bench)).toContainText('1 label');
  const events = await bench.eventTexts();
  const { name, bytes } = await saved(page, false);
  await page.keyboard.press('Escape');
  const damaged = Buffer.from(bytes);
  damaged.fill(0x55, Math.floor(damaged.length / 2), Math.floor(damaged.length / 2) + 64);
  await bench.drop([{ name, bytes: damaged }]);
  await expect(page.getByRole('alert')).toContainText(/file is damaged/, { timeout: 60_000 });
  await expect(labelCount(bench)).toContainText('1 label');
  expect(await bench.eventTexts()).toEqual(events);
  await page.reload();
  await bench.waitForEvents();
  await expect(labelCount(bench)).toContainText('1 label');
  expect(bench.complaints).toEqual([]);
});

test('a second tab follows the settings of a run and the theme, and does not write over them', async ({
  page,
  context,
}) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  const other = new Workbench(await context.newPage());
  await other.open();
  await other.waitForEvents();

  // Event settings of the run that both show.
  const before = (await other.threshold.getAttribute('aria-valuetext')) ?? '';
  await page.bringToFront();
  const box = await bench.threshold.boundingBox();
  if (!box) throw new Error('the threshold is not in view');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 12, { steps: 6 });
  await page.mouse.up();
  await expect(other.threshold).not.toHaveAttribute('aria-valuetext', before, { timeout: 60_000 });
  // The handle may lag behind the pointer on its own page; both end at the same.
  const own = () => bench.threshold.getAttribute('aria-valuetext');
  await expect.poll(async () => (await own()) === (await other.threshold.getAttribute('aria-valuetext'))).toBe(true);

  // Settings of the device.
  const was = (await page.locator('html').getAttribute('data-theme')) ?? '';
  await page.getByRole('banner').getByRole('button', { name: 'Light or dark' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', was);
  const theme = (await page.locator('html').getAttribute('data-theme')) ?? '';
  await expect(other.page.locator('html')).toHaveAttribute('data-theme', theme);
  // What this tab writes later does not put the old one back.
  await other.page.bringToFront();
  await other.page.keyboard.press('[');
  await other.page.reload();
  await other.waitForEvents();
  await expect(other.page.locator('html')).toHaveAttribute('data-theme', theme);
  expect(bench.complaints.concat(other.complaints)).toEqual([]);
});

test('a store that the browser removed is told, and a project brings it back', async ({ page }) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await page.keyboard.press('a');
  await expect(labelCount(bench)).toContainText('1 label');
  const file = await saved(page, false);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => localStorage.getItem('telltale.store.1') ?? '')).toContain('names":["');
  await page.goto('about:blank');
  const session = await page.context().newCDPSession(page);
  const origin = new URL(test.info().project.use.baseURL ?? '').origin;
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });

  await bench.open();
  const gone = page.getByRole('alert').filter({ hasText: 'What was kept here is gone.' });
  await expect(gone).toBeVisible({ timeout: 60_000 });
  expect(await serious(page)).toEqual([]);
  await page.reload();
  await expect(gone).toBeVisible({ timeout: 60_000 });
  await bench.waitForEvents();
  await bench.drop([file]);
  await expect(labelCount(bench)).toContainText('1 label', { timeout: 60_000 });
  await expect(gone).toBeHidden();
  expect(bench.complaints).toEqual([]);
});

test('the storage panel tells what is kept, and a deletion can be undone', async ({ page }) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await page.getByRole('banner').getByRole('button', { name: 'Storage and project file' }).click();
  const row = dialog(page).getByRole('row', { name: /Pump/ });
  await expect(row).toBeVisible();
  await expect(dialog(page).getByText(/of about .* used/)).toBeVisible();
  await expect(dialog(page).getByText(/rotected|refused/)).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await row.getByRole('button', { name: /^Delete Pump/ }).click();
  await expect(row).toBeHidden();
  await dialog(page).getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  await row.getByRole('button', { name: /^Delete the runs/ }).click();
  await dialog(page).getByRole('button', { name: 'Delete now' }).click();
  await expect(row).toBeVisible();
  await page.keyboard.press('Escape');
  expect(bench.complaints).toEqual([]);
});
