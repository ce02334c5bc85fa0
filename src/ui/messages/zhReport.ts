/** The report of a run in Chinese: its own texts, and what it is told by the rest of the engine. */
import type { ReportWords } from '../../engine/report/speech.ts';
import { sentenceZh } from './explainZh.ts';
import { DATA } from './zhData.ts';
import { DEVIATIONS } from './zhDeviations.ts';
import { FILLED, TEXTS } from './zhEngine.ts';
import { CARDS } from './zhEngineCards.ts';
import { PRESETS, RULES } from './zhIds.ts';
import { PROVENANCE } from './zhProvenance.ts';
import { SETTINGS } from './zhSettings.ts';

type Texts = Readonly<Record<string, string>>;

/** Looked up as they are: what is filled in is a name or a number and is not looked up. */
export const REPORT: Texts = {
  '{}: {} {}': '{0}：{1}（{2}）',
  '{}. Written {} by Telltale {}. {}': '{0}。由 Telltale {2} 写于 {1}。{3}',
  'Steps are numbered; the data has no times.': '各步以编号表示；数据没有时间。',
  'Times are in UTC.': '时间为 UTC。',
  "Times are in UTC; the data's own zone is {}.": '时间为 UTC；数据自身的时区是 {0}。',
  ', ': '，',
  '; ': '；',
  '{} ({})': '{0}（{1}）',
  // Times.
  'step {}': '步 {0}',
  '{} step': '{0} 步',
  '{} steps': '{0} 步',
  '{}\u00a0d': '{0}\u00a0天',
  '{}\u00a0h': '{0}\u00a0小时',
  '{}\u00a0min': '{0}\u00a0分钟',
  '{}\u00a0s': '{0}\u00a0秒',
  // Figures at the top.
  event: '事件',
  events: '事件',
  'of judged steps over the threshold': '的评判步超过阈值',
  'tail probability of the worst event': '最严重事件的尾概率',
  'sensors, {} steps judged': '个传感器，评判 {0} 步',
  // Lanes and their key.
  'The whole series': '整个序列',
  Score: '得分',
  '{}: no value here': '{0}：此处没有值',
  '{}: from {} to {}': '{0}：从 {1} 到 {2}',
  observed: '观测值',
  'expected, with the band that holds 95 % of training residuals': '预期值，及包含 95 % 训练残差的带',
  'labelled in the file': '文件中有标签',
  training: '训练',
  ' – – threshold': ' – – 阈值',
  // Events.
  Events: '事件',
  'Event {}': '事件 {0}',
  'Nothing is over the threshold.': '没有超过阈值的步。',
  'The {} most severe of {} events are drawn; all are in the table above.':
    '绘出 {1} 个事件中最严重的 {0} 个；全部事件见上表。',
  'All {} events, the most severe first. Severity: 0 at the significance, 100 far beyond.':
    '全部 {0} 个事件，最严重的在前。严重度：恰在显著性水平处为 0，远远超出时为 100。',
  Start: '开始',
  Lasts: '持续',
  Severity: '严重度',
  'Tail probability': '尾概率',
  System: '系统',
  'Sensors and their shares': '传感器及其份额',
  Labelled: '有标签',
  'At the peak, {}: the sensors with the largest shares of the event.': '峰值处（{0}）：事件中份额最大的传感器。',
  Sensor: '传感器',
  Share: '份额',
  Observed: '观测值',
  Expected: '预期值',
  'Residual in bands': '残差（以带宽计）',
  'Score without it': '去掉它的得分',
  '{}, still over': '{0}，仍超过',
  '{}, under': '{0}，低于',
  // How good it is.
  'How good it is': '效果如何',
  'No metric is defined for this run.': '此运行没有可定义的指标。',
  'The data has no labels, so nothing is claimed about how many events are right or missed.':
    '数据没有标签，因此不对事件的正确与遗漏作任何断言。',
  'Against the labels of the file': '与文件标签比较',
  Metric: '指标',
  'How it came about': '如何得出',
  // Settings.
  Settings: '设置',
  Setting: '设置',
  Value: '值',
  'How scores become events': '得分如何成为事件',
  Threshold: '阈值',
  '{} by the rule “{}”, from {}': '{0}，规则“{1}”，依据：{2}',
  'Labels used to choose it': '选取时使用标签',
  'yes: an oracle, better than what can be had without labels': '是：借助标签，优于无标签时所能达到的',
  no: '否',
  Significance: '显著性水平',
  'Steps added around flagged ones': '标记步两侧加入的步数',
  'Gaps closed up to': '合并的间隔上限',
  'Shortest event': '最短事件',
  '{} flagged step': '{0} 个标记步',
  '{} flagged steps': '{0} 个标记步',
  'Flagged steps': '标记步',
  'all over the threshold': '所有超过阈值的步',
  'peaks more than {} steps apart': '间距大于 {0} 步的峰',
  'Shares by': '份额依据',
  'tail probability of each sensor': '各传感器的尾概率',
  'error of each sensor': '各传感器的误差',
  'Engine: {}': '引擎：{0}',
  'Scoring head: {}': '评分头：{0}',
  'Preset {}, all settings': '预设“{0}”，全部设置',
  'Other than published:': '与发表的不同：',
  on: '开',
  off: '关',
  '{}, changed by hand': '{0}，手动更改',
  // Where it comes from.
  'Where it comes from': '来源',
  'With these the run can be made again: same data, settings and seed give the same numbers.':
    '据此可重做此运行：相同的数据、设置和种子得到相同的数字。',
  Data: '数据',
  '{} of {} ({})': '{1} 的 {0}（{2}）',
  Size: '规模',
  '{} steps, {} sensors, {} covariates': '{0} 步，{1} 个传感器，{2} 个协变量',
  'Generated, not measured': '生成而非测量',
  Training: '训练部分',
  Judged: '评判部分',
  '{} steps, {} to {}': '{0} 步，{1} 至 {2}',
  none: '无',
  'Left out of the score': '不计入得分',
  'no sensor': '无',
  'Checksum of the files': '文件的校验和',
  'Checksum of the values': '数值的校验和',
  Seed: '随机种子',
  Trained: '训练过程',
  'in one go': '一次完成',
  '{} epochs': '{0} 轮',
  Computed: '计算',
  '{}, {} s on {}': '{0}，用时 {1} 秒，{2}',
  Program: '程序',
};

/** What the report reads from elsewhere and no panel of the page says. */
export const HEARD: Texts = {
  // Layouts of files.
  'Train and test': '训练与测试',
  'Table and label times': '表格与标签时间',
  'AWS start/end labels': 'AWS 起止标签',
  segments: '片段',
  'DSADS segments': 'DSADS 片段',
  'class column': '类别列',
  'SMD-like': '类 SMD',
  'merged npy': '合并的 npy',
  'plant table': '工厂表格',
  // Papers that are no papers.
  'of the engine': '引擎的论文',
  'Fisher, 1925; members as on their own cards': 'Fisher, 1925；各成员见其自身的说明',
  // What a confirmed range did to the threshold.
  '{} on {}, confirmed by {} on {}': '在 {1} 上{0}，由 {2} 于 {3} 确认',
  '{} on {}, confirmed by {} on {} (oracle)': '在 {1} 上{0}，由 {2} 于 {3} 确认（使用标签）',
  recalibrated: '重新校准',
  retrained: '重新训练',
  'file labels': '文件标签',
  'training scores do not vary: nothing is flagged': '训练得分没有变化：不标记任何步',
};

export const reportZh: ReportWords = {
  lang: 'zh-CN',
  own: REPORT,
  engine: {
    ...TEXTS,
    ...CARDS,
    ...SETTINGS,
    ...DEVIATIONS,
    ...FILLED,
    ...DATA,
    ...PRESETS,
    ...RULES,
    ...HEARD,
    ...PROVENANCE,
  },
  sentence: sentenceZh,
};
