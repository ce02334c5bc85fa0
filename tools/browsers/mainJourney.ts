/** The main journey, for every browser: from the first sight to labels that outlive a reload and leave as a file. */
import { button } from './person.ts';
import type { Person } from './person.ts';

export type Step = { readonly name: string; readonly go: (person: Person) => Promise<unknown> };

const EVENTS = 'section[aria-label="Events"] tbody tr, [role="region"][aria-label="Events"] tbody tr';
const INSPECTOR = 'aside[aria-label="Inspector"]';
const LABELLING = 'aside[aria-label="Labelling"]';
const RUN_MS = 300_000;

const step = (name: string) => button(name, { within: 'nav', begins: true });
const kept = (count: number) => (text: string) => text === String(count);
const COUNT = { css: '[data-testid="kept-acts"]' };

/** Lanes are there once every canvas in sight has something on it. */
async function seeLanes({ hand }: Person): Promise<void> {
  for (const from = Date.now(); Date.now() - from < 30_000;) {
    const isDrawn = await hand.look(() => {
      const all = [...document.querySelectorAll<HTMLCanvasElement>('.tt-stack canvas')].filter((c) => c.width > 0);
      return (
        all.length > 2 &&
        all.filter((canvas) => {
          const small = new OffscreenCanvas(32, 8).getContext('2d');
          small?.drawImage(canvas, 0, 0, 32, 8);
          return small?.getImageData(0, 0, 32, 8).data.some((v) => v > 0) === true;
        }).length > 2
      );
    });
    if (isDrawn) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error('no lanes were drawn within 30 s');
}

async function seeEvents(person: Person): Promise<void> {
  await person.see({ css: EVENTS }, undefined, 60_000);
  await person.see({ css: `${INSPECTOR} *`, name: 'was expected', begins: true });
  await seeLanes(person);
}

/** `address`: of the page. */
export const mainJourney = (address: string): readonly Step[] => [
  {
    name: 'first sight: events of the shipped run',
    go: async (person) => {
      await person.hand.open(address);
      await seeEvents(person);
      const { count } = await person.see({ css: EVENTS });
      if (count < 4) throw new Error(`${count} events`);
    },
  },
  {
    name: 'data: the bundled set in the list',
    go: async (person) => {
      await person.click(step('Data'));
      await person.see({ css: 'main *', name: 'Pumping station', begins: true });
    },
  },
  {
    name: 'review: the second event, by key and by mouse',
    go: async (person) => {
      await person.click(step('Review'));
      await seeEvents(person);
      await person.hand.press('j');
      await person.see({ css: '*', name: 'Event 2', within: INSPECTOR });
      await person.click({ css: EVENTS });
      await person.see({ css: '*', name: 'Event 1', within: INSPECTOR });
    },
  },
  {
    name: 'scores: charts beside the lanes',
    go: async (person) => {
      await person.click({ css: '[role="tab"]', name: 'Scores', within: INSPECTOR });
      await person.see({ css: 'figure svg', within: INSPECTOR });
      await person.click({ css: '[role="tab"]', name: 'Event', within: INSPECTOR });
    },
  },
  {
    name: 'engine and run: M2AD for two epochs',
    go: async (person) => {
      await person.click(step('Engine'));
      await person.fill({ css: 'input', name: 'Epochs' }, '2');
      await person.see(button('WASM', { within: 'header', begins: true }));
      await person.click(button('Run', { within: 'header', begins: true }));
      await person.see(button('Cancel', { within: 'header', begins: true }));
      await person.see(step('Run'), (text) => /^Run\s*done$/.test(text), RUN_MS);
      await person.click(step('Review'));
      await seeEvents(person);
    },
  },
  {
    name: 'compare: two runs on one clock',
    go: async (person) => {
      await person.click(step('Compare'));
      await person.see({ css: 'main *', name: 'From A to B', begins: true }, undefined, RUN_MS);
    },
  },
  ...['Create', 'Live'].map((name) => ({
    name: `${name.toLowerCase()}: the page opens`,
    go: async (person: Person) => {
      await person.click(step(name));
      await person.see({ css: 'main h1, main h2' });
    },
  })),
  {
    name: 'label: one window is said to be odd',
    go: async (person) => {
      await person.click(step('Label'));
      await person.see(COUNT, kept(0));
      await person.click(button('Ask me', { begins: true }));
      await person.see({ css: '*', name: 'Question 1', begins: true, within: 'main' });
      await person.hand.press('a');
      await person.see(COUNT, kept(1));
    },
  },
  {
    name: 'reload: the label and the run are there',
    go: async (person) => {
      await person.hand.reload();
      await seeEvents(person);
      await person.click(step('Label'));
      await person.see(COUNT, kept(1));
      await person.see({ css: '*', name: '1 answered', begins: true, within: LABELLING });
    },
  },
  {
    name: 'export: labels as a file',
    go: async (person) => {
      await person.click({ css: '[role="tab"]', name: 'Labels', within: LABELLING });
      await person.click(button('Export', { within: LABELLING }));
      await person.click({ css: '[role="menuitem"]', name: 'Label Studio', begins: true });
      const text = await person.hand.saved(/\.json$/);
      if (!text.includes('timeserieslabels')) throw new Error(`the file says ${text.slice(0, 200)}`);
    },
  },
];
