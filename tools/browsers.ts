/**
 * `npm run firefox [-- --folder dist] [--pictures DIR]`: the main journey on a built page in Firefox; `npm run webkit` in
 * WebKit. Ends with 1 if a step fails or the page complains, with 2 if the browser is not on this machine.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withEars } from './browsers/ears.ts';
import type { Ears } from './browsers/ears.ts';
import { firefox, firefoxHere } from './browsers/firefox.ts';
import type { Hand } from './browsers/hand.ts';
import { mainJourney } from './browsers/mainJourney.ts';
import { Person } from './browsers/person.ts';
import { webkit, webkitHere } from './browsers/webkit.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const {
  values: { folder, pictures, port },
  positionals: [wanted = 'firefox'],
} = parseArgs({
  options: {
    folder: { type: 'string', default: 'dist' },
    pictures: { type: 'string', default: '' },
    port: { type: 'string', default: '4196' },
  },
  allowPositionals: true,
});
const address = `http://localhost:${port}/some/sub-path/`;

async function journey(hand: Hand): Promise<boolean> {
  const person = new Person(hand);
  console.log(hand.name);
  if (pictures) mkdirSync(pictures, { recursive: true });
  for (const [n, { name, go }] of mainJourney(address).entries()) {
    const from = performance.now();
    try {
      await go(person);
    } catch (error) {
      console.log(`  failed  ${name}: ${error instanceof Error ? error.message : String(error)}`);
      if (pictures) await hand.picture(join(pictures, 'failed.png'));
      for (const line of await hand.complaints()) console.log(`          ${line}`);
      return false;
    }
    console.log(`  ${((performance.now() - from) / 1000).toFixed(1).padStart(5)} s ${name}`);
    if (pictures) await hand.picture(join(pictures, `${n + 1}.png`));
  }
  const complaints = await hand.complaints();
  for (const line of complaints) console.log(`  complaint: ${line}`);
  if (complaints.length === 0)
    console.log('  no errors in the console, nothing refused by the policy, nothing left the origin');
  return complaints.length === 0;
}

/** How to start the browser, and the folder it is given; undefined, and said why, where it is not on this machine. */
function wantedBrowser(name: string): { readonly ears: Ears | null; readonly start: () => Promise<Hand> } | undefined {
  if (name === 'webkit') {
    const here = webkitHere();
    if (here) return { ears: withEars(join(root, folder)), start: () => webkit(here, Number(port) + 1) };
    console.error('WebKit is not here. Debian: apt-get install webkit2gtk-driver xvfb');
    return undefined;
  }
  const executable = firefoxHere();
  if (executable !== undefined) return { ears: null, start: () => firefox(executable, address) };
  console.error('Firefox is not here. Debian: apt-get install firefox-esr; elsewhere, name it in FIREFOX_PATH.');
  return undefined;
}

async function main(): Promise<number> {
  if (!existsSync(join(root, folder, 'index.html'))) {
    console.error(`There is no built page in ${folder}: npm run build`);
    return 2;
  }
  const browser = wantedBrowser(wanted);
  if (!browser) return 2;
  const { ears, start } = browser;
  const server = spawn(process.execPath, [join(root, 'e2e/server.mjs')], {
    stdio: 'ignore',
    env: { ...process.env, PORT: port, FOLDER: ears?.folder ?? folder },
  });
  let hand: Hand | null = null;
  try {
    hand = await start();
    return (await journey(hand)) ? 0 : 1;
  } finally {
    await hand?.close();
    server.kill();
    ears?.remove();
  }
}

process.exitCode = await main();
