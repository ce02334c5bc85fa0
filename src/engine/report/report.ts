/** A run as one HTML file that needs nothing else: what was found, by what, with which settings. It holds no script. */
import type { Clock } from '../types.ts';
import { drawingOf, key, scoreLane, times } from './drawing.ts';
import { eventSection, eventsTable } from './events.ts';
import { NONE, percent, probability, whole } from './figures.ts';
import { h } from './html.ts';
import type { Child, Html } from './html.ts';
import type { ReportInput } from './input.ts';
import { metricsPart, origin } from './origin.ts';
import { eventSettings, settingsOf } from './settings.ts';
import type { Speech } from './speech.ts';
import { STYLE } from './style.ts';

/** Events that are shown with lanes; all are in the table. */
const SHOWN = 20;

const clockWords = (clock: Clock, { say }: Speech): string => {
  if (clock.kind === 'index') return say('Steps are numbered; the data has no times.');
  const isUtc = clock.zone === '' || clock.zone === 'UTC';
  return isUtc ? say('Times are in UTC.') : say("Times are in UTC; the data's own zone is {}.", clock.zone);
};

function summary({ series, result, speech: { say } }: ReportInput): Html {
  const { events, flaggedShare } = result;
  const [worst] = events;
  const fact = (value: Child, words: string): Html => h('div', {}, h('b', {}, value), words);
  return h(
    'div',
    { class: 'facts' },
    fact(String(events.length), say(events.length === 1 ? 'event' : 'events')),
    fact(percent(flaggedShare), say('of judged steps over the threshold')),
    fact(events.length === 0 ? NONE : probability(worst.logP), say('tail probability of the worst event')),
    fact(`${series.sensors.length}`, say('sensors, {} steps judged', whole(series.test.end - series.test.start))),
  );
}

/** The report as HTML text. Throws nothing for a run that was reviewed; every text of files and people is escaped. */
export function reportHtml(input: ReportInput): string {
  const { series, result, engine, data, writtenAt, version, speech } = input;
  const { say, told } = speech;
  const shown = result.events.slice(0, SHOWN);
  const all = drawingOf(input, { start: 0, end: Math.max(1, series.T) });
  const title = say('{}: {} {}', series.asset, told(engine.title), told(engine.preset));
  const body = [
    h('h1', {}, title),
    h(
      'p',
      { class: 'soft' },
      say('{}. Written {} by Telltale {}. {}', data.name, writtenAt, version, clockWords(series.clock, speech)),
    ),
    summary(input),
    h('h2', {}, say('The whole series')),
    scoreLane(input, all, 90),
    times(series.clock, all.view, speech),
    key(speech, series.labels !== null),
    h('h2', {}, say('Events')),
    result.events.length === 0 ? h('p', {}, say('Nothing is over the threshold.')) : eventsTable(input),
    shown.map((event) => eventSection(input, event)),
    result.events.length > SHOWN
      ? h(
          'p',
          { class: 'soft' },
          say('The {} most severe of {} events are drawn; all are in the table above.', SHOWN, result.events.length),
        )
      : null,
    h(
      'div',
      { class: 'appendix' },
      h('h2', {}, say('How good it is')),
      metricsPart(input),
      h('h2', {}, say('Settings')),
      eventSettings(result, speech),
      settingsOf('Engine: {}', engine, speech),
      settingsOf('Scoring head: {}', input.head, speech),
      h('h2', {}, say('Where it comes from')),
      origin(input),
    ),
  ];
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const head = [
    h('meta', { charset: 'utf-8' }),
    h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'generator', content: `Telltale ${version}` }),
    h('title', {}, title),
    // Our own text, without a character that HTML would read as markup.
    { markup: `<style>${STYLE}</style>` },
  ];
  return `<!doctype html>\n${h('html', { lang: speech.lang }, h('head', {}, head), h('body', {}, h('main', {}, body))).markup}\n`;
}
