/** Reads a Chromium trace: the tasks of the page's main thread, what each was spent on, and which functions it ran. */

/** What has to be traced for it. */
export const TRACED = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'v8.execute',
  'v8',
  'toplevel',
  'devtools',
];

type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly id?: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of the thread, which another program that wants the same core does not lengthen. */
  readonly tdur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
};

export type Task = {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Milliseconds of wall time by kind of work, largest first. */
  readonly parts: readonly (readonly [string, number])[];
  /** Milliseconds by function with those it called, largest first; empty without a profile. */
  readonly functions: readonly (readonly [string, number])[];
};

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^(UpdateLayoutTree|RecalculateStyles|ParseAuthorStyleSheet)/, 'style'],
  [/^Layout$/, 'layout'],
  [/^(Paint|PrePaint|Layerize|Commit|UpdateLayer|CompositeLayers|PaintImage)/, 'paint'],
  [/GC/, 'garbage'],
  [/^(EvaluateScript|v8\.compile|v8\.produce)/i, 'load script'],
  [/^(FunctionCall|RunMicrotasks|EventDispatch|FireAnimationFrame|TimerFire|HandlePostMessage|v8\.)/, 'script'],
  [/^ParseHTML/, 'parse'],
];

const kindOf = (name: string): string => KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';

/** Work that the measuring itself asks of the page: finding elements, starting the profiler. */
const isOurs = ({ name }: TraceEvent): boolean => /^(DevToolsSession::|CpuProfiler::)/.test(name);

type Stack = { readonly end: number; readonly kind: string };

/** Time of each kind: every event has what its children do not. */
function partsOf(task: TraceEvent, inside: readonly TraceEvent[]): [string, number][] {
  const own = new Map<string, number>();
  const add = (kind: string, us: number) => own.set(kind, (own.get(kind) ?? 0) + us / 1000);
  const stack: Stack[] = [{ end: task.ts + task.dur!, kind: 'other' }];
  add('other', task.dur!);
  for (const event of inside) {
    while (stack.length > 1 && stack.at(-1)!.end <= event.ts) stack.pop();
    const kind = kindOf(event.name) === 'other' ? stack.at(-1)!.kind : kindOf(event.name);
    add(stack.at(-1)!.kind, -event.dur!);
    add(kind, event.dur!);
    stack.push({ end: event.ts + event.dur!, kind });
  }
  return [...own].filter(([, ms]) => ms >= 0.5).sort((a, b) => b[1] - a[1]);
}

type Node = {
  readonly id: number;
  readonly parent?: number;
  readonly callFrame: { readonly functionName: string; readonly lineNumber?: number };
};
type Sample = { readonly at: number; readonly us: number; readonly names: ReadonlySet<string> };

/** Samples of the profiler with all functions on the stack of each. */
function samplesOf(events: readonly TraceEvent[], pid: number, tid: number): Sample[] {
  const starts = events.filter((event) => event.name === 'Profile' && event.pid === pid && event.tid === tid);
  const samples: Sample[] = [];
  for (const start of starts) {
    const nodes = new Map<number, Node>();
    let at = (start.args!['data'] as { startTime: number }).startTime;
    for (const chunk of events) {
      if (chunk.name !== 'ProfileChunk' || chunk.pid !== pid || chunk.id !== start.id) continue;
      const data = chunk.args!['data'] as {
        cpuProfile?: { nodes?: readonly Node[]; samples?: readonly number[] };
        timeDeltas?: readonly number[];
      };
      for (const node of data.cpuProfile?.nodes ?? []) nodes.set(node.id, node);
      data.cpuProfile?.samples?.forEach((id, i) => {
        const us = data.timeDeltas?.[i] ?? 0;
        at += us;
        const names = new Set<string>();
        for (let node = nodes.get(id); node; node = node.parent === undefined ? undefined : nodes.get(node.parent))
          names.add(node.callFrame.functionName || `(anonymous:${node.callFrame.lineNumber ?? ''})`);
        samples.push({ at, us, names });
      });
    }
  }
  return samples;
}

function functionsOf(task: TraceEvent, samples: readonly Sample[]): [string, number][] {
  const total = new Map<string, number>();
  for (const { at, us, names } of samples)
    if (at >= task.ts && at <= task.ts + task.dur!)
      for (const name of names) total.set(name, (total.get(name) ?? 0) + us / 1000);
  return [...total].filter(([name, ms]) => ms >= 1 && name !== '(root)').sort((a, b) => b[1] - a[1]);
}

/** All tasks of the main thread that took at least `leastMs` of wall time, longest first by processor time. */
export function tasksOf(trace: Buffer, leastMs: number): Task[] {
  const { traceEvents: events } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const mains = events.filter((event) => event.name === 'thread_name' && event.args?.['name'] === 'CrRendererMain');
  const tasks = mains.flatMap(({ pid, tid }) => {
    const mine = events
      .filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X' && event.dur !== undefined)
      .sort((a, b) => a.ts - b.ts || b.dur! - a.dur!);
    const samples = samplesOf(events, pid, tid);
    return mine
      .filter((event) => event.name === 'RunTask' && event.dur! >= leastMs * 1000)
      .map((task) => {
        const end = task.ts + task.dur!;
        const inside = mine.filter((event) => event !== task && event.ts >= task.ts && event.ts + event.dur! <= end);
        return { task, inside };
      })
      .filter(({ inside }) => !inside.some(isOurs))
      .map(({ task, inside }): Task => ({
        wallMs: task.dur! / 1000,
        cpuMs: (task.tdur ?? task.dur!) / 1000,
        parts: partsOf(task, inside),
        functions: functionsOf(task, samples),
      }));
  });
  return tasks.sort((a, b) => b.cpuMs - a.cpuMs);
}
