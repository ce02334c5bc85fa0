/** A person before a browser: finds what is on screen by role and name, and uses mouse and keys alone. */
import type { Hand } from './hand.ts';

export type Wanted = {
  /** Elements by their role in the page's markup. */
  readonly css: string;
  /** Accessible name, or text: all of it, or how it begins. */
  readonly name?: string;
  readonly begins?: boolean;
  /** Only what lies within an element of this selector. */
  readonly within?: string;
};

export const button = (name: string, more: Partial<Wanted> = {}): Wanted => ({ css: 'button', name, ...more });

const SOON_MS = 30_000;

type Seen = { readonly x: number; readonly y: number; readonly text: string; readonly count: number };

export class Person {
  readonly hand: Hand;

  constructor(hand: Hand) {
    this.hand = hand;
  }

  /** The first that is in sight, scrolled to; null while there is none. */
  #seek({ css, name = '', begins = false, within = 'body' }: Wanted): Promise<Seen | null> {
    return this.hand.look(
      (css, name, begins, within) => {
        const found = [...document.querySelectorAll<HTMLElement>(`:is(${within}) :is(${css})`)].filter((element) => {
          if (!element.checkVisibility() || element.getClientRects().length === 0) return false;
          const by = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
          const words = [
            element.getAttribute('aria-label'),
            by.map((id) => document.getElementById(id)?.textContent).join(' '),
            [...((element as { labels?: Iterable<Node> | null }).labels ?? [])]
              .map((label) => label.textContent)
              .join(' '),
            element.textContent,
          ].map((given) => (given ?? '').replaceAll(/\s+/g, ' ').trim());
          return name === '' || words.some((word) => (begins ? word.startsWith(name) : word === name));
        });
        const first = found.at(0);
        if (!first) return null;
        first.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const { left, top, width, height } = first.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2, text: first.textContent, count: found.length };
      },
      css,
      name,
      begins,
      within,
    );
  }

  /** Waits until it is there, and, with `until`, until what it says is right. */
  async see(wanted: Wanted, until: (text: string) => boolean = () => true, withinMs = SOON_MS): Promise<Seen> {
    const from = Date.now();
    for (;;) {
      const seen = await this.#seek(wanted);
      if (seen && until(seen.text)) return seen;
      if (Date.now() - from > withinMs)
        throw new Error(
          `not on screen within ${withinMs / 1000} s: ${JSON.stringify(wanted)}${seen ? `; it says "${seen.text}"` : ''}`,
        );
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  async click(wanted: Wanted): Promise<void> {
    const { x, y } = await this.see(wanted);
    await this.hand.click(x, y);
  }

  /** Replaces what a field says. */
  async fill(wanted: Wanted, text: string): Promise<void> {
    await this.click(wanted);
    await this.hand.press('a', true);
    for (const key of [...text.split(''), 'Enter']) await this.hand.press(key);
  }
}
