/** Words about run files, in Chinese. */
import { count } from '../../charts/format.ts';
import type { bundleEn } from './enBundle.ts';
import type { Translation } from './translation.ts';

export const bundleZh: Translation<typeof bundleEn> = {
  save: '保存',
  saving: '正在保存…',
  saveTip: '整个运行存为一个文件：可在另一浏览器或命令行中打开。其中不含数据。',
  waiting: (run) => `运行 ${run} 正在等待它的数据`,
  need: (name, asset, rows, sensors) =>
    `它是在 ${name} 的 ${asset} 上得到的：${count(rows)} 行，${count(sensors)} 个传感器。运行文件不含数据：请打开当时所用的文件，运行会自动接上。`,
  otherwise: '本机保存的同一文件采用了不同的角色或划分。请再次打开该文件：届时会建议此运行所用的角色。',
  checksum: '其文件的校验和',
  forget: '忽略此运行',
  otherVersion: '该文件由另一版本写成；这里显示的内容由其得分重新计算。',
};
