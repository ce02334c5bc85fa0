/** Words about projects, their files, and what this browser keeps, in Chinese. */
import { count } from '../../charts/format.ts';
import type { projectEn } from './enProject.ts';
import type { Translation } from './translation.ts';

export const projectZh: Translation<typeof projectEn> = {
  title: '存储与项目文件',
  open: '存储与项目文件',
  kept: '已保存在本机',
  keptTip: '数据、运行和标注保存在此浏览器中。打开可查看保存的内容，并把全部内容存为一个文件。',
  behind: (n) => `${count(n)} 处更改不在任何文件中`,
  file: {
    title: '项目文件',
    about:
      '一个文件，含此数据集的角色、运行、标注、生成器和设置。可在另一浏览器或命令行中打开，重复打开不会产生重复内容。',
    withData: '包含数据',
    withDataHelp: '不包含时，文件只指明所用数据，届时须另行打开数据。',
    save: '保存项目文件',
    saving: '正在写入…',
    load: '打开项目文件…',
    loading: '正在检查…',
    never: '从未存为文件。',
    last: (when) => `上次存为文件：${when}。`,
    nothing: '所有运行和标签都在其中。',
    lacking: (acts, runs) =>
      `不在其中：${[...(acts > 0 ? [`${count(acts)} 次标注操作`] : []), ...(runs > 0 ? [`${count(runs)} 个运行`] : [])].join('，')}。`,
  },
  room: {
    title: '此浏览器',
    used: (used, quota) => `已用 ${used}，共约 ${quota}`,
    unknown: '此浏览器不提供可用空间的信息。',
    bar: '已用空间',
    safe: '受保护：浏览器不会自行删除这些内容。',
    unsafe: '未受保护：磁盘将满时，浏览器可能删除全部内容。',
    refused:
      '已请求浏览器保护这些内容，但被拒绝。磁盘将满时可能全部被删除，因此请保存项目文件。经常使用、已安装或已加书签的网站通常会获准。',
    unsupported: '此浏览器无法保护这里保存的内容。请保存项目文件。',
    ask: '请求保护',
  },
  parts: {
    title: '保存在本机',
    data: '数据集',
    values: '数据',
    runs: '运行',
    labels: '标注',
    studio: '生成内容',
    none: '这里还没有保存任何内容。',
    counted: (n, size) => `${count(n)} · ${size}`,
    elsewhere: '未保存',
    dropValues: '删除数据',
    dropValuesOf: (name) => `删除 ${name} 的数据，保留其运行和标注`,
    deleteRuns: '删除运行',
    deleteAll: '删除',
    deleteRunsOf: (name) => `删除 ${name} 的运行`,
    deleteAllOf: (name) => `删除 ${name} 及其运行和标注`,
  },
  doomed: {
    dataset: (name) => `正在删除 ${name} 及其运行和标注。`,
    runs: (name) => `正在删除 ${name} 的运行。`,
    values: (name) => `正在删除 ${name} 的数据。其运行和标注保留，打开当时所用的文件即可继续。`,
    undo: '撤销',
    now: '立即删除',
  },
  evicted: {
    title: '此前保存在这里的内容已不存在。',
    text: (names, when) => `浏览器删除了存储的内容：${names.join('、')}，最后见于 ${when}。打开项目文件即可恢复。`,
    dismiss: '不恢复，继续',
  },
  unsaved: {
    title: (names) => `未保存：${names.join('、')}`,
    text: '它只在此标签页中。',
    retry: '再次保存',
  },
  backup: {
    title: (n) => `此数据集有 ${count(n)} 处更改只在此浏览器中。`,
    text: '无论浏览器发生什么，项目文件都会保留它们。',
    later: '明天再提醒',
  },
  brought: {
    title: (file) => `已打开 ${file}。`,
    data: '数据随文件而来。',
    runs: (added, renewed, kept) =>
      [
        ...(added > 0 ? [`新增 ${count(added)} 个运行`] : []),
        ...(renewed > 0 ? [`更新 ${count(renewed)} 个运行`] : []),
        ...(kept > 0 ? [`${count(kept)} 个运行已在本机`] : []),
      ].join('，'),
    labels: (added, leftOut) =>
      [
        ...(added > 0 ? [`新增 ${count(added)} 个标注`] : []),
        ...(leftOut > 0 ? [`${count(leftOut)} 个标注保持本机的样子`] : []),
      ].join('，'),
    generators: (n) => `新增 ${count(n)} 个生成器`,
    nothing: '其中的内容都已在本机。',
  },
  waiting: {
    title: (name) => `项目 ${name} 正在等待它的数据`,
    need: (runs, assets, rows) =>
      `它含 ${count(assets)} 个资产（共 ${count(rows)} 行）的 ${count(runs)} 个运行，但不含数据本身：请打开当时所用的文件，项目会自动接上。`,
    otherwise: '本机保存的同一文件采用了不同的角色或划分。请再次打开该文件：届时会建议此项目所用的角色。',
    checksum: '其文件的校验和',
    forget: '忽略此项目',
  },
};
