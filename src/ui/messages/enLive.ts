/** The strings of live scoring; part of `en`. */
import { count, duration } from '../../charts/format.ts';
import { many } from './words.ts';

export const liveEn = {
  live: {
    name: 'Live',
    none: 'Live scoring goes on from a run. Press Run first, or open one.',
    ready:
      'Play replays the judged part as if it came now. A stream takes rows from the server that this page comes from.',
    play: 'Play',
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop',
    again: 'Play again',
    source: 'Source',
    sources: { replay: 'Replay', stream: 'Stream' },
    url: 'Address',
    urlHelp: 'Server-sent events or a WebSocket on this page’s own origin, such as those of telltale relay.',
    speed: 'Speed',
    speeds: { '10': '10 / s', '100': '100 / s', '1000': '1 000 / s', '0': 'Full speed' },
    follow: 'Follow',
    following: 'The lanes go with the newest steps. Move them to look back.',
    still: 'The lanes stay where they are.',
    lanes: 'Live lanes',
    facts: 'How it goes',
    is: {
      starting: 'starting',
      running: 'live',
      paused: 'paused',
      done: 'at the end',
      stopped: 'stopped',
      failed: 'failed',
    },
    rate: (rows: number) => `${count(Math.round(rows))} rows / s`,
    settled: (settled: number) => `${many(settled, 'step')} scored`,
    lag: (rows: number) => (rows === 0 ? 'no lag' : `lag ${many(rows, 'step')}`),
    lagTip: (rows: number) =>
      rows === 0
        ? 'Engine and scoring head look back only: a step is scored as soon as it is there.'
        : `Engine and scoring head look ahead: a step is scored when ${many(rows, 'more step')} have come. Then it is what scoring the whole series gives.`,
    memory: (bytes: number) => `${count(Math.round(bytes / 1000))} kB`,
    memoryTip: (steps: number) => `The newest ${many(steps, 'step')} are remembered, however long it runs.`,
    retry: (seconds: number) => `connecting again in ${duration(1000 * Math.max(1, seconds))}`,
    waiting: (rows: number) => `${many(rows, 'row')} waiting`,
    dropped: (rows: number) => `${many(rows, 'row')} dropped: they came faster than they can be scored`,
    bad: (lines: number, reason: string) => `${many(lines, 'line')} not read: ${reason}`,
    alarms: 'Alarms',
    noAlarm: 'No alarm so far.',
    settings: 'When an alarm comes on',
    head: { number: '#', on: 'On', off: 'Off', peak: 'Peak', sensors: 'Sensors' },
    stillOn: 'on',
    alarmOn: (number: number, at: string, sensors: string) => `Alarm ${number} on at ${at}: ${sensors}`,
    alarmOff: (number: number, at: string) => `Alarm ${number} off at ${at}`,
  },
};
