/**
 * A drinking-water pumping station in high summer: a well pump fills a tank, a speed-controlled booster pump takes the
 * water from there into the town. Ten weeks at five minutes. All readings follow from a few hidden causes (demand,
 * level control, pressure control, weather), so that an anomaly shows as sensors that no longer fit together.
 *
 * Units: flow m³/h, head m, pressure bar (gauge), current A, temperature °C. 1 bar is 10.2 m of water.
 */
import { normal } from '../rng.ts';
import type { Span } from '../types.ts';
import { disturbSensor, within } from './anomaly.ts';
import type { Anomaly, AnomalyKind } from './anomaly.ts';
import { bursts, clamp, dailyProfile, lag, ramp, signal, stream, wander, white } from './parts.ts';
import { asRecorded } from './system.ts';
import type { SynthChannel, SynthSystem } from './system.ts';

const DAY = 288;
const DAYS = 70;
const TRAIN_DAYS = 42;
const T = DAY * DAYS;
/** Monday, 2 June 2025, 00:00 UTC. */
const START_NS = 1_748_822_400_000_000_000n;
const STEP_NS = 300_000_000_000n;

/** Range from `hour` of day `day` (counted from the start) that lasts `hours`. */
const span = (day: number, hour: number, hours: number): Span => {
  const start = Math.round(day * DAY + hour * 12);
  return { start, end: start + Math.round(hours * 12) };
};

const SUPPLY = 'Supply pump';
const BOOSTER = 'Booster pump';
const NETWORK = 'Tank and network';

const channel = <N extends string>(
  name: N,
  unit: string,
  system: string,
  decimals: number,
  about: string,
): SynthChannel & { readonly name: N } => ({
  name,
  unit,
  system,
  decimals,
  about,
});

const SENSORS = [
  channel('supply_flow', 'm³/h', SUPPLY, 1, 'Flow from the well into the tank'),
  channel('supply_pressure', 'bar', SUPPLY, 2, 'Pressure behind the non-return valve of the well pump'),
  channel('supply_current', 'A', SUPPLY, 1, 'Motor current of the well pump'),
  channel('supply_bearing_temp', '°C', SUPPLY, 1, 'Bearing temperature of the well pump'),
  channel('booster_speed', 'rpm', BOOSTER, 0, 'Speed of the booster pump'),
  channel('booster_pressure', 'bar', BOOSTER, 2, 'Discharge pressure of the booster pump'),
  channel('booster_current', 'A', BOOSTER, 1, 'Motor current of the booster pump'),
  channel('booster_bearing_temp', '°C', BOOSTER, 1, 'Bearing temperature of the booster pump'),
  channel('booster_vibration', 'mm/s', BOOSTER, 2, 'Vibration velocity at the drive-end bearing, RMS'),
  channel('tank_level', 'm', NETWORK, 2, 'Water level in the tank'),
  channel('network_flow', 'm³/h', NETWORK, 1, 'Flow into the town'),
  channel('network_pressure', 'bar', NETWORK, 2, 'Pressure at the far end of the town'),
] as const;

const COVARIATES = [
  channel('supply_command', '%', SUPPLY, 0, 'Speed that the level control asks of the well pump'),
  channel('operating_mode', '', NETWORK, 0, '0 night pressure, 1 day pressure, 2 filter backwash'),
  channel('ambient_temp', '°C', NETWORK, 1, 'Outside air temperature'),
] as const;

const anomaly = (kind: AnomalyKind, at: Span, sensors: readonly Name[], title: string): Anomaly => ({
  kind,
  title,
  span: at,
  sensors,
});

/** What goes wrong in the last four weeks, by key. Each is subtle on its own sensor and odd beside the others. */
const PLAN = {
  spike: anomaly('spike', span(43, 3.75, 0.25), ['booster_current'], 'Current transducer jumps at night'),
  stuck: anomaly('stuck', span(44, 17, 8), ['booster_bearing_temp'], 'Bearing temperature freezes at its last value'),
  clogging: anomaly(
    'clogging',
    span(46, 0, 6),
    ['supply_flow', 'supply_pressure', 'supply_current'],
    'Suction strainer of the well pump clogs: less flow, pressure and current at the same command',
  ),
  shift: anomaly('level-shift', span(47, 12, 6), ['network_pressure'], 'Network pressure reads 0.2 bar too low'),
  leak: anomaly(
    'leak',
    span(48, 12.5, 7),
    ['network_flow', 'network_pressure', 'booster_current', 'booster_speed'],
    'Main bursts near the far end: more flow, and less pressure out there than that flow explains',
  ),
  late: anomaly('phase-shift', span(50, 13, 10), ['network_pressure'], 'Network pressure arrives 90 minutes late'),
  hunting: anomaly(
    'variance-change',
    span(52, 14, 3),
    ['booster_pressure', 'booster_speed', 'booster_current', 'network_pressure'],
    'Pressure control hunts',
  ),
  drift: anomaly('drift', span(53, 12, 12.5), ['supply_flow'], 'Flow meter of the well pump drifts down by 14 %'),
  cavitation: anomaly(
    'cavitation',
    span(55, 13, 2.5),
    ['booster_vibration', 'booster_speed', 'booster_current'],
    'Booster pump draws air: rougher running, more speed for the same pressure, unsteady current',
  ),
  flat: anomaly(
    'missing-rhythm',
    span(57, 5, 14),
    ['network_flow', 'network_pressure', 'booster_speed', 'booster_current', 'booster_pressure'],
    'A working day without its morning and midday rhythm',
  ),
  loose: anomaly(
    'lost-coupling',
    span(59, 22.5, 6),
    ['supply_bearing_temp'],
    'Bearing thermometer slips out and reads the room',
  ),
  throttling: anomaly(
    'throttling',
    span(62, 10, 6),
    ['supply_flow', 'supply_pressure', 'supply_current'],
    'Discharge valve of the well pump left half closed: less flow, more pressure',
  ),
  setback: anomaly(
    'missed-setback',
    span(65, 0.5, 4.5),
    ['booster_pressure', 'booster_speed', 'network_pressure', 'booster_current'],
    'Night pressure is not taken although the mode says so',
  ),
  wear: anomaly(
    'bearing-wear',
    span(67, 6, 15),
    ['booster_bearing_temp', 'booster_vibration'],
    'Booster bearing runs hotter and rougher as the day goes on',
  ),
} as const;

/** Steps that the recorder missed; clear of all anomalies. */
const GAPS: readonly Span[] = [span(11, 9.5, 0.5), span(29, 15.25, 1.25), span(51, 16, 0.75), span(61, 10, 0.25)];
/** The vibration monitor was offline for a service. */
const VIBRATION_OFFLINE: Span = span(24, 9, 2);

const workday = dailyProfile([
  [0, 0.5],
  [3, 0.36],
  [4.75, 0.45],
  [7.25, 1.72],
  [9.5, 1.22],
  [12.25, 1.32],
  [15, 1.02],
  [18.75, 1.62],
  [21, 1.12],
]);
const freeday = dailyProfile([
  [0.5, 0.55],
  [3.5, 0.37],
  [6, 0.46],
  [9.75, 1.62],
  [12.5, 1.45],
  [15.5, 1.08],
  [18.5, 1.5],
  [21.5, 1.05],
]);

const hourOf = (t: number): number => (t % DAY) / 12;
const weekdayOf = (t: number): number => Math.floor(t / DAY) % 7;
const isFree = (t: number): boolean => weekdayOf(t) >= 5;

/** Filter backwash: Tuesdays and Fridays from 02:00 for 25 minutes. */
const isBackwash = (t: number): boolean => [1, 4].includes(weekdayOf(t)) && within(t % DAY, { start: 24, end: 29 });

function modeOf(t: number): number {
  if (isBackwash(t)) return 2;
  const hour = hourOf(t);
  return hour >= (isFree(t) ? 6 : 5) && hour < 23 ? 1 : 0;
}

/** Air temperature: a daily swing on weather that changes over days. */
function weather(seed: number): Float64Array {
  const days_T = wander(stream(seed, 'weather'), T, 2.5 * DAY, 2.2);
  const clouds_T = wander(stream(seed, 'clouds'), T, 8, 0.3);
  return signal(T, (t) => 18.5 + 4.6 * Math.sin((2 * Math.PI * (hourOf(t) - 9.2)) / 24) + days_T[t] + clouds_T[t]);
}

/** What the town wants, m³/h, before pressure has its say. */
function demand(seed: number, ambient_T: Float64Array): Float64Array {
  const warm_T = lag(ambient_T, DAY);
  const day_T = wander(stream(seed, 'demand-day'), T, DAY, 0.04);
  const hour_T = wander(stream(seed, 'demand-hour'), T, 36, 0.03);
  const quick_T = wander(stream(seed, 'demand-quick'), T, 2, 0.022);
  const burst_T = bursts(stream(seed, 'demand-bursts'), T, 0.008, 5, 5).map((x) => Math.min(x, 16));
  const dairy_T = lag(
    signal(T, (t) => (!isFree(t) && [6, 10, 14, 18].includes(Math.floor(hourOf(t))) && t % 12 < 7 ? 15 : 0)),
    1.5,
  );
  return signal(T, (t) => {
    const profile = (isFree(t) ? freeday : workday)(hourOf(t));
    const flat = within(t, PLAN.flat.span)
      ? Math.min(
          ramp(t, PLAN.flat.span.start, PLAN.flat.span.start + 9),
          ramp(t, PLAN.flat.span.end, PLAN.flat.span.end - 12),
        )
      : 0;
    const shape = profile * (1 - flat) + 0.82 * flat;
    const scale = 1 + 0.012 * (warm_T[t] - 18.5) + day_T[t] + hour_T[t] + quick_T[t];
    return Math.max(15, 100 * shape * scale + burst_T[t] + dairy_T[t] * (1 - flat));
  });
}

type Name = (typeof SENSORS)[number]['name'];

type Hydraulics = Readonly<Record<Name | 'supply_command', Float64Array>>;

/**
 * Level control of the well pump: fill on the cheap night tariff, keep up by day. `level` m, `on` the last command; `ease`
 * shifts the switching levels, as the operator does from day to day.
 */
function supplyCommand(t: number, level: number, on: number, ease: number): number {
  if (isBackwash(t)) return 0;
  if (hourOf(t) >= 22 || hourOf(t) < 6) {
    if (level > 4.55 + ease) return 0;
    return level < 4.3 + ease || on > 0 ? 100 : 0;
  }
  if (level > 4.1 + ease) return 0;
  if (level < 2.2 + ease) return 100;
  if (level < 2.9 + ease) return Math.max(on, 88);
  if (level < 3.6 + ease) return on === 0 ? 75 : on;
  return on === 100 ? 75 : on;
}

/** Hydraulic and electrical power: shaft kW from flow m³/h, head m and relative speed, by a parabolic efficiency. */
function shaftPower(flow: number, head: number, r: number, best: number): number {
  const off = flow / r / best - 1;
  const efficiency = Math.max(0.35, 0.78 - 0.3 * off * off);
  return (9.81 * flow * head) / 3600 / efficiency;
}

/** Current of a 400 V motor at `kw` shaft power: the load part and the magnetising part add at right angles. */
const motorCurrent = (kw: number, magnetising: number): number =>
  Math.hypot(kw / (0.92 * 1.732 * 0.4 * 0.88), magnetising);

/** Well pump: flow, pressure and current from command and tank level (pump curve against the rising main). */
function supply(command: number, level: number, t: number): { flow: number; pressure: number; current: number } {
  const fixed = 16 + level;
  if (command === 0) return { flow: 0, pressure: fixed / 10.2, current: 0 };
  const r = command / 100;
  const clog = within(t, PLAN.clogging.span) ? 0.00017 : 0;
  const valve = within(t, PLAN.throttling.span) ? 0.0005 : 0;
  const flow = Math.sqrt((44 * r * r - fixed) / (0.00085 + clog + valve));
  const head = 44 * r * r - 0.00045 * flow * flow;
  return {
    flow,
    pressure: (fixed + (0.0004 + valve) * flow * flow) / 10.2,
    current: motorCurrent(shaftPower(flow, head, r, 150), 5),
  };
}

/** Steps through tank, well pump, booster pump and network. Readings without instrument noise. */
function simulate(seed: number, demand_T: Float64Array): Hydraulics {
  const empty = (): Float64Array => new Float64Array(T);
  const out = {
    ...Object.fromEntries(SENSORS.map((sensor) => [sensor.name, empty()])),
    supply_command: empty(),
  } as Hydraulics;
  const control_T = wander(stream(seed, 'pressure-control'), T, 1.5, 0.014);
  const ease_D = white(stream(seed, 'operator'), DAYS, 0.1);
  const hunt_T = white(stream(seed, 'hunting'), T, 0.085);
  const air_T = white(stream(seed, 'air'), T, 1.1);
  let level = 3.4;
  let command = 75;
  let target = 4.5;
  let resting = 0;
  for (let t = 0; t < T; t++) {
    const wanted = supplyCommand(t, level, command, ease_D[Math.floor(t / DAY)]);
    // A pump that has just changed duty keeps it for half an hour, unless a backwash stops it.
    if (wanted !== command && (resting >= 6 || isBackwash(t))) {
      command = wanted;
      resting = 0;
    } else resting++;
    const well = supply(command, level, t);
    const burst = within(t, PLAN.leak.span) ? 24 * ramp(t, PLAN.leak.span.start, PLAN.leak.span.start + 3) : 0;
    const flow = demand_T[t] * (1 + 0.05 * (target - 5)) + burst;
    const day = modeOf(t) === 1 || within(t, PLAN.setback.span);
    target += ((day ? 5.15 : 4.4) - target) * 0.45;
    const pressure = target + 0.0019 * (flow - 100) + control_T[t] + (within(t, PLAN.hunting.span) ? hunt_T[t] : 0);
    const head = (pressure - (level + 1.5) / 10.2) * 10.2 + 0.00006 * flow * flow;
    const air = within(t, PLAN.cavitation.span) ? 0.045 : 0;
    const r = Math.sqrt((head + 0.00061 * flow * flow) / (72 * (1 - air)));
    out.supply_flow[t] = well.flow;
    out.supply_pressure[t] = well.pressure;
    out.supply_current[t] = well.current;
    out.supply_command[t] = command;
    out.booster_speed[t] = 2950 * r;
    out.booster_pressure[t] = pressure;
    out.booster_current[t] =
      motorCurrent(shaftPower(flow, head, r, 145), 7) * (1 - 0.8 * air) + (air > 0 ? air_T[t] : 0);
    out.tank_level[t] = level;
    out.network_flow[t] = flow;
    out.network_pressure[t] = pressure - 1.15 - 0.000028 * flow * flow - 0.0045 * burst;
    level = clamp(level + (well.flow - flow - (isBackwash(t) ? 240 : 0)) / 12 / 600, 0.3, 5);
  }
  return out;
}

/** Bearing temperatures and vibration, which follow the load. Adds to `h` in place. */
function addCondition(seed: number, h: Hydraulics, ambient_T: Float64Array): Float64Array {
  const room_T = lag(ambient_T, 40).map((x) => 13 + 0.45 * x);
  const draught_T = wander(stream(seed, 'room'), T, 30, 0.25);
  const supplyHeat_T = lag(
    h.supply_current.map((amps) => 27 * (amps / 32)),
    9,
  );
  const boosterHeat_T = lag(
    h.booster_speed.map((rpm, t) => 13 * (rpm / 2950) ** 2 + 15 * (h.booster_current[t] / 45)),
    11,
  );
  const rough_T = wander(stream(seed, 'roughness'), T, 20, 0.035);
  const quick = stream(seed, 'vibration');
  for (let t = 0; t < T; t++) {
    const wear = within(t, PLAN.wear.span) ? ramp(t, PLAN.wear.span.start, PLAN.wear.span.start + 100) : 0;
    const room = room_T[t] + draught_T[t];
    const r = h.booster_speed[t] / 2950;
    const off = h.network_flow[t] / r / 145 - 1;
    // The base frame resonates near 2 560 rpm.
    const resonance = 0.45 * Math.exp(-(((h.booster_speed[t] - 2560) / 70) ** 2));
    const air = within(t, PLAN.cavitation.span) ? 0.38 + 0.1 * normal(quick) : 0;
    h.supply_bearing_temp[t] = room + supplyHeat_T[t];
    h.booster_bearing_temp[t] = room + boosterHeat_T[t] + 3.2 * wear;
    h.booster_vibration[t] =
      (0.7 + 1.1 * r * r + 0.9 * off * off + resonance) * (1 + rough_T[t] + 0.03 * normal(quick)) + air + 0.4 * wear;
  }
  return room_T;
}

/** Instrument noise (one standard deviation): a share of the reading, and a part that is always there. */
const NOISE: Readonly<Record<Name, readonly [share: number, fixed: number]>> = {
  supply_flow: [0.006, 0],
  supply_pressure: [0, 0.011],
  supply_current: [0.009, 0],
  supply_bearing_temp: [0, 0.12],
  booster_speed: [0, 3],
  booster_pressure: [0, 0.007],
  booster_current: [0.007, 0.08],
  booster_bearing_temp: [0, 0.12],
  booster_vibration: [0, 0.015],
  tank_level: [0, 0.006],
  network_flow: [0.005, 0.25],
  network_pressure: [0, 0.012],
};

/** Disturbances of one sensor only, on top of the true reading with its noise. */
function disturb(seed: number, h: Hydraulics, room_T: Float64Array): void {
  const rng = stream(seed, 'disturbances');
  const loose_T = wander(rng, T, 6, 0.15).map((x, t) => x + room_T[t] + 2);
  disturbSensor(h.booster_current, PLAN.spike.span, { how: 'offset', size: 14 }, rng);
  disturbSensor(h.booster_bearing_temp, PLAN.stuck.span, { how: 'stuck' }, rng);
  disturbSensor(h.network_pressure, PLAN.shift.span, { how: 'offset', size: -0.2 }, rng);
  disturbSensor(h.network_pressure, PLAN.late.span, { how: 'late', steps: 18 }, rng);
  disturbSensor(h.supply_flow, PLAN.drift.span, { how: 'gain-drift', share: -0.14 }, rng);
  disturbSensor(h.supply_bearing_temp, PLAN.loose.span, { how: 'replaced', by_T: loose_T }, rng);
}

/** The bundled pumping station: 12 sensors in 3 systems, 3 covariates, 20 160 steps; 42 days train, 28 are judged. */
export function pumpStation(seed: number): SynthSystem {
  const ambient_T = weather(seed);
  const h = simulate(seed, demand(seed, ambient_T));
  const room_T = addCondition(seed, h, ambient_T);
  for (const { name } of SENSORS) {
    const rng = stream(seed, `noise-${name}`);
    const [share, fixed] = NOISE[name];
    h[name].forEach((x, t) => (h[name][t] = Math.max(0, x + (share * x + fixed) * normal(rng))));
  }
  disturb(seed, h, room_T);
  h.booster_vibration.fill(NaN, VIBRATION_OFFLINE.start, VIBRATION_OFFLINE.end);
  const raw = [...SENSORS.map((sensor) => h[sensor.name]), h.supply_command, signal(T, modeOf), ambient_T];
  const anomalies = Object.values(PLAN).toSorted((a, b) => a.span.start - b.span.start);
  return {
    asset: 'pump-station',
    T,
    sensors: SENSORS,
    covariates: COVARIATES,
    columns: asRecorded(raw, [...SENSORS, ...COVARIATES], GAPS),
    clock: { kind: 'regular', startNs: START_NS, stepNs: STEP_NS, zone: 'UTC' },
    train: { start: 0, end: TRAIN_DAYS * DAY },
    test: { start: TRAIN_DAYS * DAY, end: T },
    contiguous: true,
    gaps: GAPS,
    anomalies,
    labels: anomalies.map((a) => a.span),
  };
}
