/** Links for every engine, head, page, tab and setting that there is: what is written is read as the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyValues, Param, Value } from '../../engine/params.ts';
import { defaultSettings } from '../../engine/review.ts';
import { choices } from '../../workers/engines.ts';
import type { Catalogue, EventSettings } from '../../workers/protocol.ts';
import { toHash, type Link } from './linkText.ts';
import { checkLink, readLink } from './linkRead.ts';
import { createApp } from './store.ts';
import { fakeEngine } from './fakeEngine.testkit.ts';

const catalogue: Catalogue = { ...choices(), labelFormats: [], bundled: [] };

function valueOf(param: Param): fc.Arbitrary<Value> {
  if (param.kind === 'switch') return fc.boolean();
  if (param.kind === 'choice') return fc.constantFrom(...param.options.map(({ value }) => value));
  const { min, max } = param;
  return fc.oneof(
    fc.constantFrom(min, max, param.default),
    // A link has no word for the sign of zero.
    fc.double({ min, max, noNaN: true }).filter((n) => !Object.is(n, -0)),
  );
}

type Choice = Catalogue['engines'][number];
const changed = ({ params }: Choice): fc.Arbitrary<AnyValues> =>
  fc.record<Record<string, Value>>(
    Object.fromEntries(Object.entries(params).map(([key, param]) => [key, valueOf(param)])),
    {
      requiredKeys: [],
    },
  );

const real = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0));
const steps = fc.nat({ max: 1e9 });
const percent = fc.double({ min: 0, max: 100, noNaN: true }).filter((n) => !Object.is(n, -0));
const settings = fc.record<EventSettings>({
  significance: fc.double({ min: 0, max: 1, noNaN: true }).filter((n) => !Object.is(n, -0)),
  rule: fc.constantFrom('gamma', 'manual', 'pot', 'percentile'),
  manual: fc.option(real),
  percentile: percent,
  ...{ padding: steps, mergeGap: steps, minLength: steps },
  attribution: fc.constantFrom('error' as const, 'p' as const),
  numbers: fc.record({ ratio: percent, level: percent }, { requiredKeys: [] }),
});

/** What is on screen is written by the very slice that holds it: the pages and tabs are its own. */
const pages = ['data', 'engine', 'run', 'review', 'live', 'label', 'compare', 'create'] as const;
const tabs = ['event', 'attention', 'memory', 'scores', 'drift', 'quality'] as const;

describe.each(catalogue.engines.map((engine) => [engine.id, engine] as const))('links of %s', (id, engine) => {
  it('come back with every setting of engine, head and events', () => {
    const links = fc.constantFrom(...catalogue.heads).chain((head) =>
      fc.record({
        engine: fc.constant(id),
        preset: fc.constantFrom(...Object.keys(engine.presets)),
        params: changed(engine),
        head: fc.constant(head.id),
        headParams: changed(head),
        seed: fc.nat({ max: 2 ** 31 - 1 }),
        settings,
        page: fc.constantFrom(...pages),
        tab: fc.constantFrom(...tabs),
      }),
    );
    fc.assert(
      fc.property(links, ({ params, headParams, ...rest }) => {
        const there = (values: object) => Object.keys(values).length > 0;
        const link: Link = {
          ...rest,
          ...(there(params) && { params }),
          ...(there(headParams) && { headParams }),
        };
        const read = readLink(toHash(link));
        const checked = read.ok ? checkLink(read.link, catalogue) : read;
        expect(checked).toEqual({ ok: true, link });
      }),
      { numRuns: 25 },
    );
  });
});

it('settings of the event rule come back with the least distance of flagged steps', () => {
  const link: Link = { settings: { ...defaultSettings, numbers: {}, spacing: 5 } };
  expect(readLink(toHash(link))).toEqual({ ok: true, link });
});

it('every page can be linked to', () => {
  const store = createApp({ engine: fakeEngine(), nowMs: () => 0, newId: () => 'x' });
  for (const page of pages) {
    store.setState({ page });
    expect(readLink(toHash({ page: store.getState().page }))).toEqual({ ok: true, link: { page } });
  }
});
