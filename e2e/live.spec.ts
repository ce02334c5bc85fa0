import type { Page } from '@playwright/test';
import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

const said = (page: Page) => page.getByRole('complementary', { name: 'Alarms' }).getByRole('status');
const facts = (page: Page) => page.getByRole('group', { name: 'How it goes' });

/** Steps scored so far, as the bar says it. */
async function scored(page: Page): Promise<number> {
  const text = await facts(page).innerText();
  return Number(/([\d\s\u00A0]+) steps scored/.exec(text)?.[1]?.replaceAll(/\s/g, '') ?? 0);
}

test('a replay follows the newest steps, raises alarms and lets them go, by keyboard', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await bench.step('Live').click();
  const bar = page.getByRole('group', { name: 'Live', exact: true });
  await bar.getByRole('button', { name: 'Speed' }).click();
  await page.getByRole('option', { name: '1 000 / s' }).click();
  await bar.getByRole('button', { name: 'Play' }).focus();
  await page.keyboard.press('Enter');

  // An alarm comes on, is said, and goes off.
  await expect(said(page)).toContainText(/Alarm \d+ on at .*: \S+/);
  await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
  await expect(said(page)).toContainText(/Alarm \d+ off at/);

  // Paused, nothing moves on; settings and all are there without serious trouble for anybody.
  await bar.getByRole('button', { name: 'Pause' }).focus();
  await page.keyboard.press('Enter');
  await expect(facts(page)).toContainText('paused');
  await page.waitForTimeout(300);
  const halted = await scored(page);
  expect(halted).toBeGreaterThan(100);
  await page.waitForTimeout(600);
  expect(await scored(page)).toBe(halted);
  expect(await serious(page)).toEqual([]);

  // Looking back at an alarm switches following off; the button puts it on again.
  const follow = bar.getByRole('button', { name: 'Follow' });
  await expect(follow).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('complementary', { name: 'Alarms' }).locator('button.link').last().click();
  await expect(follow).toHaveAttribute('aria-pressed', 'false');
  await bar.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => scored(page)).toBeGreaterThan(halted);
  await follow.click();
  await expect(follow).toHaveAttribute('aria-pressed', 'true');

  await bar.getByRole('button', { name: 'Stop' }).click();
  await expect(facts(page)).toContainText('stopped');
  expect(bench.complaints).toEqual([]);
});

test('an address of another origin is refused with what to do', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await bench.step('Live').click();
  await page.getByRole('radio', { name: 'Stream' }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill('https://example.com/rows');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('does not belong to http://localhost');
  await expect(page.getByRole('alert')).toContainText('telltale relay');
  expect(bench.complaints).toEqual([]);
});
