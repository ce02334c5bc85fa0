import { readFileSync } from 'node:fs';
import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

test('a copied link shows the same run, event, range and tab in another browser', async ({
  page,
  context,
  browser,
  baseURL,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await page.keyboard.press('j');
  await page.keyboard.press('+');
  await bench.inspector.getByRole('tab', { name: 'Scores' }).click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.startsWith(baseURL ?? '')).toBe(true);
  expect(link).toMatch(/data=pump-station.*of=run.*event=2.*tab=scores/);
  expect(bench.complaints).toEqual([]);

  const fresh = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const other = new Workbench(await fresh.newPage());
  await other.page.goto(link);
  await expect(other.events.first()).toBeVisible({ timeout: 60_000 });
  await expect(other.events.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(other.inspector.getByRole('tab', { name: 'Scores' })).toHaveAttribute('aria-selected', 'true');
  const rangeIn = (address: string) => new URLSearchParams(new URL(address).hash.slice(1)).get('range');
  await expect.poll(() => rangeIn(other.page.url())).toBe(rangeIn(link));
  expect(other.complaints).toEqual([]);

  // The same link, put into the address bar of an open page that shows something else.
  await other.page.getByRole('banner').getByRole('button', { name: 'Data set' }).click();
  await other.page.getByRole('menuitem', { name: /Web server/ }).click();
  await expect(other.page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText('Web server');
  await other.page.evaluate((hash) => window.location.assign(hash), new URL(link).hash);
  await expect(other.page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText(/pump/i);
  await expect(other.events.nth(1)).toHaveAttribute('aria-selected', 'true');
  await fresh.close();
});

test('a link that is not sound says why and changes nothing', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open('#data=pump-station&engine=m2ad&p.%3Cimg+src%3Dx+onerror%3Dalert(1)%3E=1&seed=5');
  await expect(page.getByRole('alert')).toContainText('<img src=x onerror=alert(1)>');
  await expect(page.getByRole('alert')).toContainText('Nothing was changed');
  await bench.waitForEvents();
  expect(page.url()).toContain('seed=1');
  await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();

  const events = await bench.eventTexts();
  for (const hash of ['#data=../../etc/passwd', '#seed=1&seed=2', '#__proto__=1', `#asset=${'x'.repeat(9000)}`]) {
    await page.evaluate((next) => window.location.assign(next), hash);
    await expect(page.getByRole('alert')).toContainText('link');
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
  expect(await bench.eventTexts()).toEqual(events);
  expect(bench.complaints).toEqual([]);
});

test('a link about a file of one’s own waits for the file and then shows the same', async ({
  page,
  context,
  browser,
  baseURL,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const rows = Array.from(
    { length: 400 },
    (_, t) => `${t},${Math.sin(t / 7).toFixed(4)},${Math.cos(t / 5).toFixed(4)}`,
  );
  const file = { name: 'secret-plant.csv', bytes: Buffer.from(`step,alpha,beta\n${rows.join('\n')}\n`) };
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await bench.drop([file]);
  const use = (of: Workbench) => of.page.getByRole('button', { name: /^Use these/ });
  await expect(use(bench)).toBeEnabled({ timeout: 60_000 });
  await use(bench).click();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText('secret-plant');
  await bench.step('Engine').click();
  await page.getByLabel('Seed').fill('77');
  await page.getByLabel('Seed').press('Enter');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/data=sha256%3A[0-9a-f]{64}/);
  expect(link).not.toMatch(/secret|alpha|beta/);

  const fresh = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const other = new Workbench(await fresh.newPage());
  await other.page.goto(link);
  const waiting = other.page.getByRole('status', { name: 'A link waits for its data' });
  await expect(waiting).toBeVisible({ timeout: 60_000 });
  await other.page.reload();
  await expect(waiting).toBeVisible({ timeout: 60_000 });
  await other.drop([{ ...file, name: 'another-name.csv' }]);
  await expect(use(other)).toBeEnabled({ timeout: 60_000 });
  await use(other).click();
  await expect(waiting).toHaveCount(0);
  await expect(other.page.getByLabel('Seed')).toHaveValue('77');
  expect(other.complaints).toEqual([]);
  await fresh.close();
});

test('a run leaves as a report that shows and prints, as Parquet, and its charts as pictures', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  const saved = async (press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> => {
    const saving = page.waitForEvent('download');
    await press();
    const download = await saving;
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const exported = (item: RegExp) =>
    saved(async () => {
      await page.getByRole('region', { name: 'Events' }).getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    });

  const report = await exported(/^Report/);
  expect(report.name).toMatch(/-report\.html$/);
  const paper = await page.context().newPage();
  await paper.setContent(report.bytes.toString('utf8'));
  await expect(paper.getByRole('heading', { level: 1 })).toContainText('M2AD');
  // The shipped run has 22 events; the 20 most severe are drawn, the table has all.
  await expect(paper.getByRole('heading', { name: /^Event \d+$/ })).toHaveCount(20);
  await expect(paper.getByRole('table', { name: /^All 22 events/ }).getByRole('row')).toHaveCount(1 + 22);
  expect(await paper.locator('svg').count()).toBeGreaterThan(40);
  expect(await serious(paper)).toEqual([]);
  // In print an event with all its lanes fits on one page of A4 between its margins (186 by 269 mm).
  await paper.setViewportSize({ width: 703, height: 1017 });
  await paper.emulateMedia({ media: 'print' });
  const tall = await paper.locator('.found').evaluateAll((all) => Math.max(...all.map((one) => one.clientHeight)));
  expect(tall).toBeLessThan(1017);
  expect((await paper.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  await paper.close();

  const scores = await exported(/^Scores.*Parquet/);
  expect(scores.name).toMatch(/\.parquet$/);
  expect([scores.bytes.subarray(0, 4).toString(), scores.bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);

  const lanes = await exported(/^Lanes in view \(SVG\)/);
  const drawn = lanes.bytes.toString('utf8');
  expect(drawn.match(/<image /g)?.length).toBeGreaterThan(4);
  expect(drawn).toContain('<text ');
  const png = await exported(/^Lanes in view \(PNG\)/);
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');

  await bench.inspector.getByRole('tab', { name: 'Scores' }).click();
  const chart = page.locator('.tt-chart').first();
  await chart.hover();
  const picture = await saved(() => chart.getByRole('button', { name: /^Save as SVG/ }).click());
  expect(picture.name).toMatch(/\.svg$/);
  expect(picture.bytes.toString('utf8')).toMatch(/^<svg [^>]*><title>[^<]+<\/title>.*<path /s);
  expect(bench.complaints).toEqual([]);
});
