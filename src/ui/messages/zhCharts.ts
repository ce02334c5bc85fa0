/** What charts say, in Chinese; dates and units of time as Intl writes them. */
import type { ChartWords } from '../../charts/words.ts';

const LOCALE = 'zh-CN';

type Day = Parameters<ChartWords['day']>[0];

/** A calendar day written by Intl; the zone is that of the data already, so none is applied. */
function dated(options: Intl.DateTimeFormatOptions): (at: Day) => string {
  const format = new Intl.DateTimeFormat(LOCALE, { ...options, calendar: 'gregory', timeZone: 'UTC' });
  return ({ year, month, day }) => format.format(new Date(0).setUTCFullYear(year, month - 1, day));
}

/** What Intl writes after a number of this unit: 小时. */
function unit(name: string): string {
  const format = new Intl.NumberFormat(LOCALE, { style: 'unit', unit: name, unitDisplay: 'short' });
  const word = format.formatToParts(1).find(({ type }) => type === 'unit');
  return `\u00A0${word?.value ?? name}`;
}

export const chartZh: ChartWords = {
  units: {
    d: unit('day'),
    h: unit('hour'),
    min: unit('minute'),
    s: unit('second'),
    ms: unit('millisecond'),
  },
  day: dated({ month: 'short', day: 'numeric' }),
  date: dated({ year: 'numeric', month: 'short', day: 'numeric' }),
  month: dated({ month: 'short' }),
  monthOfYear: dated({ year: 'numeric', month: 'short' }),
  year: dated({ year: 'numeric' }),
  dayNumber: (day) => `第${day}天`,
  step: (n) => `步 ${n}`,
  steps: (n) => `${n} 步`,
  stepsZone: '步',
  elapsedZone: '自起点',
  shown: (length) => `显示 ${length}`,
  range: (from, to, length) => `${from} 至 ${to}，${length}`,
  missing: '缺失',
  expected: (label, observed, expected) => `${label} ${observed}，预期 ${expected}`,
  fileLabel: '文件标签',
  synthetic: '合成',
  threshold: '阈值',
  oracle: '使用标签',
  thresholdAt: (value) => `阈值 ${value}`,
  density: '密度',
  densityLog: '密度，对数',
  log: (name) => `${name}，对数`,
  errorAt: (at, error, p) => `${at}：误差 ${error}\n上尾 p = ${p}`,
  errorCaption: (at, error, p) => `训练误差与混合分布。在 ${at} 处误差为 ${error}，上尾 p = ${p}。`,
  errorColumns: ['误差从', '到', '训练中的密度', '混合分布'],
  chi2Quantile: (df, value) => `χ²(${df}) 分位数 ${value}`,
  scoreCaption: (gamma, df, threshold) => `训练得分、${gamma} 与 χ²(${df})。阈值 ${threshold}。`,
  scoreColumns: ['S 从', '到', '观测密度', 'Gamma', 'χ²'],
  modelQuantile: 'S 的模型分位数',
  observedS: 'S 的观测值',
  qqCaption: (gamma, chi2) => `S 的分位数。分布间最大距离（KS）：Gamma ${gamma}，χ² ${chi2}。`,
  qqColumns: ['观测', 'Gamma', 'χ²'],
  curves: {
    'pa-k': { x: 'K，事件中必须标记的百分比', y: '最佳 F1', title: '最佳 F1 随 K 的变化' },
    roc: { x: '正常步被标记的比例', y: '召回率', title: '召回率随误报的变化' },
    pr: { x: '召回率', y: '精确率', title: '精确率随召回率的变化' },
    flagged: { x: '超过阈值的步，%', y: 'F1', title: 'F1 随标记比例的变化' },
  },
  epoch: '轮',
  lossKinds: { training: '训练', validation: '验证', bound: '限度' },
  lossCaption: '各轮损失',
  meanRank: '平均排名，1 为最佳',
  layer: (n) => `第 ${n} 层`,
  series: '序列',
  heatMap: (sensors) => `−log10 p 图，${sensors} 个传感器。方向键移动，回车选择。`,
  heatCaption: '所示范围内每个传感器的最大 −log10 p',
  heatColumns: ['系统', '传感器', '最大 −log10 p', '位于'],
  attentionMap: (title) => `${title}。方向键移动，回车固定。`,
  memoryKinds: { local: '局部', global: '全局' },
  nominal: '名义',
  actual: '实际',
  alarmsOverTimeCaption: (significance) => `已知正常步中 p 低于 ${significance} 的比例，随时间`,
  startColumn: '始于',
  alarmsCaption: '名义误报率与实际误报率',
  driftCaption: (limit) => `漂移强度；1 为训练中最大的偏离，超过 ${limit} 的变化才算数`,
  driftColumns: ['时间', '测量值', '残差', '工况'],
  notKnown: '未知',
  rankCaption: (metric, dataSets, cd) =>
    `${metric} 在 ${dataSets} 个数据集上的平均排名。临界差（Nemenyi，5 %）：${cd}。`,
  rankColumns: ['方法', '平均排名'],
  fusionCaption: '最后一轮之后的融合权重',
  fusionColumns: ['视图', '局部', '全局'],
  confusionCaption: '各视图（行）的窗口被判为各视图（列）的比例',
  periodsCaption: '各头学到的周期，以及该周期占序列方差的份额',
  periodsColumns: ['层', '头', '周期（步）', '周期', '占序列的份额'],
  signalColumns: ['信号', '数值', '输入', '重构'],
  addressingCaption: '响应最强的记忆项及其寻址份额',
  addressingColumns: ['记忆', '项', '份额'],
  metricBy: (metric, setting) => `${metric} 随 ${setting} 的变化。`,
  laneCaption: (from, to, events) => `${from} 至 ${to} 的各通道：最低值与最高值，其后为 ${events} 个事件`,
  laneColumns: ['通道或事件', '最低值或始于', '最高值或止于'],
  overviewCaption: (events) => `整个序列：${events} 个事件`,
  eventColumns: ['事件', '始于', '止于'],
  eventNumber: (n) => `事件 ${n}`,
  pair: { vanished: '消失', appeared: '新增', columns: ['变化', '始于', '止于'] },
  paintColumns: ['步', '实测', '生成', '已绘制'],
  painted: '是',
  saveAs: (kind, title) => `另存为 ${kind}：${title}`,
  firstRows: (shown, of) => ` 前 ${shown} 行，共 ${of} 行。`,
};
