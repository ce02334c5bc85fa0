/** What a bare clone lacks: npm packages, and for browser tests a Chromium. Plain JavaScript, because it runs before anything is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const stamp = join(root, 'node_modules', '.telltale-lock');

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Installs the packages of the lockfile unless this very lockfile is installed already. */
export function ensurePackages() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const installed = join(root, 'node_modules', '.package-lock.json');
  const fresh =
    existsSync(installed) && statSync(installed).mtimeMs > statSync(join(root, 'package-lock.json')).mtimeMs;
  if (!fresh) {
    console.log('Installing packages (once) ...');
    execFileSync(npm, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: 'inherit',
    });
  }
  writeFileSync(stamp, lock);
}

/** Runs a program of node_modules/.bin or any command; returns its exit code. */
export function sh(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  return result.status ?? 1;
}

/** Path of a JavaScript entry of an installed package, to run it with this Node. */
export const bin = (name) => join(root, 'node_modules', '.bin', name);

const candidates = () => [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

async function playwrightsOwn() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : null;
}

const onMachine = () => candidates().find((path) => path && existsSync(path)) ?? null;

/** A Chromium to test with: one on the machine, else Playwright's download, else Debian's package when root; null if none can be had. */
export async function ensureChromium() {
  const found = onMachine() ?? (await playwrightsOwn());
  if (found) return found;
  console.log("No Chromium found; trying Playwright's download ...");
  spawnSync(bin('playwright'), ['install', 'chromium'], { cwd: root, stdio: 'inherit', timeout: 120_000 });
  const downloaded = await playwrightsOwn();
  if (downloaded) return downloaded;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log("Installing Debian's chromium ...");
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    if (sh('apt-get', ['update', '-qq'], quiet) === 0)
      sh('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
  }
  return onMachine();
}
