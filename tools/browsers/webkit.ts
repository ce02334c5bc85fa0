/**
 * WebKitGTK through its own WebDriver. That protocol tells nothing of the console, so the page has ears of its own
 * (`ears.ts`); requests elsewhere are seen by a proxy.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Downloads } from './downloads.ts';
import { heard, linesOf } from './ears.ts';
import type { Hand } from './hand.ts';
import { watchLeaks } from './leaks.ts';

/** Where Debian puts them: one folder for each kind of processor and library. */
const DRIVER = '/usr/bin/WebKitWebDriver';
const XVFB = '/usr/bin/Xvfb';

export type WebKitHere = { readonly browser: string; readonly needsDisplay: boolean };

/** Undefined where driver, browser or, without a screen, Xvfb is missing. */
export function webkitHere(): WebKitHere | undefined {
  const needsDisplay = process.env['DISPLAY'] === undefined;
  if (!existsSync(DRIVER) || (needsDisplay && !existsSync(XVFB))) return undefined;
  const browser = readdirSync('/usr/lib')
    .flatMap((folder) => ['webkitgtk-6.0', 'webkit2gtk-4.1'].map((lib) => `/usr/lib/${folder}/${lib}/MiniBrowser`))
    .find((path) => existsSync(path));
  return browser === undefined ? undefined : { browser, needsDisplay };
}

/** Keys that WebDriver names by a character of their own. */
const KEYS: Readonly<Record<string, string>> = { Enter: '\uE007', Control: '\uE009', Escape: '\uE00C' };

/** A screen in memory; its number as X11 wants it. */
async function screen(): Promise<{ display: string; process: ChildProcess }> {
  const xvfb = spawn(XVFB, ['-displayfd', '1', '-screen', '0', '1600x1100x24'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const number = await new Promise<string>((told) =>
    xvfb.stdout.once('data', (text: Buffer) => told(String(text).trim())),
  );
  return { display: `:${number}`, process: xvfb };
}

const COMMAND_MS = 60_000;
/** Now and then the browser does not come up, and the driver waits for it for ever. */
const START_MS = 20_000;
const STARTS = 4;

/** One command of WebDriver; throws what it refuses with. */
async function send<T>(
  address: string,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
  withinMs = COMMAND_MS,
): Promise<T> {
  const signal = AbortSignal.timeout(withinMs);
  const answer = await fetch(address, { method, signal, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const { value } = (await answer.json()) as { value: T };
  if (!answer.ok) throw new Error(`${new URL(address).pathname}: ${JSON.stringify(value)}`);
  return value;
}

async function ready(base: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await send(`${base}/status`);
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
}

type Session = { readonly sessionId: string; readonly capabilities: Readonly<Record<string, string>> };

/** Starts the browser, with a proxy for all but this machine. */
async function begin(base: string, browser: string, proxyPort: number): Promise<Session> {
  await ready(base);
  const elsewhere = `127.0.0.1:${proxyPort}`;
  const proxy = { proxyType: 'manual', httpProxy: elsewhere, sslProxy: elsewhere, noProxy: ['localhost', '127.0.0.1'] };
  const options = { binary: browser, args: ['--automation'] };
  const capabilities = { alwaysMatch: { proxy, 'webkitgtk:browserOptions': options } };
  return send(`${base}/session`, { capabilities }, 'POST', START_MS);
}

/** A driver whose browser has come up. */
async function drive(
  port: number,
  env: NodeJS.ProcessEnv,
  starting: () => Promise<Session>,
): Promise<{ driver: ChildProcess; session: Session }> {
  for (let tries = 1; ; tries += 1) {
    const driver = spawn(DRIVER, [`--port=${port}`], { stdio: 'ignore', env });
    try {
      return { driver, session: await starting() };
    } catch (error) {
      const gone = once(driver, 'exit');
      driver.kill();
      await gone;
      if (tries === STARTS) throw error;
    }
  }
}

/** `port`: where the driver listens. */
export async function webkit({ browser, needsDisplay }: WebKitHere, port: number): Promise<Hand> {
  const leaks = await watchLeaks(() => false);
  const downloads = new Downloads();
  const settings = join(downloads.folder, '.config');
  mkdirSync(settings);
  writeFileSync(join(settings, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads.folder}"\n`);
  const shown = needsDisplay ? await screen() : null;
  const clean = (): void => {
    shown?.process.kill();
    leaks.close();
    downloads.remove();
  };
  const env = {
    ...process.env,
    ...(shown && { DISPLAY: shown.display }),
    XDG_CONFIG_HOME: settings,
    // Without a bus for accessibility the toolkit warns at length.
    NO_AT_BRIDGE: '1',
    GTK_A11Y: 'none',
  };
  const base = `http://127.0.0.1:${port}`;
  const { driver, session } = await drive(port, env, () => begin(base, browser, leaks.port)).catch((error: unknown) => {
    clean();
    throw error;
  });
  const { sessionId, capabilities } = session;
  const at = `${base}/session/${sessionId}`;
  await send(`${at}/window/rect`, { x: 0, y: 0, width: 1440, height: 940 });
  const mouse = (...actions: readonly object[]): Promise<unknown> =>
    send(`${at}/actions`, { actions: [{ type: 'pointer', id: 'mouse', actions }] });
  const moved = (x: number, y: number) => ({ type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y) });
  const down = { type: 'pointerDown', button: 0 };
  const up = { type: 'pointerUp', button: 0 };
  return {
    name: `WebKitGTK ${capabilities['browserVersion'] ?? ''}`,
    open: async (address) => {
      await send(`${at}/url`, { url: address });
    },
    reload: async () => {
      await send(`${at}/refresh`, {});
    },
    look: (seen, ...given) =>
      send(`${at}/execute/sync`, { script: `return (${seen.toString()}).apply(null, arguments)`, args: given }),
    click: async (x, y) => {
      await mouse(moved(x, y), down, up);
    },
    press: async (key, isWithControl = false) => {
      const value = KEYS[key] ?? key;
      const around = (type: string) => (isWithControl ? [{ type, value: KEYS['Control'] }] : []);
      const actions = [...around('keyDown'), { type: 'keyDown', value }, { type: 'keyUp', value }, ...around('keyUp')];
      await send(`${at}/actions`, { actions: [{ type: 'key', id: 'keys', actions }] });
    },
    picture: async (file) => {
      writeFileSync(file, Buffer.from(await send<string>(`${at}/screenshot`), 'base64'));
    },
    saved: (name) => downloads.text(name),
    complaints: async () => [
      ...linesOf(await send<string>(`${at}/execute/sync`, { script: `return (${heard.toString()})()`, args: [] })),
      ...leaks.seen,
    ],
    close: async () => {
      await send(at, undefined, 'DELETE').catch(() => undefined);
      driver.kill();
      clean();
    },
  };
}
