/** The sentence about an event in Chinese. */
import type { SentenceWords } from '../../engine/detect/explain.ts';

export const sentenceZh: SentenceWords = {
  ran: '从 {start} 起的 {length} 内，{names}{owner}{strength}{direction}。',
  nothing: '从 {start} 起的 {length} 内，得分超过阈值；没有突出的传感器。',
  joints: ['、', '、'],
  owners: { all: '（属于 {system}，占事件的 {share}）', some: '（{system} 整体占事件的 {share}）', none: ' ' },
  strengths: ['略微偏离正常', '明显偏离正常', '远离正常'],
  directions: { above: '，高于预期', below: '，低于预期' },
  rare: '在训练中，这样的得分每 10^{power} 步才出现一次。',
  never: '训练中没有与之接近的得分：按其分布，每 10^{power} 步也出现不到一次。',
  atPeak: '在峰值处（{time}），{name} 读数为 {observed}，而预期为 {expected}。',
  alone: {
    stands: '{name} 不足以单独解释：去掉它，得分仍会超过阈值。',
    decides: '{name} 起决定作用：去掉它，得分就会低于阈值。',
  },
};
