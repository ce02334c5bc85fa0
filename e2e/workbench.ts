/** The page as a person uses it: every selector of the journeys lives here. */
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

export type DroppedFile = { readonly name: string; readonly bytes: Buffer };

export class Workbench {
  readonly page: Page;
  /** Console errors and warnings, page errors, and requests to another host: all must stay empty. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => {
      this.complaints.push(`page error: ${error.message}`);
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      const local = hostname === 'localhost' || protocol === 'data:' || protocol === 'blob:';
      if (!local) this.complaints.push(`request to ${request.url()}`);
    });
  }

  async open(hash = ''): Promise<void> {
    await this.page.goto(`./${hash}`);
  }

  step(name: 'Data' | 'Engine' | 'Run' | 'Review' | 'Live' | 'Label' | 'Compare' | 'Create'): Locator {
    return this.page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: new RegExp(`^${name}`) });
  }

  get events(): Locator {
    return this.page.getByRole('region', { name: 'Events' }).locator('tbody').getByRole('row');
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: 'Inspector' });
  }

  get threshold(): Locator {
    return this.page.getByRole('slider', { name: 'Threshold' });
  }

  /** Share of judged steps over the threshold, in percent, as the events table says it. */
  async flaggedShare(): Promise<number> {
    const text = await this.page.getByRole('group', { name: 'Event settings' }).innerText();
    return Number(/([\d.]+)\s*%\s*flagged/.exec(text)?.[1]);
  }

  /** The rows of the events table once all of it is there: what an event comes from is told a moment after the rest. */
  async eventTexts(): Promise<readonly string[]> {
    await expect(this.events.first()).toContainText(/something broke|machine changed/, { timeout: 60_000 });
    return this.events.allInnerTexts();
  }

  async waitForEvents(): Promise<void> {
    await expect(this.events.first()).toBeVisible({ timeout: 60_000 });
    await expect(this.inspector.getByText('was expected').last()).toBeVisible();
  }

  /** Drops files on the page, named as a browser names single files: without folders. */
  async drop(files: readonly DroppedFile[]): Promise<void> {
    const plain = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }));
    const dataTransfer = await this.page.evaluateHandle((given) => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of given) {
        transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
      }
      return transfer;
    }, plain);
    for (const type of ['dragenter', 'dragover', 'drop']) await this.page.dispatchEvent('body', type, { dataTransfer });
  }

  /** Chooses an engine on the Engine page and changes some of its settings. */
  async chooseEngine(title: string, settings: Readonly<Record<string, number>> = {}): Promise<void> {
    await this.step('Engine').click();
    const form = this.page.getByRole('region', { name: 'Engine', exact: true });
    await form.getByRole('button', { name: 'Engine', exact: false }).first().click();
    await this.page.getByRole('option', { name: new RegExp(`^(✓\\s*)?${title}(?!\\w)`) }).click();
    for (const [label, value] of Object.entries(settings)) {
      const field = form.getByLabel(label, { exact: true });
      await field.fill(String(value));
      await field.press('Enter');
    }
  }

  get attention(): Locator {
    return this.page.getByRole('application', { name: /Arrow keys move, Enter pins/ });
  }

  /** Presses Run and waits for the end; the journey fails early when the run does. */
  async run(timeout: number): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Run', exact: true }).click();
    // While it runs the step says "40 % done", and a run before it says "done" until this one has begun.
    await expect(this.page.getByRole('banner').getByRole('button', { name: 'Cancel' })).toBeVisible();
    await expect(this.step('Run')).toHaveText(/^Run\s*done$/, { timeout });
  }
}
