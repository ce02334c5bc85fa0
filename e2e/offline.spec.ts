import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test as journey } from './journey.ts';
import { Workbench } from './workbench.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const build = resolve(here, '..', process.env['FOLDER'] ?? 'dist');

/** A host of one's own, which can go away and can be given another build. */
class Host {
  readonly #port: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'telltale-host-'));
  #server: ChildProcess | null = null;

  constructor(port: string) {
    this.#port = port;
  }

  /** Serves this folder from now on. */
  publish(folder: string): void {
    const next = join(this.#folder, 'next');
    symlinkSync(folder, next);
    renameSync(next, join(this.#folder, 'live'));
  }

  async start(): Promise<void> {
    const env = { ...process.env, PORT: this.#port, FOLDER: join(this.#folder, 'live') };
    this.#server = spawn(process.execPath, [join(here, 'server.mjs')], { env, stdio: 'ignore' });
    const status = (): Promise<number> =>
      fetch(`http://localhost:${this.#port}/some/sub-path/`).then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(status, { timeout: 60_000 }).toBe(200);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null) return;
    const gone = new Promise((closed) => server.once('close', closed));
    server.kill();
    await gone;
    this.#server = null;
  }

  /** A folder to put another build into; it goes with the host. */
  copyOf(folder: string, name: string): string {
    const copy = join(this.#folder, name);
    cpSync(folder, copy, { recursive: true });
    return copy;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

const test = journey.extend<{ host: Host }>({
  baseURL: async ({ baseURL }, use) => {
    const address = new URL(baseURL ?? '');
    address.port = String(Number(address.port) + 100);
    await use(address.href);
  },
  host: async ({ baseURL }, use) => {
    const host = new Host(new URL(baseURL ?? '').port);
    host.publish(build);
    await host.start();
    await use(host);
    await host.remove();
  },
});

const kept = (page: Page) => page.getByText('Works offline');

test('loads once, loses the network, opens bundled data and runs a detector', async ({ page, host }) => {
  test.setTimeout(400_000);
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await expect(kept(page)).toBeVisible({ timeout: 60_000 });
  expect(bench.complaints).toEqual([]);
  await host.stop();

  await page.reload();
  await bench.waitForEvents();
  await expect(kept(page)).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Data set' }).click();
  await page.getByRole('menuitem', { name: /Web server/ }).click();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Data set' })).toContainText('Web server');
  await bench.chooseEngine('Council of quick engines');
  await bench.run(240_000);
  await bench.step('Review').click();
  await bench.waitForEvents();
  // Pages that were never opened before are there as well, and an address with a query is the same page.
  await bench.step('Compare').click();
  await expect(page.getByRole('region', { name: 'Runs and baselines' })).toBeVisible();
  await page.goto('./?from=elsewhere');
  await bench.waitForEvents();
});

test('a new version waits until it is taken; another tab is told, not reloaded', async ({ page, context, host }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await expect(kept(page)).toBeVisible({ timeout: 60_000 });
  const other = new Workbench(await context.newPage());
  await other.open();
  await other.waitForEvents();

  // The next version: another page under the same names, as a host has it after an update.
  const next = host.copyOf(build, 'next-build');
  const html = readFileSync(join(next, 'index.html'), 'utf8');
  writeFileSync(join(next, 'index.html'), html.replace('<title>', '<meta name="edition" content="second" /><title>'));
  const worker = readFileSync(join(next, 'sw.js'), 'utf8');
  const revised = worker.replace(/(url:"index\.html",revision:")\w+"|(revision:")\w+(",url:"index\.html")/, (found) =>
    found.replace(/revision:"\w+"/, 'revision:"second"'),
  );
  expect(revised).not.toBe(worker);
  writeFileSync(join(next, 'sw.js'), revised);
  host.publish(next);

  const edition = (of: Page) => of.locator('meta[name="edition"]');
  await page.reload();
  await expect(page.getByText('A new version is ready.')).toBeVisible({ timeout: 60_000 });
  // Until it is taken, also a reload gives the version that was there.
  await expect(edition(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Reload now' }).click();
  await expect(edition(page)).toHaveCount(1);
  await bench.waitForEvents();
  await expect(page.getByText('A new version is ready.')).toHaveCount(0);

  await expect(other.page.getByText('Another tab has started a new version.')).toBeVisible();
  await expect(edition(other.page)).toHaveCount(0);
  await other.page.getByRole('button', { name: 'Reload now' }).click();
  await expect(edition(other.page)).toHaveCount(1);
  expect([...bench.complaints, ...other.complaints]).toEqual([]);
});

journey('can be installed: a manifest with icons that are there', async ({ page }) => {
  await page.goto('./');
  const address = await page.locator('link[rel="manifest"]').getAttribute('href');
  const answer = await page.request.get(address ?? '');
  const manifest = (await answer.json()) as {
    icons: { src: string; sizes: string }[];
    start_url: string;
    scope: string;
  };
  expect(manifest).toMatchObject({ name: 'Telltale', display: 'standalone', start_url: './', scope: './' });
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(['192x192', '512x512', '512x512']);
  for (const { src, sizes } of manifest.icons) {
    const size = await page.evaluate(async (icon) => {
      const image = new Image();
      image.src = icon;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    expect(size).toBe(sizes);
  }
  const problems = await (await page.context().newCDPSession(page)).send('Page.getInstallabilityErrors');
  // A window without a profile of its own cannot install anything; nothing else may stand in the way.
  expect(problems.installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});
