/** The sentence about an event in Chinese, from the same facts and by the same rules as the engine's English one. */
import type { EventFacts, SentencePiece } from '../../engine/detect/explain.ts';

type Sensors = EventFacts['sensors'];

const plain = (text: string): SentencePiece => ({ text, as: 'plain' });
const strong = (text: string): SentencePiece => ({ text, as: 'strong' });
const withUnit = (value: string, unit: string) => (unit === '' ? value : `${value} ${unit}`);
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Sensors with at least half the first one's share, three at most. */
const leading = (sensors: Sensors): Sensors =>
  sensors.filter(({ share }) => share > 0 && share >= sensors[0]!.share / 2).slice(0, 3);

function strength(severity: number): string {
  if (severity >= 90) return '远离正常';
  return severity >= 50 ? '明显偏离正常' : '略微偏离正常';
}

function direction(sensors: Sensors): string {
  const sides = new Set(sensors.map((sensor) => sensor.direction));
  if (sides.size !== 1) return '';
  const [side] = sides;
  return side === 'above' ? '，高于预期' : side === 'below' ? '，低于预期' : '';
}

function whose(system: EventFacts['system'], named: Sensors): SentencePiece[] {
  if (system === null || system.name === '') return [];
  const share = `占事件的 ${percent(system.share)}`;
  return named.every((sensor) => sensor.system === system.name)
    ? [plain('（属于 '), strong(system.name), plain(`，${share}）`)]
    : [plain('（'), strong(system.name), plain(` 整体${share}）`)];
}

function atPeak(facts: EventFacts): SentencePiece[] {
  const first = facts.sensors[0]!;
  if (first.observed === '' || first.expected === '') return [];
  return [
    plain(`在峰值处（${facts.peakTime}），`),
    strong(first.name),
    plain(' 读数为 '),
    strong(withUnit(first.observed, first.unit)),
    plain('，而预期为 '),
    { text: withUnit(first.expected, first.unit), as: 'expected' },
    plain('。'),
  ];
}

function alone(facts: EventFacts): SentencePiece[] {
  if (facts.counted < 2) return [];
  const rest = facts.standsWithoutFirst
    ? ' 不足以单独解释：去掉它，得分仍会超过阈值。'
    : ' 起决定作用：去掉它，得分就会低于阈值。';
  return [strong(facts.sensors[0]!.name), plain(rest)];
}

export function explainEvent(facts: EventFacts): SentencePiece[] {
  const named = leading(facts.sensors);
  const when = `从 ${facts.start} 起的 ${facts.length} 内，`;
  if (named.length === 0) return [plain(`${when}得分超过阈值；没有突出的传感器。`)];
  const rare =
    Number.isFinite(facts.log10P) && facts.log10P < -1
      ? `在训练中，这样的得分每 10^${Math.round(-facts.log10P)} 步才出现一次。`
      : '';
  const owner = whose(facts.system, named);
  return [
    plain(when),
    ...named.flatMap(({ name }, i) => (i === 0 ? [strong(name)] : [plain('、'), strong(name)])),
    ...owner,
    plain(`${owner.length > 0 ? '' : ' '}${strength(facts.severity)}${direction(named)}。${rare}`),
    ...atPeak(facts),
    ...alone(facts),
  ];
}
