/** A page that comes by plain HTTP from another machine: browsers withhold from it whatever needs a secure context. */
import { expect, test } from '@playwright/test';
import config from '../playwright.config.ts';
import { Workbench } from './workbench.ts';

const elsewhere = 'plain.test';
const { launchOptions, baseURL } = config.use ?? {};

test.use({
  launchOptions: {
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), `--host-resolver-rules=MAP ${elsewhere} 127.0.0.1`],
  },
});

test('computes, keeps labels and finds them again without a secure context', async ({ page, baseURL: here }) => {
  test.setTimeout(300_000);
  const address = new URL(here ?? baseURL ?? '');
  address.hostname = elsewhere;
  const bench = new Workbench(page);
  await page.goto(address.href);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await bench.waitForEvents();
  await bench.chooseEngine('Council of quick engines');
  await bench.run(200_000);
  await bench.step('Review').click();
  await bench.waitForEvents();
  await bench.step('Label').click();
  await page.keyboard.press('q');
  await expect(page.getByText('Question 1')).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.getByTestId('kept-acts')).toHaveText('1');
  await page.reload();
  await bench.waitForEvents();
  await bench.step('Label').click();
  await expect(page.getByTestId('kept-acts')).toHaveText('1');
  // Here every address has the other name; whether one leaves the origin is asked of the page's own.
  const foreign = bench.complaints.filter((line) => !line.startsWith(`request to ${address.origin}/`));
  expect(foreign).toEqual([]);
});
