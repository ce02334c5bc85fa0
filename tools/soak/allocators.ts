/**
 * What the memory of the tab's process is made of, as the browser itself counts it (memory-infra of Chromium's tracing):
 * bytes of each allocator that no other entry counts as its own (`blink_gc` is what the objects of `blink_objects` leave
 * free in their heap). It tells what a slope of the process is, where the heaps that scripts see stay flat.
 */
import type { Browser, CDPSession } from '@playwright/test';

type Attribute = { readonly type: string; readonly units?: string; readonly value: string };
type Event = {
  readonly ph: string;
  readonly pid: number;
  readonly args?: {
    readonly name?: string;
    readonly dumps?: { readonly allocators?: Readonly<Record<string, { readonly attrs?: Record<string, Attribute> }>> };
  };
};

/** Allocators whose own parts are told as well: they hold most, and of different kinds. */
const SPLIT = new Set(['v8', 'partition_alloc', 'malloc', 'gpu']);
const DEPTH = 4;

/** Numbers of one object or one place in the code. */
const UNNAMED = /^__|0x[\da-f]+/i;

/** What a dump is of; null for what is too deep or told elsewhere. A part counts inside the whole above it. */
function nameOf(path: string): string | null {
  const parts = path.split('/').filter((part) => !/^(isolate|heap)_0x/.test(part));
  const isKnown = !parts.some((part) => UNNAMED.test(part)) && parts[1] !== 'allocated_objects';
  return isKnown && parts.length <= (SPLIT.has(parts[0]) ? DEPTH : 1) ? parts.join('/') : null;
}

async function textOf(system: CDPSession, handle: string): Promise<string> {
  const pieces: string[] = [];
  for (;;) {
    const { data, eof, base64Encoded } = await system.send('IO.read', { handle });
    pieces.push(base64Encoded === true ? Buffer.from(data, 'base64').toString('utf8') : data);
    if (eof) break;
  }
  await system.send('IO.close', { handle });
  return pieces.join('');
}

/** Bytes by allocator of the largest renderer, largest first; empty where the browser makes no such dump. */
export async function allocatorsOf(browser: Browser): Promise<Readonly<Record<string, number>>> {
  const system = await browser.newBrowserCDPSession();
  try {
    const ended = new Promise<string>((resolve) => {
      system.once('Tracing.tracingComplete', ({ stream }) => resolve(stream ?? ''));
    });
    await system.send('Tracing.start', {
      transferMode: 'ReturnAsStream',
      traceConfig: { includedCategories: ['disabled-by-default-memory-infra'], memoryDumpConfig: {} },
    });
    await system.send('Tracing.requestMemoryDump', { levelOfDetail: 'detailed' });
    await system.send('Tracing.end');
    const stream = await ended;
    if (stream === '') return {};
    const { traceEvents } = JSON.parse(await textOf(system, stream)) as { traceEvents: Event[] };
    const byProcess = new Map<number, Map<string, number>>();
    for (const { ph, pid, args } of traceEvents) {
      if (ph !== 'v') continue;
      for (const [path, { attrs }] of Object.entries(args?.dumps?.allocators ?? {})) {
        const name = nameOf(path);
        const size = attrs?.['effective_size'] ?? attrs?.['size'];
        if (name === null || !size) continue;
        const sizes = byProcess.get(pid) ?? new Map<string, number>();
        sizes.set(name, (sizes.get(name) ?? 0) + parseInt(size.value, 16));
        byProcess.set(pid, sizes);
      }
    }
    // The process of the tab is the one with scripts; of several, that with most of them.
    const tab = [...byProcess.values()].sort((a, b) => (b.get('v8') ?? 0) - (a.get('v8') ?? 0)).at(0);
    return Object.fromEntries([...(tab ?? [])].sort((a, b) => b[1] - a[1]));
  } finally {
    await system.detach();
  }
}
