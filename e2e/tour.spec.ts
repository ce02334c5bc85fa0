import type { Page } from '@playwright/test';
import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

const card = (page: Page) => page.locator('.tour-card');
const ring = (page: Page) => page.locator('.tour-ring');

/** The ring stands around the control that the tour speaks of. */
async function rings(page: Page, selector: string): Promise<void> {
  await expect
    .poll(async () => {
      const [around, control] = await Promise.all([
        ring(page).boundingBox(),
        page.locator(selector).first().boundingBox(),
      ]);
      if (!around || !control) return Infinity;
      return Math.max(Math.abs(around.x + 3 - control.x), Math.abs(around.y + 3 - control.y));
    })
    .toBeLessThanOrEqual(2);
}

test('the tour goes through the first journey by keyboard and gives the focus back', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  const entry = page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Guided tour' });
  await entry.focus();
  await page.keyboard.press('Enter');
  await expect(card(page)).toBeFocused();
  await expect(page.getByRole('dialog', { name: 'Open data' })).toContainText('Pumping station is open');
  await rings(page, '[data-tour="data"]');
  expect(await serious(page)).toEqual([]);

  const stops = [
    ['Choose an engine', '[data-tour="engine"]'],
    ['Detect', '[data-tour="run"]'],
    ['Measured against expected', '.tt-stack'],
    ['The events', '[data-tour="events"]'],
    ['Read one event', '[data-tour="event"]'],
    ['Which sensor did it', '[data-tour="why"]'],
    ['Where the number comes from', '[data-tour="chain"]'],
    ['Move the threshold', '.tt-handle'],
    ['Say what it was', '.inspector .range-verdict'],
    ['Let it learn', '[data-tour="step-label"]'],
    ['That was the round', '[data-tour="keys"]'],
  ] as const;
  for (const [title, target] of stops) {
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('dialog', { name: title })).toBeVisible();
    await rings(page, target);
    const box = (await card(page).boundingBox())!;
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 1440 && box.y + box.height <= 900).toBe(true);
  }
  expect(await serious(page)).toEqual([]);
  // The arrows of the tour did not move the lanes' range: the page is where it was.
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'That was the round' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card(page)).toBeHidden();
  await expect(entry).toBeFocused();
  expect(bench.complaints).toEqual([]);
});

test('it blocks nothing and goes on where it was left, also after a reload', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await page.keyboard.press('h');
  await card(page).getByRole('button', { name: 'Next', exact: true }).click();
  await card(page).getByRole('button', { name: 'Next', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Detect' })).toBeVisible();

  // The page answers meanwhile: another event by its row, a label by its key.
  await bench.events.nth(1).click();
  await expect(bench.inspector.getByText('Event 2', { exact: true })).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Detect' })).toBeVisible();

  // Straight to the control that is outlined, and out by Escape from there.
  await page.getByRole('button', { name: 'Go to it' }).click();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Run', exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(card(page)).toBeHidden();

  await page.reload();
  await bench.waitForEvents();
  await page.keyboard.press('h');
  await expect(page.getByRole('dialog', { name: 'Detect' })).toBeVisible();
  await page.getByRole('button', { name: 'From the start' }).click();
  await expect(page.getByRole('dialog', { name: 'Open data' })).toBeVisible();
  await page.keyboard.press('Escape');
  expect(bench.complaints).toEqual([]);
});

test('formulas stand behind the question marks', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  for (const title of ['Severity', 'Tail probability', 'Score', 'Threshold', 'Share', 'Band']) {
    const mark = bench.inspector.getByRole('button', { name: `${title}: meaning and formula` });
    await mark.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: title, exact: true })).toContainText('=');
    await page.keyboard.press('Escape');
    await expect(mark).toBeFocused();
  }
  expect(bench.complaints).toEqual([]);
});

test.describe('for a person who asks for less motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });
  test('the outline does not glide', async ({ page }) => {
    const bench = new Workbench(page);
    await bench.open();
    await bench.waitForEvents();
    await page.keyboard.press('h');
    await expect(ring(page)).toBeVisible();
    expect(await ring(page).evaluate((element) => getComputedStyle(element).transitionDuration)).toBe('0s');
  });
});
