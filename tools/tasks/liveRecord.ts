/** What a live stream does to the page over time: its record, in numbers of one line each, as a summary and as a figure. */

/** One reading; what is counted is since the reading before, without what measuring itself asked of the page. */
export type LiveReading = {
  readonly seconds: number;
  /** Steps scored so far, and rows a second over the last few seconds, as the page says. */
  readonly settled: number;
  readonly rate: number;
  /** Bytes after a collection. */
  readonly pageHeap: number;
  readonly workerHeap: number;
  readonly tensors: number | null;
  readonly nodes: number;
  /** Memory of the page's process that is its own. */
  readonly rendererAnon: number;
  /** Seconds over which was counted what follows. */
  readonly watched: number;
  /** Tasks of the main thread over 50 ms of wall time. */
  readonly longTasks: number;
  readonly longestTask: number;
  /** Processor time of the longest task in three seconds after each reading. */
  readonly longestCpu: number;
  /** Milliseconds between frames. */
  readonly frames: number;
  readonly longestGap: number;
  readonly gapsOver50: number;
  readonly gapsOver100: number;
};

export type LiveRecord = {
  readonly command: string;
  readonly engine: string;
  readonly rate: number;
  readonly sensors: number;
  /** False where the browser ran beside others without being put before them. */
  readonly first: boolean;
  readonly readings: readonly LiveReading[];
};

const MB = 1e6;
const mb = (bytes: number): string => (bytes / MB).toFixed(1);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Least squares slope of `y` over `x`. */
export function slopeOf(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [sum(x) / x.length, sum(y) / y.length];
  const over = sum(x.map((value) => (value - mx) ** 2));
  return over === 0 ? 0 : sum(x.map((value, i) => (value - mx) * (y[i] - my))) / over;
}

/** Mean of the first and of the last tenth, in which one odd reading does not matter. */
function ends(values: readonly number[]): readonly [first: number, last: number] {
  const n = Math.max(1, Math.floor(values.length / 10));
  return [sum(values.slice(0, n)) / n, sum(values.slice(-n)) / n];
}

function grows(readings: readonly LiveReading[], name: string, of: (one: LiveReading) => number): string {
  const values = readings.map(of);
  const [first, last] = ends(values);
  const hours = readings.map(({ seconds }) => seconds / 3600);
  const span = hours[hours.length - 1] - hours[0];
  const slope = slopeOf(hours, values) * span;
  return `- ${name}: ${mb(first)} MB at the beginning, ${mb(last)} MB at the end (means of a tenth each), ${mb(Math.min(...values))} to ${mb(Math.max(...values))} MB between; the fitted line changes by ${mb(slope)} MB over the whole time.`;
}

/** What the record says, as lines of Markdown. */
export function summaryOf({ readings, rate }: LiveRecord): string[] {
  const last = readings[readings.length - 1];
  const frames = sum(readings.map((one) => one.frames));
  const most = (of: (one: LiveReading) => number): number => Math.max(...readings.map(of));
  const rates = readings.map((one) => one.rate).sort((a, b) => a - b);
  const tensors = [...new Set(readings.map((one) => one.tensors))];
  return [
    `- ${(last.seconds / 60).toFixed(1)} minutes, ${last.settled.toLocaleString('en').replaceAll(',', '\u202F')} steps scored, ${(last.settled / last.seconds).toFixed(0)} a second of ${rate} sent; as the page says ${rates[0]} to ${rates[rates.length - 1]}, ${rates[rates.length >> 1]} in the median.`,
    `- Main thread: ${sum(readings.map((one) => one.longTasks))} tasks over 50 ms of wall time, the longest ${most((one) => one.longestTask).toFixed(0)} ms. By processor time, in three traced seconds of each reading, the longest took ${most((one) => one.longestCpu).toFixed(0)} ms, ${middle(readings.map((one) => one.longestCpu)).toFixed(0)} ms in the median.`,
    `- Frames: ${frames}, ${(frames / sum(readings.map((one) => one.watched))).toFixed(1)} a second; ${sum(readings.map((one) => one.gapsOver50))} came more than 50 ms after the one before, ${sum(readings.map((one) => one.gapsOver100))} more than 100 ms, the longest wait was ${most((one) => one.longestGap).toFixed(0)} ms.`,
    grows(readings, 'Heap of the page', (one) => one.pageHeap),
    grows(readings, 'Heap of the worker', (one) => one.workerHeap),
    grows(readings, 'Memory of the page’s process', (one) => one.rendererAnon),
    `- Tensors: ${tensors.join(', ')}; document nodes ${Math.min(...readings.map((one) => one.nodes))} to ${most((one) => one.nodes)}.`,
  ];
}

type Panel = {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly colour: string; readonly values: readonly number[] }[];
  /** A limit that is drawn dashed. */
  readonly limit?: number;
};

const [WIDE, HIGH, LEFT, TOP, GAP] = [860, 120, 56, 28, 44];

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function panelSvg({ title, lines, limit }: Panel, minutes: readonly number[], top: number): string {
  const end = minutes[minutes.length - 1];
  const most = Math.max(limit ?? 0, ...lines.flatMap(({ values }) => values)) * 1.05 || 1;
  const x = (minute: number): string => (LEFT + (minute / end) * (WIDE - LEFT - 16)).toFixed(1);
  const y = (value: number): string => (top + HIGH - (value / most) * HIGH).toFixed(1);
  const rule = (value: number, dash: string): string =>
    `<line x1="${LEFT}" x2="${WIDE - 16}" y1="${y(value)}" y2="${y(value)}" stroke="#8a94a0"${dash}/><text x="${LEFT - 6}" y="${y(value)}" text-anchor="end" dominant-baseline="middle">${Number(value.toPrecision(3))}</text>`;
  const paths = lines.map(
    ({ values, colour }) =>
      `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${values.map((value, i) => `${x(minutes[i])},${y(value)}`).join(' ')}"/>`,
  );
  const names = lines
    .map(({ name, colour }) => `<tspan fill="${colour}" font-weight="600"> ${escaped(name)} </tspan>`)
    .join('');
  return [
    `<text x="${LEFT}" y="${top - 8}">${escaped(title)}${lines.length > 1 ? names : ''}</text>`,
    rule(0, ''),
    rule(most / 1.05, ' stroke-opacity=".35"'),
    ...(limit === undefined ? [] : [rule(limit, ' stroke-dasharray="5 4"')]),
    ...paths,
  ].join('\n');
}

/** Heaps, tasks, waits between frames and rows over time, one below the other. */
export function figureOf({ readings, rate }: LiveRecord): string {
  const minutes = readings.map(({ seconds }) => seconds / 60);
  const line = (name: string, colour: string, of: (one: LiveReading) => number) => ({
    ...{ name, colour, values: readings.map(of) },
  });
  const panels: Panel[] = [
    {
      title: 'Memory after a collection, MB:',
      lines: [
        line('page', '#2f6fb0', (one) => one.pageHeap / MB),
        line('worker', '#b0562f', (one) => one.workerHeap / MB),
      ],
    },
    {
      title: 'Memory of the page’s process, MB',
      lines: [line('process', '#2f6fb0', (one) => one.rendererAnon / MB)],
    },
    {
      title: 'Longest task of the main thread, ms:',
      lines: [
        line('wall time since the reading before', '#b0562f', (one) => one.longestTask),
        line('processor time in 3 s', '#2f6fb0', (one) => one.longestCpu),
      ],
      limit: 50,
    },
    {
      title: 'Longest wait between two frames, ms',
      lines: [line('wait', '#b0562f', (one) => one.longestGap)],
      limit: 100,
    },
    { title: 'Rows a second', lines: [line('rows', '#2f6fb0', (one) => one.rate)], limit: rate },
  ];
  const height = TOP + panels.length * (HIGH + GAP) + 8;
  const end = minutes[minutes.length - 1];
  const body = panels.map((panel, n) => panelSvg(panel, minutes, TOP + n * (HIGH + GAP)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${height}" width="${WIDE}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#3a4450">`,
    `<rect width="${WIDE}" height="${height}" fill="#fff"/>`,
    ...body,
    `<text x="${WIDE - 16}" y="${height - 14}" text-anchor="end">0 to ${end.toFixed(0)} minutes</text>`,
    '</svg>',
    '',
  ].join('\n');
}
