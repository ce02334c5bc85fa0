/**
 * The tab or its worker is killed at a random moment of labelling, training, fine-tuning and imports, again and again;
 * everything that was acknowledged must be there afterwards, and nothing that is half written may show. KILLS sets how
 * often (5 by default; `npm run kill` does it 200 times), KILL_SEED the moments.
 */
import { appendFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';
import { JOURNEYS } from './killJourneys.ts';
import { exposeWorkers, Ledger, loaded, seeded, WAYS } from './kills.ts';
import { Workbench } from './workbench.ts';

const KILLS = Number(process.env['KILLS'] ?? 5);
const SEED = Number(process.env['KILL_SEED'] ?? 1);
const USUAL_OPENING_MS = 2000;
/** Only these journeys, with commas between. */
const ONLY = process.env['KILL_JOURNEYS']?.split(',');
const journeys = JOURNEYS.filter(({ name }) => ONLY?.includes(name) ?? true);
/** A file to which each kill adds a line of JSON. */
const RECORD = process.env['KILL_RECORD'];

test.describe.configure({ retries: 0 });

test(`nothing acknowledged is lost in ${KILLS} kills`, async ({ context }) => {
  test.setTimeout(600_000 + KILLS * 180_000);
  const random = seeded(SEED);
  const ledger = new Ledger();
  const tally = new Map<string, number>();

  /** How many times slower than usual this machine is just now: kills shall fall into all parts of a journey. */
  let pace = 1;
  const opened = async (): Promise<Workbench> => {
    const page = await context.newPage();
    await exposeWorkers(page);
    const bench = new Workbench(page);
    const from = performance.now();
    await bench.open('#data=mill');
    await expect(bench.events.first()).toBeVisible({ timeout: 120_000 });
    pace = Math.min(10, Math.max(1, (performance.now() - from) / USUAL_OPENING_MS));
    return bench;
  };

  let bench = await opened();
  await ledger.check(bench, 'at the start');
  await ledger.follow(bench.page);
  for (let n = 0; n < KILLS; n++) {
    const journey = journeys[n % journeys.length];
    // Round after round each journey meets the next way to die.
    const way = WAYS[((n % journeys.length) + Math.floor(n / journeys.length)) % WAYS.length];
    const name = `${journey.name}, ${way}`;
    await test.step(`${n}: ${name}`, async () => {
      ledger.theme = await changeTheme(bench.page);
      const kill = await loaded(way, bench.page);
      const underway = await journey.begin({ bench, ledger, random, n });
      const delayMs = Math.floor(random() * journey.spanMs * pace);
      await bench.page.waitForTimeout(delayMs);
      await underway.glance();
      await kill();
      const isSamePage = way === 'worker';
      if (!isSamePage) bench = await opened();
      await underway.after(bench, isSamePage);
      await ledger.check(bench, `after kill ${n}: ${name}`);
      if (!isSamePage) await ledger.follow(bench.page);
      tally.set(name, (tally.get(name) ?? 0) + 1);
      const { acts, runs, datasets } = ledger;
      if (RECORD !== undefined)
        appendFileSync(
          RECORD,
          `${JSON.stringify({ seed: SEED, n, journey: journey.name, way, delayMs, acts, runs, datasets: datasets.size })}\n`,
        );
    });
  }
  bench = await opened();
  await ledger.check(bench, 'at the end');
  expect([...tally.values()].reduce((sum, count) => sum + count, 0)).toBe(KILLS);
  expect(ledger.acts).toBeGreaterThan(0);
});

/** A setting of the device, the other one each time. */
async function changeTheme(page: Page): Promise<string | null> {
  const root = page.locator('html');
  const before = await root.getAttribute('data-theme');
  await page
    .getByRole('banner')
    .getByRole('button', { name: /theme|dark|light/i })
    .click();
  await expect(root).not.toHaveAttribute('data-theme', before ?? '');
  return root.getAttribute('data-theme');
}
