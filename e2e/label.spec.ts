import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

const status = (page: Page) => page.getByRole('complementary', { name: 'Labelling' });

/** Presses a key and waits until the journal has acknowledged what it said. */
async function say(page: Page, key: string, acts: number): Promise<void> {
  await page.keyboard.press(key);
  await expect(page.getByTestId('kept-acts')).toHaveText(String(acts));
}

/** Tab until the focus is on the wanted control: no mouse is used in this journey. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  for (let n = 0; n < most; n++) {
    const text = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
    if (name.test(text)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no control named ${String(name)} in ${most} tabs`);
}

test('labels 20 windows, fine-tunes, sees what changed, rolls back, undoes, exports and reads back: by keyboard alone', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();

  await tabTo(page, /^Label/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Ask me' }).first()).toBeVisible();
  expect(await serious(page)).toEqual([]);

  // Two rounds of ten; the second is asked after the first was learnt and rolled back.
  await page.keyboard.press('q');
  await expect(page.getByText('Question 1')).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('p');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('e');
  await page.keyboard.press('ArrowLeft');
  const verdicts = ['a', 'n', 'n', 'a', 'n', 'n', 'n', 'u', 'n', 'n'];
  for (const [n, key] of verdicts.entries()) await say(page, key, n + 1);
  await expect(page.getByText('Round 1 is answered')).toBeVisible();
  await expect(status(page).getByText('10 answered')).toBeVisible();

  await page.keyboard.press('t');
  await expect(page.getByRole('region', { name: 'Round 1 applied' })).toBeVisible({ timeout: 240_000 });
  await expect(page.getByText(/events? stayed/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('on the evaluation part alone')).toBeVisible();
  expect(await serious(page)).toEqual([]);

  await page.keyboard.press('x');
  await expect(page.getByText('rolled back')).toBeVisible();
  await page.keyboard.press('q');
  await expect(page.getByText('Question 1')).toBeVisible();
  for (const [n, key] of verdicts.entries()) await say(page, key, n + 11);
  await expect(status(page).getByText('20 answered')).toBeVisible();

  // Undo reaches back across a reload, and forward again.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(status(page).getByText('18 answered')).toBeVisible();
  await page.reload();
  await bench.waitForEvents();
  await tabTo(page, /^Label/);
  await page.keyboard.press('Enter');
  await expect(status(page).getByText('18 answered')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(status(page).getByText('17 answered')).toBeVisible();
  for (let n = 0; n < 3; n++) await page.keyboard.press('Control+Shift+z');
  await expect(status(page).getByText('20 answered')).toBeVisible();

  // Out to a file and in again.
  await tabTo(page, /^Round$/);
  await page.keyboard.press('ArrowRight');
  const count = page.getByTestId('label-count');
  await expect(count).toBeVisible();
  expect(await serious(page)).toEqual([]);
  const labelled = Number(await count.getAttribute('data-count'));
  expect(labelled).toBeGreaterThanOrEqual(20);
  await tabTo(page, /^Export$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: /Label Studio/ })).toBeFocused();
  const saving = page.waitForEvent('download', { timeout: 30_000 });
  await page.keyboard.press('Enter');
  const file = await (await saving).path();
  expect(readFileSync(file, 'utf8')).toContain('timeserieslabels');
  // The closing menu gives the focus back to its button a moment later; a Tab before that would be lost.
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeFocused();
  // Three answers are taken back; the file brings them again, and only them: labels that are there stay one.
  for (let n = 0; n < 3; n++) await page.keyboard.press('Control+z');
  await expect(status(page).getByTestId('kept-acts')).toHaveText('29');
  expect(Number(await count.getAttribute('data-count'))).toBeLessThan(labelled);
  await tabTo(page, /^Import$/);
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeFocused();
  const choosing = page.waitForEvent('filechooser', { timeout: 30_000 });
  await page.keyboard.press('Enter');
  await (await choosing).setFiles({ name: 'labels.json', mimeType: 'application/json', buffer: readFileSync(file) });
  await expect(page.getByText(`${labelled} labels from labels.json`)).toBeVisible();
  await expect(count).toHaveAttribute('data-count', String(labelled));
  expect(bench.complaints).toEqual([]);
});

test('what is said on Review is marked there and seen by a second tab at once', async ({ page, context }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  expect(await serious(page)).toEqual([]);
  const other = new Workbench(await context.newPage());
  await other.open();
  await other.waitForEvents();
  await page.bringToFront();
  await page.keyboard.press('n');
  await expect(bench.step('Label')).toContainText('1 label');
  await expect(other.step('Label')).toContainText('1 label');
  await expect(bench.inspector.getByRole('button', { name: 'Reject' })).toHaveClass(/picked/);

  // Both say something at once: nothing is overwritten.
  await page.keyboard.press('j');
  await other.page.keyboard.press('j');
  await other.page.keyboard.press('j');
  await Promise.all([page.keyboard.press('a'), other.page.keyboard.press('u')]);
  await expect(bench.step('Label')).toContainText('3 labels');
  await expect(other.step('Label')).toContainText('3 labels');
  expect(bench.complaints.concat(other.complaints)).toEqual([]);
});

test('a label that the browser cannot keep is said to be unsaved, can be downloaded, and is saved later', async ({
  page,
}) => {
  const bench = new Workbench(page);
  // The worker's own storage is out of reach of the page, so its door is made to break on demand before it starts.
  const prelude = `
    let isBroken = false;
    new BroadcastChannel('break').onmessage = ({ data }) => (isBroken = data);
    const add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = function (...given) {
      if (isBroken) throw new DOMException('no room', 'QuotaExceededError');
      return add.apply(this, given);
    };
  `;
  await page.route(/engine\.worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: prelude + (await response.text()) });
  });
  await bench.open();
  await bench.waitForEvents();
  const breakStorage = (isBroken: boolean) =>
    page.evaluate((broken) => {
      new BroadcastChannel('break').postMessage(broken);
    }, isBroken);
  await breakStorage(true);
  await page.waitForTimeout(200);
  await page.keyboard.press('a');
  const warning = page.getByRole('alert').filter({ hasText: 'not saved' });
  await expect(warning).toBeVisible();
  const saving = page.waitForEvent('download', { timeout: 30_000 });
  await warning.getByRole('button', { name: 'Download all labels now' }).click();
  expect(readFileSync(await (await saving).path(), 'utf8')).toContain('"verdict": "anomalous"');
  await breakStorage(false);
  await page.waitForTimeout(200);
  await warning.getByRole('button', { name: 'Save again' }).click();
  await expect(warning).toBeHidden();
  await page.reload();
  await bench.waitForEvents();
  await expect(bench.step('Label')).toContainText('1 label');
});
