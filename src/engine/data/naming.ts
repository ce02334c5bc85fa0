/** A guess from a name alone, with the words that show why. */
export type NameGuess = { readonly system: string; readonly reason: string };

/** Whole words of names, from the most to the least particular. */
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['UDP', /udp/i],
  ['TCP', /tcp|active_opens|passive_opens|curr_estab|in_errs|in_segs|out_segs|out_rsts|retrans|listen_overflows/i],
  ['CPU', /cpu|(^|_)load(_|\d|$)|loadavg|(^|_)(iowait|idle|steal)(_|$)/i],
  ['Memory', /(^|_)(total_)?mem(ory)?(_|$)|swap|(^|_)(ram|heap)(_|$)|^s[io]$|(^|_)cache/i],
  ['Disk', /disk|(^|_)(hdd|ssd|iops|fs|inode)(_|$)/i],
  ['Network', /(^|_)(eth\d*|net(work)?|nic|wlan\d*|rx|tx|bandwidth|packets?)(_|$)/i],
  ['Garbage collection', /(^|_)(gc|jvm)(_|$)/i],
  ['Vibration', /accel|vibrat/i],
  ['Electrical', /volt|(^|[^a-z])(current|ampere|power|watt)/i],
  ['Temperature', /temp|thermo/i],
  ['Pressure', /press/i],
  ['Flow', /flow/i],
];

/** System of a column such as CPU or Network from its name; null when the name says nothing. */
export function guessSystem(name: string): NameGuess | null {
  for (const [system, pattern] of SYSTEMS) {
    const hit = pattern.exec(name);
    if (hit !== null) return { system, reason: `"${hit[0].replace(/^_|_$/g, '')}" in the name` };
  }
  return null;
}

/** Systems of all columns: an explicit prefix ("pump.flow", "pump/flow"), else a known word, else a shared prefix. */
export function systemsOf(names: readonly string[]): readonly (NameGuess | null)[] {
  const prefix = (name: string, cut: RegExp): string => {
    const at = name.search(cut);
    const head = at > 0 ? name.slice(0, at).trim() : '';
    return /[a-z]/i.test(head) ? head : '';
  };
  const tally = (cut: RegExp): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const name of names) {
      const head = prefix(name, cut);
      if (head !== '') counts.set(head, (counts.get(head) ?? 0) + 1);
    }
    return counts;
  };
  const explicit = tally(/[./]/);
  const shared = tally(/[_:]/);
  const widespread = [...explicit.values()].reduce((sum, n) => sum + n, 0) >= 2;
  return names.map((name) => {
    const head = prefix(name, /[./]/);
    if (widespread && head !== '')
      return {
        system: head,
        reason: `"${head}" before the ${name.charAt(name.search(/[./]/)) === '/' ? 'slash' : 'dot'}`,
      };
    const known = guessSystem(name);
    if (known !== null) return known;
    const group = prefix(name, /[_:]/);
    const size = shared.get(group) ?? 0;
    return size >= 2 && size < names.length - 1
      ? { system: group, reason: `prefix ${group}_, shared by ${size}` }
      : null;
  });
}

const SUFFIXES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ms: 'ms',
    us: 'µs',
    ns: 'ns',
    sec: 's',
    seconds: 's',
    min: 'min',
    pct: '%',
    percent: '%',
    bytes: 'B',
    kb: 'kB',
    mb: 'MB',
    gb: 'GB',
    hz: 'Hz',
    khz: 'kHz',
    rpm: 'rpm',
    bar: 'bar',
    mbar: 'mbar',
    kpa: 'kPa',
    psi: 'psi',
    degc: '°C',
    celsius: '°C',
    kw: 'kW',
    kwh: 'kWh',
    mv: 'mV',
    ma: 'mA',
    mm: 'mm',
    kg: 'kg',
    lpm: 'l/min',
  }),
);

/** Unit in brackets ("pressure [bar]") or as a last word ("latency_ms"); '' when the name has none. */
export function guessUnit(name: string): string {
  const bracket = /[[(]([^[\]()]{1,12})[\])]\s*$/.exec(name)?.[1];
  if (bracket !== undefined && !/^\d+$/.test(bracket)) return bracket.trim();
  const last = /[_\s.]([A-Za-z]{2,8})$/.exec(name)?.[1];
  return last === undefined ? '' : (SUFFIXES.get(last.toLowerCase()) ?? '');
}

const LABEL =
  /^(is_?)?(label|labels|anomaly|anomalies|anomalous|outlier|attack|att_flag|event|incident|fault|failure|changepoint|change_point|ground_?truth|class)(_?(label|flag|id))?$/i;

export const isLabelName = (name: string): boolean => LABEL.test(name.trim()) || /normal\s*\/\s*attack/i.test(name);

/** Names of running row numbers. */
export const isIndexName = (name: string): boolean =>
  /^(column 1|index|idx|row|row_?(id|number|nr)|no\.?|nr|#|id|unnamed:? ?\d*|step|t)$/i.test(name.trim());
