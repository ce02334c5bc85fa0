/** Reads links. Nothing of a link is believed before it was checked; one that is not sound changes nothing at all. */
import * as v from 'valibot';
import type { AnyValues, ParamTable, Value } from '../../engine/params.ts';
import type { AssetRef, Catalogue, EventSettings, RunInfo, WireError } from '../../workers/protocol.ts';
import { en } from '../messages/en.ts';
import { toHash } from './linkText.ts';
import type { Link } from './linkText.ts';
import { isValid } from './setupSlice.ts';
import type { InspectorTab, Page } from './viewSlice.ts';

/** Longer texts are no links that this page wrote, or could write: escaped, a text may be three times as long. */
const MOST = 8192;

export type LinkRead = { readonly ok: true; readonly link: Link } | { readonly ok: false; readonly error: WireError };

const refused = (message: string): { readonly ok: false; readonly error: WireError } => ({
  ok: false,
  error: { code: 'bad-input', kind: 'bad-link', message, cure: en.share.badLinkCure, place: {} },
});

const id = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'a name of letters, digits and - is needed'));
const whole = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, 'a whole number is needed'),
    v.transform(Number),
    v.minValue(least, `at least ${least} is needed`),
    v.maxValue(most, `at most ${most} is allowed`),
  );
const steps = v.pipe(
  v.string(),
  v.regex(/^\d{1,12}-\d{1,12}$/, 'two steps with - between are needed'),
  v.transform((text) => {
    const [from = 0, to = 0] = text.split('-').map(Number);
    return { from, to };
  }),
  v.check(({ from, to }) => to > from, 'the second step must lie behind the first'),
);
const real = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, 'a number is needed'),
    v.transform(Number),
    v.check((n) => n >= least && n <= most, `a number from ${least} to ${most} is needed`),
  );

const LARGEST = Number.MAX_VALUE;

const settings = v.strictObject({
  significance: real(0, 1),
  rule: id,
  manual: v.optional(real(-LARGEST, LARGEST)),
  percentile: real(0, 100),
  padding: whole(0, 1e9),
  mergeGap: whole(0, 1e9),
  minLength: whole(0, 1e9),
  spacing: v.optional(whole(0, 1e9)),
  attribution: v.picklist(['error', 'p']),
  ratio: v.optional(real(0, 100)),
  level: v.optional(real(0, 100)),
  sigmas: v.optional(real(0, 1000)),
});

/** Every page and tab, each named once: one that is forgotten does not compile. */
const PAGES: Readonly<Record<Page, Page>> = {
  ...{ data: 'data', engine: 'engine', run: 'run', review: 'review', live: 'live', label: 'label' },
  ...{ compare: 'compare', create: 'create' },
};
export const isPage = (name: unknown): name is Page => typeof name === 'string' && Object.hasOwn(PAGES, name);

const TABS: Readonly<Record<InspectorTab, InspectorTab>> = {
  ...{ event: 'event', attention: 'attention', memory: 'memory', scores: 'scores', drift: 'drift', quality: 'quality' },
};

const schema = v.strictObject({
  data: v.optional(
    v.union(
      [v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)), id],
      'the name of a bundled data set or sha256: with 64 digits is needed',
    ),
  ),
  asset: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  nth: v.optional(whole(1, 1e6)),
  engine: v.optional(id),
  preset: v.optional(id),
  head: v.optional(id),
  seed: v.optional(whole(0, 2 ** 31 - 1)),
  of: v.optional(v.literal('run')),
  range: v.optional(steps),
  event: v.optional(whole(1, 1e6)),
  page: v.optional(v.enum(PAGES)),
  tab: v.optional(v.enum(TABS)),
  sensor: v.optional(whole(0, 1e6)),
});

type Texts = Readonly<Record<string, string>>;

/** Entries whose key begins with `prefix`, without it. */
const group = (entries: readonly (readonly [string, string])[], prefix: string): Texts =>
  Object.fromEntries(entries.filter(([key]) => key.startsWith(prefix)).map(([key, text]) => [key.slice(2), text]));

/** Written values carry no type; the value itself tells: true, false, a number, else text. */
function valueFrom(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

const valuesFrom = (texts: Texts): AnyValues =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, valueFrom(text)]));

function settingsFrom({
  ratio,
  level,
  sigmas,
  manual,
  spacing,
  ...rest
}: v.InferOutput<typeof settings>): EventSettings {
  const numbers = {
    ...(ratio !== undefined && { ratio }),
    ...(level !== undefined && { level }),
    ...(sigmas !== undefined && { sigmas }),
  };
  return { ...rest, manual: manual ?? null, ...(spacing !== undefined && { spacing }), numbers };
}

function firstProblem(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]], prefix = ''): string {
  const [issue] = issues;
  const key = v.getDotPath(issue) ?? '';
  // A key that the schema does not have comes as an issue of the object itself, with the key as what was received.
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return en.share.unknownKey(`${prefix}${key || issue.received}`);
  return en.share.badValue(`${prefix}${key}`, issue.message);
}

/** The link in a hash. What it names is checked against the catalogue by `checkLink`. */
export function readLink(hash: string): LinkRead {
  const text = hash.replace(/^#/, '');
  if (text.length > MOST) return refused(en.share.tooLong);
  const entries = [...new URLSearchParams(text)];
  const keys = entries.map(([key]) => key);
  const twice = keys.find((key, n) => keys.indexOf(key) !== n);
  if (twice !== undefined) return refused(en.share.twice(twice));
  const isPlain = ([key]: readonly [string, string]): boolean => !/^[phe]\./.test(key);
  const plain = v.safeParse(schema, Object.fromEntries(entries.filter(isPlain)), { abortEarly: true });
  if (!plain.success) return refused(firstProblem(plain.issues));
  const eventTexts = group(entries, 'e.');
  const events = Object.keys(eventTexts).length > 0 ? v.safeParse(settings, eventTexts, { abortEarly: true }) : null;
  if (events && !events.success) return refused(firstProblem(events.issues, 'e.'));
  const { data, ...rest } = plain.output;
  const params = valuesFrom(group(entries, 'p.'));
  const headParams = valuesFrom(group(entries, 'h.'));
  const checksum = data?.startsWith('sha256:') ? data.slice(7) : undefined;
  const given = {
    ...rest,
    ...(checksum === undefined ? data !== undefined && { data } : { checksum }),
    ...(Object.keys(params).length > 0 && { params }),
    ...(Object.keys(headParams).length > 0 && { headParams }),
    ...(events && { settings: settingsFrom(events.output) }),
  };
  const link = given as Link;
  return toHash(link).length > MOST ? refused(en.share.tooLong) : { ok: true, link };
}

/** Values of a table as the table types them, or the first that does not fit. A choice that looks like a number is text. */
function valuesOf(table: ParamTable, values: AnyValues): AnyValues | string {
  const typed: [string, Value][] = [];
  for (const [key, value] of Object.entries(values)) {
    const param = Object.hasOwn(table, key) ? table[key] : undefined;
    if (!param) return en.share.noParam(key);
    const own = param.kind === 'choice' ? String(value) : value;
    if (!isValid(param, own)) return en.share.badParam(param.label, String(value));
    typed.push([key, own]);
  }
  return Object.fromEntries(typed);
}

type Choice = Pick<Catalogue['engines'][number], 'title' | 'presets' | 'params'>;

/** What a link names that this version does not have; null where it has all of it. */
function unknownIn(link: Link, { bundled }: Catalogue, engine: Choice | null, head: Choice | null): string | null {
  const { data, preset } = link;
  if (data !== undefined && !bundled.some((entry) => entry.id === data)) return en.share.noData(data);
  if (link.engine !== undefined && !engine) return en.share.noEngine(link.engine);
  if (link.head !== undefined && !head) return en.share.noHead(link.head);
  if (preset !== undefined && engine && !Object.hasOwn(engine.presets, preset))
    return en.share.noPreset(engine.title, preset);
  return null;
}

/** The link with its values typed, or why this page cannot show what it asks for. */
export function checkLink(link: Link, catalogue: Catalogue): LinkRead {
  const engine = catalogue.engines.find((entry) => entry.id === link.engine) ?? null;
  const head = catalogue.heads.find((entry) => entry.id === link.head) ?? null;
  const unknown = unknownIn(link, catalogue, engine, head);
  if (unknown !== null) return refused(unknown);
  const params = valuesOf(engine?.params ?? {}, link.params ?? {});
  if (typeof params === 'string') return refused(params);
  const headParams = valuesOf(head?.params ?? {}, link.headParams ?? {});
  if (typeof headParams === 'string') return refused(headParams);
  return { ok: true, link: { ...link, ...(link.params && { params }), ...(link.headParams && { headParams }) } };
}

/** The asset that a link means among these; the first where it names none. Null where it names one that is not there. */
export function linkedAsset(names: readonly AssetRef['asset'][], link: Link | undefined): string | null {
  if (link?.asset !== undefined) return names.includes(link.asset) ? link.asset : null;
  return names[(link?.nth ?? 1) - 1] ?? null;
}

/** True where this run is what a link is about: same engine, settings and seed, so the same bytes. */
export function isRunOf({ job }: RunInfo, link: Link): boolean {
  const same = (a: AnyValues = {}, b: AnyValues = {}): boolean =>
    Object.keys({ ...a, ...b }).every((key) => a[key] === b[key]);
  return (
    job.engine === link.engine &&
    job.preset === link.preset &&
    job.seed === link.seed &&
    job.head === link.head &&
    same(job.params, link.params) &&
    same(job.headParams, link.headParams)
  );
}
