/** The strings of the guided tour in Chinese; part of `zh`. */
import { count } from '../../charts/format.ts';
import type { tourEn } from './enTour.ts';
import type { Translation } from './translation.ts';

export const tourZh: Translation<typeof tourEn> = {
  tour: {
    name: '导览',
    short: '导览',
    next: '下一步',
    back: '上一步',
    end: '结束',
    over: '从头开始',
    to: '转到控件',
    place: (n, of) => `${count(n)} / ${count(of)}`,
    hint: '方向键前进后退，Esc 结束；期间框出的控件可以照常使用。',
    parts: {
      data: {
        title: '打开数据',
        text: ({ dataset, rows, sensors }) =>
          `已打开 ${dataset}：${count(rows)} 行，${count(sensors)} 个传感器。您的文件从这里打开，或拖到页面任意处。文件只留在本浏览器。`,
      },
      engine: {
        title: '选择引擎',
        text: ({ engine }) =>
          `引擎学习一切正常时各传感器如何一起变化。当前选择 ${engine}；每项设置及其作用见“引擎”页。`,
      },
      run: {
        title: '检测',
        text: ({ events }) =>
          `“运行”或 R 键用训练行训练引擎，并为所有行评分。${events > 0 ? '已有一个完成的运行显示在此，现在无需等待。' : ''}`,
      },
      lanes: {
        title: '测量值与预期值',
        text: ({ mod }) =>
          `深色为测量值，蓝色为引擎的预期值，带宽包含 95 % 的训练误差。橙色标出事件。加减号缩放，方向键平移，${mod} 加滚轮亦可缩放。`,
      },
      events: {
        title: '事件',
        text: ({ events, threshold }) =>
          `${count(events)} 个事件：得分超过阈值 ${threshold} 的连续步。点击一行，或用 J 和 K 逐个查看。`,
      },
      event: {
        title: '读懂一个事件',
        text: () => '何时发生、哪些传感器偏离正常及其方向、原本预期是多少。严重度 100 表示远超阈值。',
      },
      why: {
        title: '由哪个传感器引起',
        text: () => '事件按系统和传感器的份额，合计 100 %。下面的表说明去掉其中每一个后得分还剩多少。',
      },
      chain: {
        title: '数值从何而来',
        text: () =>
          '从一个传感器在一步上的误差到得分：误差有多罕见、贡献多少、总和有多罕见。选择其他传感器，或把十字线移到另一步，即可看到各自的推导。',
      },
      threshold: {
        title: '移动阈值',
        text: ({ threshold }) =>
          `拖动得分处的手柄（现为 ${threshold}）：事件随之更新，松开即生效。在事件表上方的栏中换一条规则则先试用；“保留”生效，Esc 放弃。`,
      },
      label: {
        title: '说出它是什么',
        text: () => 'A 确认事件，N 否定，U 表示不确定。每个标注随说随存，可无限次撤销。',
      },
      learn: {
        title: '让它学习',
        text: () =>
          '在“标注”页，引擎会询问对它最有用的窗口，从您的回答中学习，并在您保留之前显示有何变化。标注可导出为 CSV 和其他七种格式。',
      },
      end: {
        title: '一轮到此结束',
        text: () => '所有快捷键都在这里。H 键可再次开始导览；数值旁的问号后面是它的公式。',
      },
    },
  },
  formula: {
    open: (title) => `${title}：含义与公式`,
    severity: {
      title: '严重度',
      text: '事件超出阈值的程度，上限为 100。',
      formula: '严重度 = 100 · (1 − 10^(−(−log₁₀ p − a) / 8))',
      where: 'p：峰值处的尾概率；a：显著性水平的 −log₁₀。p 等于显著性水平时为 0。',
    },
    tail: {
      title: '尾概率',
      text: '与训练相似的数据得分达到或超过此值的频率。',
      formula: 'p = P(S ≥ s)',
      where: 's：峰值处的得分。S 的分布由训练得分拟合；拟合情况见“得分”。',
    },
    score: {
      title: '得分',
      text: '所有传感器合在一起，在某一步有多异常（M2AD 评分头）。其他评分头采用其论文的得分。',
      formula: 'S = Σₖ 2 λₖ (−ln pₖ)',
      where: 'pₖ：传感器 k 的平滑误差在其混合分布中的尾概率；λₖ：其权重。训练中恒定的传感器不计。',
    },
    threshold: {
      title: '阈值',
      text: '得分更高的步被标记；连续的标记构成事件。',
      formula: 'Gamma 规则：P(S > 阈值) = 显著性水平',
      where: '其他规则、各自会标记什么、用了哪些数据，见“得分”。',
    },
    share: {
      title: '份额',
      text: '一个传感器或系统占事件的多少。',
      formula: '份额ₖ = vₖ / Σ v',
      where: 'v：事件内最大的 |观测 − 预期| 除以其训练标准差，或峰值处的 2 λ (−ln p)：见“份额依据”。',
    },
    band: {
      title: '带宽',
      text: '数值偏离多少，以该传感器通常的误差为单位。',
      formula: '带宽 = (观测 − 预期) / b',
      where: 'b：该传感器 95 % 的训练绝对误差低于此值。',
    },
    metrics: {
      title: '指标',
      text: '每个评判步各自对照文件标签计数。除非指标名注明（PA），不做任何调整。',
      formula: '精确率 = TP / (TP + FP)，召回率 = TP / (TP + FN)，F1 = 2 TP / (2 TP + FP + FN)',
      where: '名称含“最佳”的指标和所有标明使用标签的指标，其阈值由标签选定。',
    },
  },
};
