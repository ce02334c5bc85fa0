/** Firefox over WebDriver BiDi. Beside what the page reports, a proxy sees what the browser asks of other hosts. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from 'puppeteer-core';
import type { KeyInput } from 'puppeteer-core';
import { isOwn } from './hand.ts';
import type { Hand } from './hand.ts';

/** Where systems put it; FIREFOX_PATH goes first. */
export const firefoxHere = (): string | undefined =>
  [
    process.env['FIREFOX_PATH'] ?? '',
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ].find((path) => path !== '' && existsSync(path));

/** The browser itself calls its maker for settings and updates. */
const isMakers = (host: string): boolean => /(^|\.)(mozilla\.(com|net|org)|firefox\.com|mozaws\.net)$/.test(host);

/** `own`: address of the page, the only origin that may be asked. */
export async function firefox(executablePath: string, own: string): Promise<Hand> {
  const leaks: string[] = [];
  const note = (address: string): void => {
    if (!isMakers(new URL(address).hostname)) leaks.push(`left the origin: ${address}`);
  };
  const proxy = createServer(({ url = '' }, response) => {
    note(url);
    response.writeHead(403).end();
  });
  proxy.on('connect', ({ url = '' }, socket) => {
    note(`https://${url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address() as AddressInfo;
  const downloads = mkdtempSync(join(tmpdir(), 'telltale-downloads-'));
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: { width: 1440, height: 900 },
    extraPrefsFirefox: {
      'network.proxy.type': 1,
      'network.proxy.http': '127.0.0.1',
      'network.proxy.http_port': port,
      'network.proxy.ssl': '127.0.0.1',
      'network.proxy.ssl_port': port,
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      'browser.download.useDownloadDir': true,
    },
  });
  const page = await browser.newPage();
  const told: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) told.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => told.push(`page error: ${String(error)}`));
  page.on('request', (request) => {
    if (!isOwn(request.url(), own)) told.push(`asked for ${request.url()}`);
  });
  // Kept by the tab, so that a reload forgets none.
  await page.evaluateOnNewDocument(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      sessionStorage.setItem(
        'refused',
        `${sessionStorage.getItem('refused') ?? ''}${effectiveDirective} ${blockedURI}\n`,
      );
    });
  });
  return {
    name: await browser.version(),
    open: async (address) => {
      await page.goto(address);
    },
    reload: async () => {
      await page.reload();
    },
    look: (seen, ...given) => page.evaluate(seen as () => never, ...(given as unknown as [])),
    click: (x, y) => page.mouse.click(x, y),
    drag: async (from, to) => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 6 });
      await page.mouse.up();
    },
    press: async (key, isWithControl = false) => {
      if (isWithControl) await page.keyboard.down('Control');
      await page.keyboard.press(key as KeyInput);
      if (isWithControl) await page.keyboard.up('Control');
    },
    picture: async (file) => {
      await page.screenshot({ path: file as `${string}.png` });
    },
    saved: async (name) => {
      for (const from = Date.now(); Date.now() - from < 30_000;) {
        const file = readdirSync(downloads).find((entry) => name.test(entry));
        if (file) return readFileSync(join(downloads, file), 'utf8');
        await new Promise((wake) => setTimeout(wake, 100));
      }
      throw new Error(`no file like ${name.source} was saved; there: ${readdirSync(downloads).join(', ')}`);
    },
    complaints: async () => {
      // An empty tab has no storage, and has refused nothing.
      const refused = await page.evaluate(() => sessionStorage.getItem('refused') ?? '').catch(() => '');
      return [
        ...told,
        ...leaks,
        ...refused
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `policy: ${line}`),
      ];
    },
    close: async () => {
      await browser.close();
      proxy.close();
      rmSync(downloads, { recursive: true });
    },
  };
}
