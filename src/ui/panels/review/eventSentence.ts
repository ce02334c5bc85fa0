import { num } from '../../../charts/format.ts';
import type { AssetSummary, EventDetail } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';

export type SentencePart = { readonly text: string; readonly as: 'plain' | 'strong' | 'expected' };

/** Residuals beyond this many half-widths of the 95 % band are called far. */
const FAR_BANDS = 3;

/** One plain sentence for a person: which system, which way, what the first sensor read, and whether it alone did it. */
export function eventSentence(
  { row, systems, atPeak, withoutSystem }: EventDetail,
  asset: AssetSummary,
): SentencePart[] {
  const [first] = systems;
  const [lead] = atPeak;
  const system = first === undefined || first.name === '' ? en.review.noSystem : first.name;
  const members = atPeak.filter((at) => asset.sensors[at.sensor]?.system === (first?.name ?? ''));
  const above = members.filter((at) => at.inBands > 0).length;
  const isOneWay = members.length > 0 && (above === 0 || above === members.length);
  const most = Math.max(0, ...members.map((at) => Math.abs(at.inBands)));
  const parts: SentencePart[] = [
    {
      text: isOneWay
        ? en.event.ran(
            system,
            most > FAR_BANDS ? en.event.far : en.event.somewhat,
            above > 0 ? en.event.above : en.event.below,
          )
        : en.event.departed(system),
      as: 'plain',
    },
  ];
  if (!lead) return parts;
  const name = asset.sensors[lead.sensor]?.name ?? '';
  if (Number.isFinite(lead.observed) && Number.isFinite(lead.expected))
    parts.push(
      { text: en.event.atThePeak, as: 'plain' },
      { text: name, as: 'strong' },
      { text: en.event.read, as: 'plain' },
      { text: num(lead.observed), as: 'strong' },
      { text: en.event.where, as: 'plain' },
      { text: num(lead.expected), as: 'expected' },
      { text: en.event.wasExpected, as: 'plain' },
    );
  if (lead.stepsWithout === 0) parts.push({ text: en.event.single(name), as: 'plain' });
  else if (withoutSystem.steps === 0 && row.flagged > 0) parts.push({ text: en.event.system(system), as: 'plain' });
  else parts.push({ text: en.event.notSingle, as: 'plain' });
  return parts;
}
