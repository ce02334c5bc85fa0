/** Firefox over WebDriver BiDi. Beside what the page reports, a proxy sees what the browser asks of other hosts. */
import { existsSync } from 'node:fs';
import { launch } from 'puppeteer-core';
import type { KeyInput } from 'puppeteer-core';
import { Downloads } from './downloads.ts';
import type { Hand } from './hand.ts';
import { watchLeaks } from './leaks.ts';

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
  const isOwn = (address: string): boolean =>
    /^(data|blob|about):/.test(address) || new URL(address).origin === new URL(own).origin;
  const leaks = await watchLeaks(isMakers);
  const downloads = new Downloads();
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: { width: 1440, height: 900 },
    extraPrefsFirefox: {
      'network.proxy.type': 1,
      'network.proxy.http': '127.0.0.1',
      'network.proxy.http_port': leaks.port,
      'network.proxy.ssl': '127.0.0.1',
      'network.proxy.ssl_port': leaks.port,
      'browser.download.folderList': 2,
      'browser.download.dir': downloads.folder,
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
    if (!isOwn(request.url())) told.push(`asked for ${request.url()}`);
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
    press: async (key, isWithControl = false) => {
      if (isWithControl) await page.keyboard.down('Control');
      await page.keyboard.press(key as KeyInput);
      if (isWithControl) await page.keyboard.up('Control');
    },
    picture: async (file) => {
      await page.screenshot({ path: file });
    },
    saved: (name) => downloads.text(name),
    complaints: async () => {
      // An empty tab has no storage, and has refused nothing.
      const refused = await page.evaluate(() => sessionStorage.getItem('refused') ?? '').catch(() => '');
      return [
        ...told,
        ...leaks.seen,
        ...refused
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `policy: ${line}`),
      ];
    },
    close: async () => {
      await browser.close();
      leaks.close();
      downloads.remove();
    },
  };
}
