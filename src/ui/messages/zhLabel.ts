/** The strings of the Label page in Chinese; part of `zh`. */
import { count, duration, num } from '../../charts/format.ts';
import type { Reason } from '../../engine/query/types.ts';
import type { Verdict } from '../../engine/labels/types.ts';
import type { labelEn } from './enLabel.ts';
import type { Translation } from './translation.ts';

function reason(why: Reason, score: number, by: 'error' | 'run'): string {
  const [at, what] = [num(score), by === 'run' ? '得分' : '平均误差'];
  switch (why.kind) {
    case 'top':
      return `${what} ${at}，在 ${count(why.of)} 个尚未询问的窗口中排第 ${count(why.rank)}。`;
    case 'interval':
      return `从${what}区间 ${why.bin} / ${why.of}（${num(why.low)} 至 ${num(why.high)}）中随机抽取；${what} ${at}。`;
    case 'uncertain':
      return `${what} ${at}，距阈值 ${num(why.threshold)} 仅 ${num(why.distance)}：在这里一个回答最有用。`;
    case 'diverse':
      return Number.isFinite(why.distance)
        ? `与已问的最不相似：距最近者 ${num(why.distance)} 个标准差；${what} ${at}。`
        : `为彼此不相似而选的第一个窗口；${what} ${at}。`;
    case 'random':
      return `从 ${count(why.of)} 个窗口中随机抽取；${what} ${at}。`;
  }
}

function reasonChip(why: Reason): string {
  switch (why.kind) {
    case 'top':
      return `第 ${why.rank} / ${count(why.of)}`;
    case 'interval':
      return `区间 ${why.bin} / ${why.of}`;
    case 'uncertain':
      return '靠近阈值';
    case 'diverse':
      return '与众不同';
    case 'random':
      return '随机';
  }
}

const verdicts: Readonly<Record<Verdict, string>> = { anomalous: '异常', normal: '正常', unsure: '不确定' };

export const labelZh: Translation<typeof labelEn> = {
  label: {
    title: '标注',
    progress: (done, of) => `${count(done)} / ${count(of)}`,
    verdicts,
    letters: { anomalous: 'A', normal: 'N', unsure: 'U' },
    page: {
      noData: '没有打开数据集',
      noDataText: '标注属于某个数据集。请先打开一个。',
      noRun: '没有可据以提问的运行',
      noRunText: '请先运行一个引擎：它会提出值得一看的窗口。没有运行时，也可以在“审阅”页标注范围。',
      toReview: '前往审阅',
      reading: '正在读取您的标注',
      panel: '面板',
      closePanel: '关闭面板',
      tabs: { round: '轮次', labels: '标注', people: '人员', settings: '设置' },
      aside: '标注',
    },
    start: {
      title: (n) => (n === 1 ? '教引擎学习' : `第 ${n} 轮`),
      text: (left, windowLength, where) =>
        `引擎最多提出 ${count(left)} 个长 ${windowLength} 的窗口（提问范围：${where}）。您判断每个是否异常，然后它从您的回答中学习。`,
      ask: '开始提问',
      settings: '更改提问方式',
      asking: '正在选择窗口',
      spent: '预算已用完',
      spentText: (budget) => `${count(budget)} 个窗口都已回答。可在“设置”中提高预算继续，或导出标注。`,
      none: '没有可问的窗口了',
      noneText: '候选范围中的每个窗口都有标注。请在“设置”中扩大范围或缩短窗口，或收回标注，然后再次提问。',
      again: '再次提问',
    },
    question: {
      number: (n) => `问题 ${count(n)}`,
      of: (budget, round) => `共 ${count(budget)}，第 ${round} 轮`,
      reason,
      span: (from, to) => `${from} 至 ${to}`,
      chip: reasonChip,
      ask: '这个窗口异常吗？',
      carried: (parts) => `主要来自 ${parts}。`,
      part: (name, share) => `${name} ${share}`,
      event: (number, steps, window) => `事件 ${number} 覆盖其 ${window} 中的 ${steps}。`,
      noEvent: '没有事件与它相交。',
      context: '窗口及其前后',
      yours: '您的标注',
      paintHint: '拖动以涂画',
      lanes: '窗口及其前后的曲线',
      answered: (verdict, about) =>
        `已回答：${verdicts[verdict]}${about === '' ? '' : `，仅针对 ${about}`}。按其他键可更改。`,
      draft: '已涂画，尚未回答：请按 A。',
      draftScope: '已选其他传感器，尚未回答：请按 A、N 或 U。',
      about: '针对',
      painted: (length) => `涂画了 ${length}，其余正常`,
      whole: '整个窗口',
      notUsed: '不用于学习',
      edge: (side, at) => `位于 ${at} 的${side === 'start' ? '起点' : '终点'}移动`,
      attention: '它关注什么',
      similar: '相似的窗口',
      overview: '整个序列',
      score: (threshold) => `阈值 ${threshold}`,
    },
    hints: {
      paint: '涂画',
      drag: '拖动',
      erase: '擦除',
      nudge: '移动边缘',
      edge: '另一边缘',
      flagged: '涂画被标记处',
      scope: '针对哪些传感器',
      undo: '撤销，次数不限',
      move: '下一个、上一个',
    },
    done: {
      title: (round) => `第 ${round} 轮已答完`,
      text: (answers, anomalous) => `${count(answers)} 个窗口，其中 ${count(anomalous)} 个异常。每个回答都还可以更改。`,
    },
    round: {
      budget: '预算',
      budgetOf: (budget, length) => `${count(budget)} 个窗口，每个 ${length}`,
      answered: (n) => `已答 ${count(n)}`,
      left: (n) => `剩余 ${count(n)}`,
      pace: (left, ms, each) => `剩余 ${count(left)}，按您的速度约需 ${duration(ms)}（每个 ${duration(each)}）`,
      rounds: '轮次',
      one: (n) => `第 ${n} 轮`,
      states: { open: '', taught: '待决定', kept: '已保留', 'rolled-back': '已回退' },
      counted: (done, of) => `${done} / ${of}`,
      byHand: '手工标注',
      goTo: (n, of) => `问题 ${n}，${of}`,
      noAnswer: '尚未回答',
      yours: '您的回答',
      painted: (length) => `异常 ${length}`,
      bin: '区间',
      binTip: '区间 1 得分最高。',
      scores: { error: '平均误差', run: '平均得分' },
      range: (low, high) => `${num(low, 2)} 至 ${num(high, 2)}`,
      answers: '回答',
      all: '全部',
      fall: '问题落在何处',
      windows: (n, by, log) => `${count(n)} 个窗口按${by}分布${log ? '，对数' : ''}`,
      histogram: (n, by) => `${count(n)} 个窗口按${by}分布，已标出问过的窗口`,
      curve: '各轮变化',
      curveHead: { round: '轮次', answers: '回答', changed: '变化', perAnswer: '每个回答' },
      curveMetric: (title) => title,
      stop: '再来一轮？',
      stopGo: (per) => `上一轮每个回答改变 ${per} 个事件：更多回答仍有用。`,
      stopFlat: (per, first) => `上一轮每个回答改变 ${per} 个事件，第一轮为 ${first}：收益趋于平缓，可以在此停止。`,
      stopUnknown: '两轮之后，这里会说明是否值得再来一轮。',
      before: '再次学习之前',
      beforeText: (normal, anomalous, epochs) =>
        `微调用 ${count(epochs)} 轮学习：更好地预期 ${normal} 的正常数据，更差地预期 ${anomalous} 的异常数据。“不确定”不用于学习。作为起点的运行保持不变。`,
      beforeSettle: (normal, anomalous) =>
        `调整委员会各成员的权重，使 ${anomalous} 的异常从 ${normal} 的正常数据中凸显；各成员所学保持不变。两类都需要。作为起点的运行保持不变。`,
      unteachable: (engine) =>
        `${engine} 没有可由标签改变的部分。标签会保留并用于评判其事件；若要从标签学习，请运行会重构窗口的引擎（如 M2AD 或 Transformer），或委员会。`,
      nothing: '尚无可学内容：请先回答一些问题或标注范围。',
      fineTune: '微调',
      fineTuneNow: '立即微调',
      busy: '另一个运行正在进行。',
      stopHere: '到此为止',
      next: '下一轮',
    },
    teaching: {
      title: (round) => `第 ${round} 轮：正在从您的回答中学习`,
      go: '期间您可以四处查看，也可在“审阅”页标注；那些标注计入下一轮。',
      cancel: '取消',
    },
    compare: {
      title: (round) => `第 ${round} 轮已应用`,
      loading: '正在比较两个运行',
      summary: (stayed, vanished, appeared, moved) =>
        `${count(stayed)} 个事件保持，${count(vanished)} 个消失，${count(appeared)} 个新出现${moved > 0 ? `，${count(moved)} 个移动` : ''}`,
      keep: '保留',
      rollBack: '回退',
      both: '两个运行的得分',
      before: '之前',
      after: '之后',
      over: (name, threshold) => `${name}，高于 ${threshold}`,
      file: '文件标签',
      change: '变化',
      event: '事件',
      length: '长度',
      shift: '移动了',
      kinds: { appeared: '新出现', vanished: '消失', moved: '移动', stayed: '保持' },
      noChange: '没有事件改变。',
      nothingTaken: '这一轮没有改变任何内容。',
      nothingTakenText: (epochs, times) =>
        `${count(epochs)} 轮中每一轮之后，训练窗口的重构都比限度更差，最好时为 ${times} 倍，因此模型保持原样。请回退，然后在“设置”的“学习”中放宽训练误差的限度、降低学习率或减少轮数，再次微调：您的回答都会保留。`,
      partTaken: (taken, epochs) => `采用了第 ${taken} / ${epochs} 轮：其后训练窗口的重构比限度更差。`,
      metric: '指标',
      delta: '变化',
      where: (from, steps) => `仅在评估部分：从 ${from} 起，${steps} 未被提问`,
      noMetrics: '文件没有标签，因此没有指标：请根据事件判断。',
      oracle: '使用文件标签',
      fold: '折叠',
      unfold: '显示',
    },
    list: {
      none: '尚无标注',
      noneText: '回答问题，或在“审阅”页的曲线上画出范围并按 A、N 或 U。',
      head: { verdict: '判定', start: '开始', length: '长度', by: '标注者', origin: '来源', note: '备注' },
      origins: {
        query: '提问',
        lane: '曲线',
        event: '事件',
        similar: '相似',
        import: '文件',
        synthetic: '合成',
      },
      remove: '删除此标注',
      note: '备注',
      keptBefore: '本浏览器中保存了',
      keptAfter: '次操作，每次都可撤销。',
      undo: '撤销',
      redo: '重做',
      export: '导出',
      import: '导入',
      imported: (n, file, format) => `从 ${file} 读入 ${count(n)} 个标注，格式为 ${format}。`,
      problems: (n) => `略去了 ${count(n)} 行：`,
      counts: (a, n, u) => `异常 ${count(a)}，正常 ${count(n)}，不确定 ${count(u)}`,
      show: '在曲线中显示',
      scope: '针对哪些传感器',
      scopeAll: '所有传感器',
      scopeSystem: '系统',
      scopeSensors: (n) => `${count(n)} 个传感器`,
    },
    people: {
      you: '您',
      name: '您的姓名',
      nameHelp: '写在您的每个标注上，并作为您的图层名。',
      layers: '图层',
      layersText: '每位标注者是一个图层；每个导入的文件也是。',
      merge: '从文件添加图层',
      head: { layer: '图层', labels: '标注', anomalous: '异常', normal: '正常' },
      agreement: '一致性',
      pair: '两者',
      kappa: 'Cohen κ',
      kappaTip: '在双方都标注的步上，超出偶然的一致程度：1 为完全一致，0 为偶然。',
      f1: '事件 F1',
      f1Tip: '与另一图层相交的异常范围，双向计数。',
      both: '共同标注步数',
      one: '有了第二个图层，这里会显示你们在何处一致、何处不一致。',
      comparing: '正在比较图层',
      adjudicate: '待裁定',
      decide: (n) => `图层意见不一的范围有 ${count(n)} 处`,
      allAgree: '凡涉及相同的步，各图层意见一致。',
      says: (layer, verdict) => `${layer}：${verdicts[verdict]}`,
    },
    settings: {
      asking: '提问',
      strategy: '策略',
      score: '排序依据',
      scores: { error: '平均误差', run: '运行的得分' },
      scoreHelp: '平均误差是论文的选择：|观测 − 预期| 对传感器和步取均值。',
      window: '窗口',
      windowHelp: '一个问题的步数。论文询问互不重叠的 50 步窗口。',
      budget: '预算',
      budgetHelp: '各轮合计，您愿意回答的窗口数。',
      pool: '提问范围',
      poolPart: (ratio) => `评判部分的前 ${ratio}`,
      poolWhole: '整个评判部分',
      poolAll: '整个序列',
      poolAuto: '自动',
      poolHelp: '不提问的部分留作评估。自动：文件带有可供评估的标签时取前 40 %，没有标签时取整个评判部分。',
      seed: '随机种子',
      seedHelp: '种子相同，则提的问题和遮盖的步相同。',
      feedback: '学习',
      preset: '预设',
      presets: { gentle: '温和（默认）', paper: '论文' },
      presetHelp: '“温和”保住模型对正常工况的了解；论文的设置会遮盖步、学习速度快百倍且不设限度，可能使得分变差。',
      presetNone: '手动更改',
      steps: '步',
      windows: '个窗口',
    },
    alike: {
      title: '相似的窗口',
      finding: '正在查找相似的窗口',
      text: '取消勾选不同的，然后一次标注其余全部。',
      none: '在您的标注之外没有找到相似的。',
      distance: (share) => `相似 ${share}`,
      accept: (n) => `标注 ${count(n)} 个窗口`,
      close: '关闭',
      take: (start) => `一并采用 ${start}`,
      show: '显示',
    },
    unsaved: {
      title: (acts) => `有 ${count(acts)} 次标注操作未保存`,
      text: '只要本标签页不关闭就安全，下次操作时会再次尝试保存。',
      download: '立即下载全部标注',
      retry: '再次保存',
    },
    review: {
      label: '标注',
      yours: '标注此范围',
      confirm: '确认',
      reject: '否定',
      asAnomalous: '异常',
      asNormal: '正常',
      asUnsure: '不确定',
      similar: '查找相似',
      clear: '删除标注',
      said: (verdict) => `您已判为${verdicts[verdict]}`,
    },
    keys: {
      anomalous: '异常',
      normal: '正常',
      unsure: '不确定',
      next: '下一个问题',
      previous: '上一个问题',
      nudgeLeft: '边缘前移',
      nudgeRight: '边缘后移',
      edge: '另一边缘',
      scope: '选择针对的传感器',
      flagged: '涂画被标记处',
      erase: '擦除涂画',
      similar: '相似的窗口',
      undo: '撤销标注',
      redo: '重做标注',
      fineTune: '微调',
      ask: '提出下一批问题',
      keep: '保留新运行',
      rollBack: '回退到之前的运行',
      clear: '删除范围内的标注',
    },
  },
};
