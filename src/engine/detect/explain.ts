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

const plain = (text: string): SentencePiece => ({ text, as: 'plain' });
const strong = (text: string): SentencePiece => ({ text, as: 'strong' });

const percent = (share: number): string => `${String(Math.round(100 * share))} %`;

/** How far the event is from chance, in words that follow the severity. */
function strength(severity: number): string {
  if (severity >= 90) return 'far from';
  if (severity >= 50) return 'clearly away from';
  return 'slightly away from';
}

/** "above", "below" or neither, if the leading sensors agree. */
function commonDirection(sensors: EventFacts['sensors']): string {
  const sides = new Set(sensors.map(({ direction }) => direction));
  if (sides.size !== 1) return '';
  const [side] = sides;
  return side === 'above' ? ', above what was expected' : side === 'below' ? ', below what was expected' : '';
}

/** The sensors to name: those with at least half the first one's share, three at most. */
const leading = (sensors: EventFacts['sensors']): EventFacts['sensors'] =>
  sensors.filter(({ share }) => share > 0 && share >= sensors[0].share / 2).slice(0, 3);

function listed(names: readonly string[]): SentencePiece[] {
  return names.flatMap((name, i) => {
    const joint = i === 0 ? [] : [plain(i === names.length - 1 ? ' and ' : ', ')];
    return [...joint, strong(name)];
  });
}

const withUnit = (value: string, unit: string): string => (unit === '' ? value : `${value} ${unit}`);

/** What the first sensor read and what it should have read. */
function atPeak(facts: EventFacts): SentencePiece[] {
  const [first] = facts.sensors;
  if (first.observed === '' || first.expected === '') return [];
  return [
    plain(` At the peak, ${facts.peakTime}, `),
    strong(first.name),
    plain(' read '),
    strong(withUnit(first.observed, first.unit)),
    plain(' where '),
    { text: withUnit(first.expected, first.unit), as: 'expected' },
    plain(' was expected.'),
  ];
}

/** Whether the first sensor is the whole story: the others were not tried. Says nothing for a single sensor. */
function alone(facts: EventFacts): SentencePiece[] {
  if (facts.counted < 2) return [];
  const rest = facts.standsWithoutFirst
    ? ' alone does not explain it: without it the score would still be over the threshold.'
    : ' decides it: without it the score would stay below the threshold.';
  return [plain(' '), strong(facts.sensors[0].name), plain(rest)];
}

/** The first system with its share; " of" only where all named sensors belong to it. */
function whose(system: EventFacts['system'], named: EventFacts['sensors']): SentencePiece[] {
  if (system === null || system.name === '') return [];
  const share = `${percent(system.share)} of the event`;
  return named.every((sensor) => sensor.system === system.name)
    ? [plain(' of '), strong(system.name), plain(` (${share})`)]
    : [plain(' ('), strong(system.name), plain(` as a whole: ${share})`)];
}

/**
 * When, how strong, which system and sensors, in which direction, and what the first sensor read at the peak. Neighbouring
 * plain pieces are joined.
 */
export function explainEvent(facts: EventFacts): SentencePiece[] {
  const named = leading(facts.sensors);
  const when = `For ${facts.length} from ${facts.start} `;
  if (named.length === 0) return [plain(`${when}the score was over its threshold; no sensor stands out.`)];
  const pieces = [plain(when), ...listed(named.map(({ name }) => name)), ...whose(facts.system, named)];
  pieces.push(plain(` ran ${strength(facts.severity)} normal${commonDirection(named)}.`));
  if (Number.isFinite(facts.log10P) && facts.log10P < -1) {
    pieces.push(plain(` Training would show such a score once in 10^${String(Math.round(-facts.log10P))} steps.`));
  }
  return joined([...pieces, ...atPeak(facts), ...alone(facts)]);
}

function joined(pieces: readonly SentencePiece[]): SentencePiece[] {
  const out: SentencePiece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last?.as === 'plain' && piece.as === 'plain') out[out.length - 1] = plain(last.text + piece.text);
    else out.push(piece);
  }
  return out;
}
