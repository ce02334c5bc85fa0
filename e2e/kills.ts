/** Ways to kill a tab or its worker, and the ledger of what was acknowledged before: what the page said is kept, is kept. */
import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { expect } from './journey.ts';
import type { Workbench } from './workbench.ts';

/** How it dies: the tab by a crash, by being closed, by the end of its process; the worker by the browser's hand. */
export const WAYS = ['worker', 'tab crash', 'worker', 'process', 'worker', 'tab closed'] as const;
export type Way = (typeof WAYS)[number];

/** Mulberry32: the moments are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Remembers the workers of a page, so that one can be ended without a word to anybody, as a browser does it. */
export async function exposeWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const made: Worker[] = [];
    Object.assign(globalThis, { workersMade: made });
    globalThis.Worker = class extends Worker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        made.push(this);
      }
    };
  });
}

async function rendererOf(session: CDPSession, context: BrowserContext): Promise<number> {
  const browser = context.browser();
  if (!browser) throw new Error('no browser');
  // The page spins for a moment: its process is the one whose time goes up most.
  const system = await browser.newBrowserCDPSession();
  const times = async (): Promise<Map<number, number>> => {
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await times();
  await session.send('Runtime.evaluate', {
    expression: 'for (const end = performance.now() + 60; performance.now() < end; );',
  });
  const after = [...(await times())].map(([id, time]) => ({ id, spent: time - (before.get(id) ?? time) }));
  await system.detach();
  const busiest = after.sort((a, b) => b.spent - a.spent)[0];
  return busiest.id;
}

/** Prepares a kill and gives what carries it out: what takes time is done before. */
export async function loaded(way: Way, page: Page): Promise<() => Promise<void>> {
  const context = page.context();
  const session = await context.newCDPSession(page);
  switch (way) {
    case 'worker':
      return async () => {
        await session.send('Runtime.evaluate', {
          expression: 'for (const one of workersMade.splice(0)) one.terminate()',
        });
      };
    case 'tab crash':
      return async () => {
        // The renderer dies with its worker; no handler of the page runs.
        await Promise.race([session.send('Page.crash').catch(() => undefined), page.waitForEvent('crash')]);
        await page.close();
      };
    case 'process': {
      const pid = await rendererOf(session, context);
      return async () => {
        const gone = page.waitForEvent('crash');
        process.kill(pid, 'SIGKILL');
        await gone;
        await page.close();
      };
    }
    case 'tab closed':
      return () => page.close();
  }
}

/** What was acknowledged: it may grow, and nothing of it may ever be missing. */
export class Ledger {
  acts = 0;
  runs = 0;
  readonly datasets = new Set<string>();
  theme: string | null = null;

  /** Everything that was acknowledged is there; what was on its way may be there or not, and becomes part of it. */
  async check(bench: Workbench, why: string): Promise<void> {
    const { page } = bench;
    await expect
      .poll(() => runsOf(bench), { message: `runs ${why}`, timeout: 60_000 })
      .toBeGreaterThanOrEqual(this.runs);
    this.runs = await runsOf(bench);
    await bench.step('Label').click();
    const kept = page.getByTestId('kept-acts');
    await expect(kept).toBeVisible({ timeout: 60_000 });
    await expect
      .poll(async () => Number(await kept.textContent()), { message: `labels ${why}`, timeout: 60_000 })
      .toBeGreaterThanOrEqual(this.acts);
    this.acts = Number(await kept.textContent());
    const names = await datasetsOf(page);
    for (const name of this.datasets) expect(names, `data sets ${why}`).toContain(name);
    if (this.theme !== null) expect(await themeOf(page), `theme ${why}`).toBe(this.theme);
  }

  /** Tells the ledger of each act at the moment that it is on screen: it lives on when the page does not. */
  async follow(page: Page): Promise<void> {
    await page.exposeFunction('acknowledge', (acts: number) => {
      this.acts = Math.max(this.acts, acts);
    });
    await page.evaluate(() => {
      const tell = (globalThis as unknown as { acknowledge: (acts: number) => void }).acknowledge;
      new MutationObserver(() => {
        const counter = document.querySelector('[data-testid="kept-acts"]');
        if (counter) tell(Number(counter.textContent));
      }).observe(document.body, { childList: true, characterData: true, subtree: true });
    });
  }
}

/** Runs of the open data set, as the rail says it. */
export async function runsOf(bench: Workbench): Promise<number> {
  return Number(/(\d+) runs?/.exec(await bench.step('Compare').innerText())?.[1] ?? 0);
}

export const themeOf = (page: Page): Promise<string | null> => page.locator('html').getAttribute('data-theme');

/** Names of one's own data sets, from the menu. */
export async function datasetsOf(page: Page): Promise<string[]> {
  await page.getByRole('banner').getByRole('button', { name: 'Data set' }).click();
  await expect(page.getByRole('menuitem', { name: /^Pumping station/ })).toBeVisible();
  const names = await page.getByRole('menuitem').allInnerTexts();
  await page.keyboard.press('Escape');
  return names.map((name) => name.trim());
}
