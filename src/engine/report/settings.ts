/** The settings of a run in a report: how scores became events, the engine, the head. */
import type { ParamTable, Value } from '../params.ts';
import type { RunEvents } from '../review.ts';
import { three } from './figures.ts';
import { h, table } from './html.ts';
import type { Child, Html } from './html.ts';
import type { ReportPart } from './input.ts';
import { each } from './speech.ts';
import type { Speech } from './speech.ts';

const said = ({ say, told }: Speech, table: ParamTable, name: string, value: Value): string => {
  const param = table[name] as ParamTable[string] | undefined;
  if (param?.kind === 'choice')
    return told(param.options.find((option) => option.value === value)?.label ?? String(value));
  if (typeof value === 'boolean') return say(value ? 'on' : 'off');
  return `${String(value)}${param?.kind === 'number' && param.unit ? ` ${told(param.unit)}` : ''}`;
};

/** Changed settings say so: in bold, and in words for those who do not see it. */
export function settingsOf(heading: 'Engine: {}' | 'Scoring head: {}', part: ReportPart, speech: Speech): Child[] {
  const { say, told } = speech;
  const { params, values, changed, title, preset, cite, summary, deviations } = part;
  const rows = Object.entries(values).map(([name, value]) => {
    const text = said(speech, params, name, value);
    const isChanged = Object.hasOwn(changed, name);
    return [
      told(params[name].label),
      isChanged ? h('span', { class: 'changed' }, say('{}, changed by hand', text)) : text,
    ];
  });
  return [
    h('h3', {}, say(heading, told(title))),
    h('p', {}, `${told(summary)} `, h('span', { class: 'soft' }, told(cite))),
    rows.length === 0
      ? null
      : table(say('Preset {}, all settings', told(preset)), [say('Setting'), say('Value')], rows),
    deviations.length === 0
      ? null
      : [
          h('p', {}, say('Other than published:')),
          h(
            'ul',
            {},
            deviations.map((one) => h('li', {}, told(one))),
          ),
        ],
  ];
}

export function eventSettings({ settings, threshold }: RunEvents, speech: Speech): Html {
  const { say, told } = speech;
  const { significance, padding, mergeGap, minLength, spacing = 0, attribution } = settings;
  const rows: (readonly Child[])[] = [
    [
      say('Threshold'),
      say('{} by the rule “{}”, from {}', three(threshold.value), told(threshold.rule), each(speech, threshold.source)),
    ],
    [
      say('Labels used to choose it'),
      say(threshold.oracle ? 'yes: an oracle, better than what can be had without labels' : 'no'),
    ],
    [say('Significance'), String(significance)],
    [say('Steps added around flagged ones'), String(padding)],
    [say('Gaps closed up to'), say('{} steps', mergeGap)],
    [say('Shortest event'), say(minLength === 1 ? '{} flagged step' : '{} flagged steps', minLength)],
    [
      say('Flagged steps'),
      spacing === 0 ? say('all over the threshold') : say('peaks more than {} steps apart', spacing),
    ],
    [say('Shares by'), say(attribution === 'p' ? 'tail probability of each sensor' : 'error of each sensor')],
  ];
  return table(say('How scores become events'), [say('Setting'), say('Value')], rows);
}
