/** Errors of live rows, of what the browser keeps, and of workers; what they are looked up by is told in zhErrors.ts. */
export const ERRORS_OF_RUNNING: Readonly<Record<string, string>> = {
  // Live.
  '{} is "{}", which is no number': '{0} 为“{1}”，不是数',
  'Send numbers; leave missing values empty.': '请发送数值；缺失值留空。',
  'a line is no JSON object': '有一行不是 JSON 对象',
  'Send {"name": value, …} in each line.': '请在每行发送 {"name": value, …}。',
  'a row names none of the sensors': '有一行没有任何传感器名',
  'Name its values {}.': '请把其值命名为 {0}。',
  'the columns lack {}': '缺少列 {0}',
  'Send every sensor and covariate of the run.': '请发送该运行的所有传感器和协变量。',
  'a line has {} characters': '有一行有 {0} 个字符',
  'Send at most {} in a line.': '每行至多发送 {0} 个字符。',
  'values came before names': '数值先于列名到达',
  'Send a line with the names of the columns first.': '请先发送一行列名。',
  'an event has more than {} characters': '一个事件超过 {0} 个字符',
  'End each event with an empty line.': '每个事件须以空行结束。',
  '"{}" is no address': '“{0}”不是地址',
  '{} does not belong to {}, where this page comes from': '{0} 不属于本页面的来源 {1}',
  'Serve the rows from where the page comes from, for example with `telltale relay`.':
    '请从页面的来源提供数据行，例如使用 `telltale relay`。',
  'the last confirmed range recalibrated an engine that was trained on a range of its own':
    '最后确认的区间重新校准了一个在自身区间上训练的引擎',
  'Confirm the newest range with training: the run that this makes can go live.':
    '请以训练方式确认最新的区间：由此得到的运行可以进行实时分析。',
  'this run was made by a version that did not keep what its confirmed range adds to expected values':
    '此运行由未保存确认区间对预期值之修正的版本生成',
  'Confirm the range once more: the run that this makes can go live.':
    '请再次确认该区间：由此得到的运行可以进行实时分析。',
  'separate recordings are no stream': '分开的记录不是数据流',
  'Open a series in which the judged part is one stretch.': '请打开评判部分为连续一段的序列。',
  // What is kept, and workers.
  'Another tab of this browser is computing this run.': '此浏览器的另一个标签页正在计算此运行。',
  'Follow it there, or close that tab and try again.': '请在那里查看，或关闭该标签页后重试。',
  'The browser has no room left to keep this.': '浏览器没有空间保存此内容。',
  'It stays open in this tab. Delete runs or data sets that you no longer need, or free disk space, then save again.':
    '它仍在此标签页中打开。请删除不再需要的运行或数据集，或释放磁盘空间，再重新保存。',
  'The browser could not keep this: {}': '浏览器无法保存此内容：{0}',
  'It stays open in this tab. Export what you need; private windows and strict settings can switch storage off.':
    '它仍在此标签页中打开。请导出所需内容；无痕窗口和严格设置可能会关闭存储。',
  'datasets/{} could not be read ({})': '无法读取 datasets/{0}（{1}）',
  'Reload the page; if it stays, the copy of this site is incomplete.': '请刷新页面；若仍如此，则此站点的副本不完整。',
  'there is no bundled data set "{}"': '没有内置数据集“{0}”',
  'Choose one from the data set menu.': '请从数据集菜单中选择。',
  'A helping worker stopped: {}': '一个辅助线程已停止：{0}',
  'Try again.': '请重试。',
  'there is no baseline "{}"': '没有基线“{0}”',
  '{} and {} are runs of different series': '{0} 与 {1} 是不同序列的运行',
  'Choose two runs of one asset.': '请选择同一设备的两个运行。',
  'Another run is under way.': '另一个运行正在进行。',
  'Wait for it or cancel it first.': '请等待其完成或先取消。',
  'there is no {} "{}"': '没有{0}“{1}”',
  'Its worker stopped: {}': '其线程已停止：{0}',
  'Run this asset again.': '请重新运行此设备。',
  'No file is open.': '没有打开的文件。',
  'Drop the file again.': '请重新拖入文件。',
  'This data set is no longer kept in the browser.': '此数据集已不在浏览器中。',
  'Open its file again.': '请重新打开其文件。',
  'the data set has no asset "{}"': '数据集没有设备“{0}”',
  'This run is no longer kept in the browser.': '此运行已不在浏览器中。',
  'Run the engine again.': '请重新运行引擎。',
};
