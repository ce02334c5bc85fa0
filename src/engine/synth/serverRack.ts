/**
 * A web server in a rack, two weeks at one minute: 38 sensors as a monitoring agent reports them, no covariates. Nearly
 * all of them follow from the traffic, a few from jobs at fixed times, so neighbours move together and each has its own
 * noise. Some count rare errors, one never changes.
 */
import { normal } from '../rng.ts';
import type { Span } from '../types.ts';
import { disturbSensor, within } from './anomaly.ts';
import type { Anomaly, AnomalyKind } from './anomaly.ts';
import { bursts, clamp, count, dailyProfile, lag, ramp, signal, stream, wander } from './parts.ts';
import { asRecorded } from './system.ts';
import type { SynthChannel, SynthSystem } from './system.ts';

const DAY = 1440;
const DAYS = 14;
const TRAIN_DAYS = 8;
const T = DAY * DAYS;
/** Monday, 6 October 2025, 00:00 UTC. */
const START_NS = 1_759_708_800_000_000_000n;
const STEP_NS = 60_000_000_000n;

/** name, unit, decimals, about; grouped by system. */
const TABLE = {
  CPU: [
    ['cpu_busy', '%', 1, 'Time not idle, over all cores'],
    ['cpu_iowait', '%', 2, 'Time waiting for the disk'],
    ['load_1m', '', 2, 'Load average over 1 minute'],
    ['load_5m', '', 2, 'Load average over 5 minutes'],
    ['load_15m', '', 2, 'Load average over 15 minutes'],
    ['run_queue', '', 1, 'Processes ready to run'],
    ['context_switches', 'k/s', 1, 'Switches between processes'],
  ],
  Memory: [
    ['mem_used', '%', 1, 'Memory in use by processes'],
    ['mem_cached', 'GiB', 1, 'Memory that holds file contents'],
    ['mem_shared', 'MiB', 0, 'Memory shared between processes'],
    ['mem_total', 'GiB', 0, 'Memory installed'],
    ['page_faults', 'k/s', 1, 'Page faults'],
    ['swap_in', '/min', 0, 'Pages read back from swap'],
    ['swap_out', '/min', 0, 'Pages written to swap'],
  ],
  Disk: [
    ['disk_busy', '%', 1, 'Time with at least one request under way'],
    ['disk_queue', '', 2, 'Mean requests waiting'],
    ['disk_await', 'ms', 2, 'Mean time a request takes'],
    ['disk_reads', '/s', 0, 'Read requests'],
    ['disk_read_rate', 'MB/s', 1, 'Bytes read'],
    ['disk_writes', '/s', 0, 'Write requests'],
    ['disk_write_rate', 'MB/s', 1, 'Bytes written'],
    ['disk_space_used', '%', 1, 'Space used on the data volume'],
  ],
  Network: [
    ['net_in', 'Mbit/s', 1, 'Bits received'],
    ['net_out', 'Mbit/s', 0, 'Bits sent'],
    ['net_packets_in', 'k/s', 1, 'Packets received'],
    ['net_packets_out', 'k/s', 1, 'Packets sent'],
    ['net_errors_in', '/min', 0, 'Damaged packets received'],
  ],
  TCP: [
    ['tcp_established', '', 0, 'Connections open'],
    ['tcp_time_wait', '', 0, 'Connections waiting to be forgotten'],
    ['tcp_opens_active', '/s', 1, 'Connections opened by this server'],
    ['tcp_opens_passive', '/s', 0, 'Connections opened by clients'],
    ['tcp_segments_in', 'k/s', 1, 'Segments received'],
    ['tcp_segments_out', 'k/s', 1, 'Segments sent'],
    ['tcp_retransmits', '/s', 1, 'Segments sent again'],
    ['tcp_resets_out', '/s', 1, 'Resets sent'],
  ],
  UDP: [
    ['udp_in', '/s', 0, 'Datagrams received'],
    ['udp_out', '/s', 0, 'Datagrams sent'],
    ['udp_overflows', '/min', 0, 'Datagrams dropped because a buffer was full'],
  ],
} as const;

type Name = (typeof TABLE)[keyof typeof TABLE][number][0];

const SENSORS: readonly (SynthChannel & { readonly name: Name })[] = Object.entries(TABLE).flatMap(([system, rows]) =>
  rows.map(([name, unit, decimals, about]) => ({ name, unit, system, decimals, about })),
);

const span = (day: number, hour: number, minutes: number): Span => {
  const start = Math.round(day * DAY + hour * 60);
  return { start, end: start + minutes };
};

const anomaly = (kind: AnomalyKind, at: Span, sensors: readonly Name[], title: string): Anomaly => ({
  kind,
  title,
  span: at,
  sensors,
});

const BACKUP_SENSORS = ['disk_busy', 'disk_reads', 'disk_read_rate', 'disk_queue', 'cpu_iowait', 'net_out'] as const;

const PLAN = {
  spike: anomaly('spike', span(8, 3.7, 5), ['context_switches', 'run_queue'], 'A lock convoy of five minutes'),
  leak: anomaly(
    'resource-leak',
    span(9, 2.7, 180),
    ['mem_used', 'mem_cached', 'page_faults'],
    'A process keeps what it allocates until it is restarted',
  ),
  contention: anomaly(
    'contention',
    span(9, 11, 60),
    ['disk_await', 'disk_queue', 'cpu_iowait', 'disk_busy'],
    'Another tenant loads the same disk: requests take longer, none more are made',
  ),
  loss: anomaly(
    'packet-loss',
    span(9, 6.3, 45),
    ['tcp_retransmits', 'tcp_resets_out', 'tcp_time_wait', 'net_out'],
    'A bad link loses packets: segments are sent again, less gets through',
  ),
  missed: anomaly('missing-rhythm', span(10, 1.4, 65), BACKUP_SENSORS, 'The nightly backup does not run'),
  runaway: anomaly(
    'runaway',
    span(10, 3.2, 85),
    ['cpu_busy', 'load_1m', 'load_5m', 'load_15m', 'run_queue'],
    'A runaway process computes while there is no traffic to explain it',
  ),
  late: anomaly('phase-shift', span(10, 7.2, 60), BACKUP_SENSORS, 'The missed backup runs in the morning'),
  drained: anomaly(
    'level-shift',
    span(10, 17, 90),
    ['net_in', 'net_packets_in', 'tcp_opens_passive', 'tcp_established', 'tcp_segments_in', 'cpu_busy', 'net_out'],
    'The load balancer sends most of the traffic elsewhere',
  ),
  frozen: anomaly(
    'stuck',
    span(11, 7.5, 55),
    ['net_in', 'net_out', 'net_packets_in', 'net_packets_out'],
    'The agent repeats old network figures',
  ),
  flood: anomaly(
    'connection-flood',
    span(12, 3, 40),
    ['tcp_opens_passive', 'tcp_established', 'tcp_time_wait', 'tcp_segments_in'],
    'Many connections are opened that ask for nothing',
  ),
  noisy: anomaly(
    'variance-change',
    span(12, 10, 90),
    ['udp_in', 'udp_out'],
    'A name server flaps and is asked in fits',
  ),
  pool: anomaly(
    'saturation',
    span(12, 18, 90),
    ['tcp_established', 'tcp_opens_active', 'page_faults'],
    'The worker pool is exhausted: connections stand at their limit',
  ),
  wear: anomaly('drift', span(13, 6, 180), ['disk_await', 'disk_queue'], 'The disk grows slower for the same work'),
  silent: anomaly('lost-coupling', span(13, 15.5, 75), ['udp_out'], 'Datagrams come in but are no longer answered'),
} as const;

const GAPS: readonly Span[] = [span(3, 14.3, 7), span(6, 23.1, 3), span(11, 18.4, 12)];

const traffic = dailyProfile([
  [0, 0.34],
  [4, 0.13],
  [7, 0.36],
  [10.5, 0.8],
  [13, 0.72],
  [15.5, 0.82],
  [18, 0.68],
  [20.5, 0.95],
  [22.5, 0.62],
]);

const hourOf = (t: number): number => (t % DAY) / 60;

/** Work of a job that starts near `hour` each day (a few minutes early or late) and lasts `minutes`; 0 to 1. */
function job(
  seed: number,
  name: string,
  hour: number,
  minutes: number,
  moved: Readonly<Record<number, number>> = {},
): Float64Array {
  const rng = stream(seed, name);
  const start_D = Array.from({ length: DAYS }, (_, day) => (moved[day] ?? hour) * 60 + Math.floor(rng() * 5));
  const length_D = Array.from({ length: DAYS }, () => minutes * (0.9 + 0.2 * rng()));
  return signal(T, (t) => {
    const since = (t % DAY) - start_D[Math.floor(t / DAY)];
    return since >= 0 && since < length_D[Math.floor(t / DAY)] ? 0.85 + 0.15 * rng() : 0;
  });
}

type Causes = {
  /** Requests a second, 1 is a very busy minute. */
  readonly requests_T: Float64Array;
  readonly backup_T: Float64Array;
  readonly merge_T: Float64Array;
  readonly rotate_T: Float64Array;
  /** Each anomaly's strength, 0 to 1. */
  readonly on: (key: keyof typeof PLAN, t: number) => number;
};

function causes(seed: number): Causes {
  const slow_T = wander(stream(seed, 'traffic-slow'), T, 240, 0.07);
  const quick_T = wander(stream(seed, 'traffic-quick'), T, 7, 0.05);
  const burst_T = bursts(stream(seed, 'traffic-bursts'), T, 0.012, 0.09, 6).map((x) => Math.min(x, 0.35));
  const on: Causes['on'] = (key, t) => (within(t, PLAN[key].span) ? 1 : 0);
  return {
    requests_T: signal(T, (t) => {
      const weekend = Math.floor(t / DAY) % 7 >= 5 ? 0.82 : 1;
      const shape = traffic(hourOf(t)) * weekend * (1 + slow_T[t] + quick_T[t]);
      return Math.max(0.04, (shape + burst_T[t] * (0.4 + shape)) * (1 - 0.62 * on('drained', t)));
    }),
    // Day 10's backup is moved to the morning; the missed night is the anomaly "missed", the morning run "late".
    backup_T: job(seed, 'backup', 1.5, 50, { 10: 7.25 }),
    merge_T: job(seed, 'merge', 5, 22),
    rotate_T: signal(T, (t) => (t % 60 < 2 ? 1 : 0)),
    on,
  };
}

/** A level times log-normal noise: fast by the minute and slow over `memory` minutes. */
function textured(
  seed: number,
  name: string,
  fast: number,
  slow = 0.02,
  memory = 45,
): (level: number, t: number) => number {
  const rng = stream(seed, `texture-${name}`);
  const slow_T = wander(rng, T, memory, slow);
  return (level, t) => level * Math.exp(slow_T[t] + fast * normal(rng));
}

type Readings = Record<Name, Float64Array>;

/** Disk first: its busy share delays everything that waits for it. */
function fillDisk(seed: number, c: Causes, out: Readings): void {
  const reads = textured(seed, 'reads', 0.09);
  const writes = textured(seed, 'writes', 0.07);
  const size = textured(seed, 'size', 0.05);
  const wait = textured(seed, 'wait', 0.06);
  const clean = stream(seed, 'clean');
  let space = 62.6;
  for (let t = 0; t < T; t++) {
    const r = c.requests_T[t];
    const contention = c.on('contention', t);
    const wear = c.on('wear', t) * ramp(t, PLAN.wear.span.start, PLAN.wear.span.end);
    out.disk_reads[t] = reads(14 + 70 * r + 430 * c.backup_T[t] + 60 * c.merge_T[t], t);
    out.disk_writes[t] = writes(38 + 175 * r + 260 * c.merge_T[t] + 190 * c.rotate_T[t], t);
    out.disk_read_rate[t] = size(out.disk_reads[t] * (c.backup_T[t] > 0 ? 0.23 : 0.028), t);
    out.disk_write_rate[t] = size(out.disk_writes[t] * (0.021 + 0.05 * c.rotate_T[t] + 0.03 * c.merge_T[t]), t);
    const use = clamp(0.02 + out.disk_reads[t] / 900 + out.disk_writes[t] / 1300 + 0.2 * contention, 0, 0.93);
    out.disk_busy[t] = 100 * use;
    out.disk_await[t] = wait((0.9 / (1 - 0.8 * use)) * (1 + 0.42 * contention + 0.5 * wear), t);
    out.disk_queue[t] =
      (out.disk_await[t] / 1000) * (out.disk_reads[t] + out.disk_writes[t]) + (use * use) / (1 - use) / 4;
    // What is written stays until the nightly cleaning at three.
    if (t % DAY === 180) space = 60.6 + 0.1 * Math.floor(4 * clean());
    space += out.disk_write_rate[t] * 3.2e-4;
    out.disk_space_used[t] = space;
  }
}

function fillTcp(seed: number, c: Causes, out: Readings): void {
  const opens = textured(seed, 'opens', 0.035);
  const active = textured(seed, 'active', 0.06);
  const inward = textured(seed, 'inward', 0.02, 0.012);
  const outward = textured(seed, 'outward', 0.02, 0.012);
  const again = textured(seed, 'again', 0.16, 0.1, 20);
  const resets = textured(seed, 'resets', 0.12, 0.05);
  const held_T = lag(c.requests_T, 4);
  for (let t = 0; t < T; t++) {
    const r = c.requests_T[t];
    const loss = c.on('loss', t);
    const flood = c.on('flood', t);
    out.tcp_opens_passive[t] = opens(8 + 210 * r + 70 * flood, t);
    out.tcp_opens_active[t] = active(3 + 36 * r * (1 - 0.35 * c.on('pool', t)) + (t % 15 === 0 ? 5 : 0), t);
    out.tcp_established[t] =
      60 + 820 * held_T[t] + 230 * flood * ramp(t, PLAN.flood.span.start, PLAN.flood.span.start + 10);
    if (c.on('pool', t) > 0) out.tcp_established[t] = Math.min(out.tcp_established[t], 520);
    out.tcp_segments_in[t] = inward(0.25 + 13.4 * r + 0.9 * flood, t);
    out.tcp_segments_out[t] = outward(0.3 + 17.5 * r * (1 - 0.15 * loss) + 9 * c.backup_T[t], t);
    out.tcp_retransmits[t] = again(0.3 + (0.55 + 0.9 * loss) * out.tcp_segments_out[t], t);
    out.tcp_resets_out[t] = resets(0.3 + 0.03 * out.tcp_opens_passive[t] * (1 + 0.6 * loss), t);
  }
  const closed_T = lag(
    out.tcp_opens_passive.map((x, t) => x + out.tcp_opens_active[t] + 30 * c.on('loss', t)),
    1.4,
  );
  const rng = stream(seed, 'connections');
  for (let t = 0; t < T; t++) {
    out.tcp_time_wait[t] = 22 * closed_T[t] * (1 + 0.015 * normal(rng));
    out.tcp_established[t] += (c.on('pool', t) > 0 ? 2 : 0.25 * Math.sqrt(out.tcp_established[t])) * normal(rng);
  }
}

function fillNetwork(seed: number, c: Causes, out: Readings): void {
  const page = textured(seed, 'page-size', 0.025, 0.03);
  const ask = textured(seed, 'ask-size', 0.02, 0.02);
  const answer = textured(seed, 'udp-answer', 0.012, 0.01);
  const udp = textured(seed, 'udp', 0.05, 0.03);
  const rng = stream(seed, 'rare');
  for (let t = 0; t < T; t++) {
    const fits = Math.exp(0.26 * c.on('noisy', t) * normal(rng));
    out.udp_in[t] = udp(34 + 120 * c.requests_T[t], t) * fits;
    out.udp_out[t] = c.on('silent', t) > 0 ? answer(62, t) : answer(4 + 0.97 * out.udp_in[t], t);
    out.udp_overflows[t] = count(rng, 0.004);
    out.net_in[t] = ask(out.tcp_segments_in[t] * 5.1, t) + out.udp_in[t] * 0.0016;
    out.net_out[t] = page(out.tcp_segments_out[t] * (1 - 0.06 * c.on('loss', t)) * 10.2, t);
    out.net_packets_in[t] = out.tcp_segments_in[t] * (1 + 0.006 * normal(rng)) + out.udp_in[t] / 1000;
    out.net_packets_out[t] = out.tcp_segments_out[t] * (0.97 + 0.006 * normal(rng)) + out.udp_out[t] / 1000;
    out.net_errors_in[t] = count(rng, 0.012);
  }
}

function fillMemory(seed: number, c: Causes, out: Readings): void {
  const work_T = lag(c.requests_T, 70);
  const faults = textured(seed, 'faults', 0.07);
  const heap_T = wander(stream(seed, 'heap'), T, 25, 0.35);
  const rng = stream(seed, 'swap');
  const warm_T = lag(
    signal(T, (t) => out.disk_read_rate[t]),
    200,
  );
  for (let t = 0; t < T; t++) {
    const leak = c.on('leak', t) * ramp(t, PLAN.leak.span.start, PLAN.leak.span.end);
    // The collector frees the young heap every 37 minutes or so.
    const collector = 1.6 * (((t + 4 * Math.sin(t / 190)) % 37) / 37);
    out.mem_used[t] = 31 + 16 * work_T[t] + collector + heap_T[t] + 2 * c.merge_T[t] + 6 * leak;
    out.mem_cached[t] = 17.5 + 0.12 * warm_T[t] - 0.09 * (out.mem_used[t] - 38) - 0.9 * leak;
    out.mem_shared[t] = 16 * Math.round((700 + 420 * work_T[t]) / 16);
    out.mem_total[t] = 64;
    out.page_faults[t] = faults(
      0.35 + 3.1 * c.requests_T[t] * (1 - 0.2 * c.on('pool', t)) + 0.8 * c.merge_T[t] + 0.8 * leak,
      t,
    );
    out.swap_out[t] = count(rng, out.mem_used[t] > 46 ? 0.08 : 0.004) * Math.ceil(40 * rng());
    out.swap_in[t] = count(rng, 0.01) * Math.ceil(25 * rng());
  }
}

function fillCpu(seed: number, c: Causes, out: Readings): void {
  const busy = textured(seed, 'busy', 0.03, 0.02, 12);
  const switches = textured(seed, 'switches', 0.035);
  const queue = textured(seed, 'queue', 0.16);
  const waiting = textured(seed, 'waiting', 0.12);
  for (let t = 0; t < T; t++) {
    const own = 3 + 52 * c.requests_T[t] + 15 * c.merge_T[t] + 5 * c.backup_T[t] + 21 * c.on('runaway', t);
    out.cpu_busy[t] = clamp(busy(own, t), 0, 99);
    out.cpu_iowait[t] = waiting(0.15 + 0.9 * out.disk_queue[t] + 0.5 * c.on('contention', t), t);
    out.run_queue[t] = queue(0.2 + 0.155 * out.cpu_busy[t] + 0.12 * out.disk_queue[t] + 5 * c.on('spike', t), t);
    out.context_switches[t] = switches(
      1.5 + 21 * c.requests_T[t] + 0.012 * out.disk_reads[t] + 11 * c.on('spike', t),
      t,
    );
  }
  out.load_1m.set(lag(out.run_queue, 1));
  out.load_5m.set(lag(out.run_queue, 5));
  out.load_15m.set(lag(out.run_queue, 15));
}

/** The bundled server: 38 sensors in 6 systems, no covariates, 20 160 steps; 8 days train, 6 are judged. */
export function serverRack(seed: number): SynthSystem {
  const c = causes(seed);
  const out = Object.fromEntries(SENSORS.map((sensor) => [sensor.name, new Float64Array(T)])) as Readings;
  fillDisk(seed, c, out);
  fillTcp(seed, c, out);
  fillNetwork(seed, c, out);
  fillMemory(seed, c, out);
  fillCpu(seed, c, out);
  for (const name of PLAN.frozen.sensors) {
    disturbSensor(out[name as Name], PLAN.frozen.span, { how: 'stuck' }, stream(seed, 'frozen'));
  }
  const anomalies = Object.values(PLAN).toSorted((a, b) => a.span.start - b.span.start);
  return {
    asset: 'server-rack',
    T,
    sensors: SENSORS,
    covariates: [],
    columns: asRecorded(
      SENSORS.map((sensor) => out[sensor.name]),
      SENSORS,
      GAPS,
    ),
    clock: { kind: 'regular', startNs: START_NS, stepNs: STEP_NS, zone: 'UTC' },
    train: { start: 0, end: TRAIN_DAYS * DAY },
    test: { start: TRAIN_DAYS * DAY, end: T },
    contiguous: true,
    gaps: GAPS,
    anomalies,
    labels: anomalies.map((a) => a.span),
  };
}
