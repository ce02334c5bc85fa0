/** One plain sentence about an event, as pieces with a role, so that the page can set them in type. Pure text work. */
import type { Direction } from './attribution.ts';

export type SentencePiece = { readonly text: string; readonly as: 'plain' | 'strong' | 'expected' };

export type EventFacts = {
  /** Formatted by the caller: "d12 01:29", and the length "73 min". */
  readonly start: string;
  readonly length: string;
  readonly peakTime: string;
  readonly severity: number;
  /** log10 of the tail probability at the peak; NaN where the score has none. */
  readonly log10P: number;
  /** Name and share of the first system; null when the asset has one system only. */
  readonly system: { readonly name: string; readonly share: number } | null;
  /** Sensors in falling order of share; those of small share may be left out. */
  readonly sensors: readonly {
    readonly name: string;
    /** Name of its system. */
    readonly system: string;
    readonly share: number;
    readonly direction: Direction | null;
    /** Values at the peak as the caller formats them, '' where missing. */
    readonly observed: string;
    readonly expected: string;
    readonly unit: string;
  }[];
  /** True when the score would still be over the threshold at some step without the first sensor. */
  readonly standsWithoutFirst: boolean;
  /** Sensors that count in the score. */
  readonly counted: number;
};

/**
 * The sentence in one language: `{name}` stands where something is put. What is put in is set in type by its role, so a
 * language orders its phrases as it likes.
 */
export type SentenceWords = {
  /** The whole about the named sensors: {length}, {start}, {names}, {owner}, {strength}, {direction}. */
  readonly ran: string;
  /** The same where no sensor stands out: {length}, {start}. */
  readonly nothing: string;
  /** Between two names, and before the last. */
  readonly joints: readonly [between: string, last: string];
  /** The system of all named sensors, of some of them, and none: {system}, {share}. */
  readonly owners: { readonly all: string; readonly some: string; readonly none: string };
  /** From a severity of 0, 50 and 90 on. */
  readonly strengths: readonly [slight: string, clear: string, far: string];
  readonly directions: Readonly<Record<'above' | 'below', string>>;
  /** {power} of ten. */
  readonly rare: string;
  /** The same beyond `FAR` powers of ten, where the number itself says nothing any more. */
  readonly never: string;
  /** {time}, {name}, {observed}, {expected}. */
  readonly atPeak: string;
  /** Whether the first sensor is the whole story: {name}. */
  readonly alone: { readonly stands: string; readonly decides: string };
};

const ENGLISH: SentenceWords = {
  ran: 'For {length} from {start} {names}{owner} ran {strength} normal{direction}.',
  nothing: 'For {length} from {start} the score was over its threshold; no sensor stands out.',
  joints: [', ', ' and '],
  owners: {
    all: ' of {system} ({share} of the event)',
    some: ' ({system} as a whole: {share} of the event)',
    none: '',
  },
  strengths: ['slightly away from', 'clearly away from', 'far from'],
  directions: { above: ', above what was expected', below: ', below what was expected' },
  rare: ' Training would show such a score once in 10^{power} steps.',
  never: ' Nothing in training comes near such a score: by its law, less than once in 10^{power} steps.',
  atPeak: ' At the peak, {time}, {name} read {observed} where {expected} was expected.',
  alone: {
    stands: ' {name} alone does not explain it: without it the score would still be over the threshold.',
    decides: ' {name} decides it: without it the score would stay below the threshold.',
  },
};

const plain = (text: string): SentencePiece => ({ text, as: 'plain' });
const strong = (text: string): SentencePiece => ({ text, as: 'strong' });

const percent = (share: number): string => `${String(Math.round(100 * share))} %`;

/** A phrase with its places filled. */
const put = (phrase: string, given: Readonly<Record<string, string | readonly SentencePiece[]>>): SentencePiece[] =>
  phrase.split(/\{(\w+)\}/).flatMap((part, i) => {
    const said = i % 2 === 0 ? part : given[part];
    return typeof said === 'string' ? [plain(said)] : said;
  });

/** How far the event is from chance, in words that follow the severity. */
const strength = ([slight, clear, far]: SentenceWords['strengths'], severity: number): string =>
  severity >= 90 ? far : severity >= 50 ? clear : slight;

/** "above", "below" or neither, if the leading sensors agree. */
function commonDirection({ directions }: SentenceWords, sensors: EventFacts['sensors']): string {
  const sides = new Set(sensors.map(({ direction }) => direction));
  const [side] = sides;
  return sides.size === 1 && (side === 'above' || side === 'below') ? directions[side] : '';
}

/** Powers of ten beyond which a law of some thousand scores is not to be believed to the digit. */
const FAR = 100;

/** The sensors to name: those with at least half the first one's share, three at most. */
const leading = (sensors: EventFacts['sensors']): EventFacts['sensors'] =>
  sensors.filter(({ share }) => share > 0 && share >= sensors[0].share / 2).slice(0, 3);

const listed = ({ joints: [between, last] }: SentenceWords, names: readonly string[]): SentencePiece[] =>
  names.flatMap((name, i) => {
    const joint = i === 0 ? [] : [plain(i === names.length - 1 ? last : between)];
    return [...joint, strong(name)];
  });

const withUnit = (value: string, unit: string): string => (unit === '' ? value : `${value} ${unit}`);

/** What the first sensor read and what it should have read. */
function atPeak({ atPeak: phrase }: SentenceWords, { sensors: [first], peakTime }: EventFacts): SentencePiece[] {
  if (first.observed === '' || first.expected === '') return [];
  return put(phrase, {
    time: peakTime,
    name: [strong(first.name)],
    observed: [strong(withUnit(first.observed, first.unit))],
    expected: [{ text: withUnit(first.expected, first.unit), as: 'expected' }],
  });
}

/** Whether the first sensor is the whole story: the others were not tried. Says nothing for a single sensor. */
const alone = ({ alone: words }: SentenceWords, { counted, standsWithoutFirst, sensors }: EventFacts) =>
  counted < 2 ? [] : put(standsWithoutFirst ? words.stands : words.decides, { name: [strong(sensors[0].name)] });

/** The first system with its share; as the owner only where all named sensors belong to it. */
function whose({ owners }: SentenceWords, system: EventFacts['system'], named: EventFacts['sensors']): SentencePiece[] {
  if (system === null || system.name === '') return [plain(owners.none)];
  const phrase = named.every((sensor) => sensor.system === system.name) ? owners.all : owners.some;
  return put(phrase, { system: [strong(system.name)], share: percent(system.share) });
}

/**
 * When, how strong, which system and sensors, in which direction, and what the first sensor read at the peak. Neighbouring
 * plain pieces are joined. In English unless other words are given.
 */
export function explainEvent(facts: EventFacts, words: SentenceWords = ENGLISH): SentencePiece[] {
  const named = leading(facts.sensors);
  const { length, start, log10P } = facts;
  if (named.length === 0) return joined(put(words.nothing, { length, start }));
  const names = named.map(({ name }) => name);
  const pieces = put(words.ran, {
    ...{ length, start, names: listed(words, names), owner: whose(words, facts.system, named) },
    strength: strength(words.strengths, facts.severity),
    direction: commonDirection(words, named),
  });
  const power = String(Math.min(FAR, Math.round(-log10P)));
  const rare = Number.isFinite(log10P) && log10P < -1 ? put(-log10P > FAR ? words.never : words.rare, { power }) : [];
  return joined([...pieces, ...rare, ...atPeak(words, facts), ...alone(words, facts)]);
}

function joined(pieces: readonly SentencePiece[]): SentencePiece[] {
  const out: SentencePiece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last?.as === 'plain' && piece.as === 'plain') out[out.length - 1] = plain(last.text + piece.text);
    else if (piece.text !== '') out.push(piece);
  }
  return out;
}
