/**
 * The page is killed at a random moment while labels are being said, again and again; every label that was acknowledged
 * must be there afterwards. KILLS sets how often (5 by default; `npm run kill` does it 50 times), KILL_SEED the moments.
 */
import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

const KILLS = Number(process.env['KILLS'] ?? 5);
const SEED = Number(process.env['KILL_SEED'] ?? 1);

/** Mulberry32: the moments are the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const kept = async (page: Page): Promise<number> => Number(await page.getByTestId('kept-acts').textContent());

async function toLabels(bench: Workbench): Promise<void> {
  await bench.open();
  await expect(bench.events.first()).toBeVisible({ timeout: 60_000 });
  await bench.step('Label').click();
  await expect(bench.page.getByTestId('kept-acts')).toBeVisible({ timeout: 30_000 });
}

test(`no acknowledged label is lost in ${KILLS} kills`, async ({ context }) => {
  test.setTimeout(60_000 + KILLS * 30_000);
  const random = seeded(SEED);
  let acknowledged = 0;
  for (let n = 0; n < KILLS; n++) {
    const page = await context.newPage();
    const bench = new Workbench(page);
    await toLabels(bench);
    // Nothing that was acknowledged before the last kill is missing; what was on its way may be there or not.
    const found = await kept(page);
    expect(found, `after ${n} kills`).toBeGreaterThanOrEqual(acknowledged);
    acknowledged = found;

    // Every acknowledgement is told to the test at the moment it is on screen: it lives on when the page does not.
    await page.exposeFunction('acknowledge', (acts: number) => {
      acknowledged = Math.max(acknowledged, acts);
    });
    await page.evaluate(() => {
      const element = document.querySelector('[data-testid="kept-acts"]');
      if (!element) throw new Error('no counter');
      const tell = (window as unknown as { acknowledge: (acts: number) => void }).acknowledge;
      new MutationObserver(() => tell(Number(element.textContent))).observe(element, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await page.keyboard.press('q');
    await expect(page.getByText(/^Question/)).toBeVisible();
    // Answers as fast as keys can be pressed, changed over and over: each press is one act.
    const pressing = page.evaluate(
      () =>
        new Promise<never>(() => {
          const keys = ['a', 'n', 'u', 'k', 'n', 'a'];
          let at = 0;
          setInterval(() => {
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key: keys[at++ % keys.length], bubbles: true }));
          }, 8);
        }),
    );
    pressing.catch(() => undefined);
    const before = acknowledged;
    await expect.poll(() => acknowledged, { timeout: 30_000 }).toBeGreaterThan(before);
    await page.waitForTimeout(Math.floor(random() * 400));
    const session = await context.newCDPSession(page);
    // The renderer dies with its worker, as when the tab crashes; no handler of the page runs.
    await Promise.race([session.send('Page.crash').catch(() => undefined), page.waitForEvent('crash')]);
    await page.close();
  }
  const page = await context.newPage();
  await toLabels(new Workbench(page));
  expect(await kept(page)).toBeGreaterThanOrEqual(acknowledged);
  expect(acknowledged).toBeGreaterThan(KILLS);
});
