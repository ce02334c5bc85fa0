/** The strings of live scoring in Chinese; part of `zh`. */
import { count, duration } from '../../charts/format.ts';
import type { liveEn } from './enLive.ts';
import type { Translation } from './translation.ts';

export const liveZh: Translation<typeof liveEn> = {
  live: {
    name: '实时',
    none: '实时评分以一次运行为起点。请先按“运行”，或打开一次运行。',
    ready: '按“播放”把评判部分当作刚刚到来的数据回放；数据流则从提供本页的服务器接收行。',
    play: '播放',
    pause: '暂停',
    resume: '继续',
    stop: '停止',
    again: '重新播放',
    source: '来源',
    sources: { replay: '回放', stream: '数据流' },
    url: '地址',
    urlHelp: '本页自身来源上的服务器推送事件或 WebSocket，例如 telltale relay 提供的。',
    speed: '速度',
    speeds: { '10': '10 / 秒', '100': '100 / 秒', '1000': '1 000 / 秒', '0': '全速' },
    follow: '跟随',
    following: '泳道跟随最新的步。移动泳道即可回看。',
    still: '泳道停在原处。',
    lanes: '实时泳道',
    facts: '进行情况',
    is: {
      starting: '启动中',
      running: '实时',
      paused: '已暂停',
      done: '已到末尾',
      stopped: '已停止',
      failed: '失败',
    },
    rate: (rows) => `${count(Math.round(rows))} 行 / 秒`,
    settled: (settled) => `已评分 ${count(settled)} 步`,
    lag: (rows) => (rows === 0 ? '无延迟' : `延迟 ${count(rows)} 步`),
    lagTip: (rows) =>
      rows === 0
        ? '引擎和评分头只向后看：一步到达后立即评分。'
        : `引擎和评分头会向前看：再来 ${count(rows)} 步后才给出评分，此后与对整个序列评分的结果相同。`,
    memory: (bytes) => `${count(Math.round(bytes / 1000))} kB`,
    memoryTip: (steps) => `无论运行多久，只记住最新的 ${count(steps)} 步。`,
    retry: (seconds) => `${duration(1000 * Math.max(1, seconds))}后重新连接`,
    waiting: (rows) => `${count(rows)} 行等待中`,
    dropped: (rows) => `丢弃 ${count(rows)} 行：到达速度超过评分速度`,
    bad: (lines, reason) => `${count(lines)} 行未能读取：${reason}`,
    alarms: '报警',
    noAlarm: '目前没有报警。',
    settings: '何时触发报警',
    head: { number: '序号', on: '开始', off: '结束', peak: '峰值', sensors: '传感器' },
    stillOn: '进行中',
    alarmOn: (number, at, sensors) => `报警 ${number} 于 ${at} 触发：${sensors}`,
    alarmOff: (number, at) => `报警 ${number} 于 ${at} 解除`,
  },
};
