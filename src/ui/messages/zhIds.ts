/** Ids that people see, in Chinese: presets of engines and heads, and rules of the threshold. */
export const PRESETS: Readonly<Record<string, string>> = {
  lite: '轻量',
  paper: '论文',
  code: '代码',
  drift: '跟随漂移',
  own: '引擎自身得分',
  three: '三个成员',
  long: '长窗口',
  shape: '形状',
  kpi: 'KPI',
};

export const RULES: Readonly<Record<string, string>> = {
  gamma: 'Gamma 尾部',
  percentile: '百分位数',
  ratio: '全部得分的比例',
  pot: 'POT',
  spot: 'SPOT',
  sigma: '均值 + k σ',
  chi2: '卡方',
  'best-f1': '最佳 F1（使用标签）',
  'vtt-grid': 'VTT 网格上的最佳 F1（使用标签）',
  manual: '手动',
};
