/** The strings of the guided tour; part of `en`. Numbers in them are those of the page in sight. */
import { count } from '../../charts/format.ts';
import { many } from './words.ts';

/** What the page shows while the tour speaks of it. */
export type TourFacts = {
  readonly dataset: string;
  readonly rows: number;
  readonly sensors: number;
  readonly engine: string;
  readonly events: number;
  /** As numbers are written on the page. */
  readonly threshold: string;
  readonly mod: string;
};

type Part = { readonly title: string; readonly text: (facts: TourFacts) => string };

const parts = {
  data: {
    title: 'Open data',
    text: ({ dataset, rows, sensors }) =>
      `${dataset} is open: ${many(rows, 'row')}, ${many(sensors, 'sensor')}. Your own file comes in here, or dropped anywhere on the page. It stays in this browser.`,
  },
  engine: {
    title: 'Choose an engine',
    text: ({ engine }) =>
      `An engine learns how the sensors move together while all is well. ${engine} is chosen; every setting and what it does stands on the Engine page.`,
  },
  run: {
    title: 'Detect',
    text: ({ events }) =>
      `Run, or R, trains the engine on the training rows and scores all of them.${events > 0 ? ' A finished run is shown already, so you need not wait for one now.' : ''}`,
  },
  lanes: {
    title: 'Measured against expected',
    text: ({ mod }) =>
      `Dark is what was measured, blue what the engine expected, with the band that held 95 % of the training errors. Orange marks events. Plus and minus zoom, arrows pan, ${mod} with the wheel zooms as well.`,
  },
  events: {
    title: 'The events',
    text: ({ events, threshold }) =>
      `${many(events, 'event')}: runs of steps whose score is over the threshold of ${threshold}. A row, or J and K, goes from one to the next.`,
  },
  event: {
    title: 'Read one event',
    text: () =>
      'When it was, which sensors ran away from normal and in which direction, and what was expected instead. A severity of 100 is far beyond the threshold.',
  },
  why: {
    title: 'Which sensor did it',
    text: () =>
      'Shares of the event by system and sensor; they sum to 100 %. The table below says what would be left of the score without each of them.',
  },
  chain: {
    title: 'Where the number comes from',
    text: () =>
      'From the error of one sensor at one step to the score: how rare the error is, what it adds, and how rare the sum is. A sensor of the list, or another step under the cross-hair, shows its own chain.',
  },
  threshold: {
    title: 'Move the threshold',
    text: ({ threshold }) =>
      `Drag the handle at the score, now ${threshold}: the events follow, and letting go makes it so. A rule chosen in the bar over the events is tried out first; Keep makes it so, Esc drops it.`,
  },
  label: {
    title: 'Say what it was',
    text: () =>
      'A confirms the event, N rejects it, U says that you are not sure. Every label is saved as you say it and can be undone without limit.',
  },
  learn: {
    title: 'Let it learn',
    text: () =>
      'On Label the engine asks about the windows that teach it most, learns from your answers, and shows what changed before you keep it. Labels go out as CSV and in seven other formats.',
  },
  end: {
    title: 'That was the round',
    text: () => 'All keys stand here. H starts the tour again; behind a question mark beside a number is its formula.',
  },
} as const satisfies Readonly<Record<string, Part>>;

export const tourEn = {
  tour: {
    name: 'Guided tour',
    short: 'Tour',
    next: 'Next',
    back: 'Back',
    end: 'End',
    over: 'From the start',
    to: 'Go to it',
    place: (n: number, of: number) => `${count(n)} of ${count(of)}`,
    hint: 'Arrow keys step, Esc ends; what is outlined can be used meanwhile.',
    parts,
  },
  /** Behind a question mark: what a number means and the formula that it comes from. */
  formula: {
    open: (title: string) => `${title}: meaning and formula`,
    severity: {
      title: 'Severity',
      text: 'How far beyond the threshold the event goes, on a scale that ends at 100.',
      formula: 'severity = 100 · (1 − 10^(−(−log₁₀ p − a) / 8))',
      where: 'p: tail probability at the peak; a: −log₁₀ of the significance. 0 where p is the significance.',
    },
    tail: {
      title: 'Tail probability',
      text: 'How often training-like data would score this high or higher.',
      formula: 'p = P(S ≥ s)',
      where: 's: score at the peak. The law of S is fitted to the training scores; its fit is drawn under Scores.',
    },
    score: {
      title: 'Score',
      text: 'How strange all sensors together are at a step, by the M2AD head. Other heads take the score of their own paper.',
      formula: 'S = Σₖ 2 λₖ (−ln pₖ)',
      where:
        'pₖ: tail of the smoothed error of sensor k in its mixture; λₖ: its weight. Sensors still in training have none.',
    },
    threshold: {
      title: 'Threshold',
      text: 'Steps with a higher score are flagged; runs of them make an event.',
      formula: 'Gamma rule: P(S > threshold) = significance',
      where: 'The other rules, what each would flag and which data each one saw stand under Scores.',
    },
    share: {
      title: 'Share',
      text: 'How much of the event a sensor or system carries.',
      formula: 'shareₖ = vₖ / Σ v',
      where:
        'v: largest |observed − expected| over the event by its training deviation, or 2 λ (−ln p) at the peak: see Shares by.',
    },
    band: {
      title: 'Band',
      text: 'How far off a value is, in units of what is usual for its sensor.',
      formula: 'band = (observed − expected) / b',
      where: 'b: 95 % of the absolute training errors of the sensor are below it.',
    },
    metrics: {
      title: 'Metrics',
      text: 'Each judged step counts by itself against the file labels. Nothing is adjusted unless the name of the metric says so (PA).',
      formula: 'precision = TP / (TP + FP),  recall = TP / (TP + FN),  F1 = 2 TP / (2 TP + FP + FN)',
      where: 'Metrics named best, and all marked oracle, chose their threshold by the labels.',
    },
  },
} as const;
