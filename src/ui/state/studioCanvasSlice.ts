/** The canvas of the studio: one real window, the painted mask, the latent numbers, and the series that answers. */
import type { Span } from '../../engine/types.ts';
import type { Decoded, Description, Outcome, RealWindow } from '../../workers/protocol.ts';
import { erased, painted } from './labelAnswers.ts';
import { latest } from './latest.ts';
import type { AppState, Get, Set } from './store.ts';
import { firstRun, lengthened, maskOf, runsOf, shifted, withRun } from './studioMask.ts';
import { normals, wholeBelow } from './studioRandom.ts';
import { chosenGenerator } from './studioSlice.ts';
import { loading, none, valueOf, type Deps, type Load } from './types.ts';

export type Canvas = {
  /** Number of the real window among those of the generator. */
  readonly number: number;
  readonly real: RealWindow;
  readonly runs: readonly Span[];
  /** The run that keys lengthen and erase. */
  readonly active: number;
  readonly z_Z: Float32Array;
  /** The latent numbers are those that the encoder finds in the real window, also when the mask changes. */
  readonly follows: boolean;
  /** What the encoder finds, and for which mask. */
  readonly described: (Description & { readonly runs: readonly Span[] }) | null;
  readonly decoded: Decoded | null;
  /** The generated window of a set that was opened here, until something is changed. */
  readonly opened: { readonly setId: string; readonly n: number } | null;
};

export type Brush = 'paint' | 'erase';

export type StudioCanvasSlice = {
  readonly canvas: Load<Canvas>;
  readonly brushMode: Brush;
  /** The same latent numbers without an anomaly are drawn too. */
  readonly showPlain: boolean;
  /** Milliseconds from a stroke to its answer, the last ones. */
  readonly answersMs: readonly number[];
  /** How many times latent numbers were drawn: the seed of the next draw. */
  readonly draws: number;
  /** The first normal window, with a mask in its middle. */
  readonly openFirstWindow: () => Promise<void>;
  /** A real window; with its latent numbers and mask where both are given, else the mask stays. */
  readonly openWindow: (number: number, given?: Pick<Canvas, 'runs' | 'z_Z'>) => Promise<void>;
  readonly stepWindow: (by: 1 | -1) => Promise<void>;
  readonly randomWindow: () => Promise<void>;
  /** A generated window of the set in view, with its mask and latent numbers. */
  readonly openSample: (n: number) => Promise<void>;
  readonly setBrushMode: (mode: Brush) => void;
  readonly setShowPlain: (isShown: boolean) => void;
  readonly paintMask: (span: Span) => void;
  readonly eraseMask: (span: Span) => void;
  readonly shiftMask: (by: number) => void;
  readonly addRun: () => void;
  readonly growRun: (by: number) => void;
  readonly nextRun: () => void;
  readonly eraseRun: () => void;
  readonly setLatent: (index: number, value: number) => void;
  /** window: what the encoder finds; zero; near: around what it finds; prior: N(0, 1). */
  readonly resetLatents: (to: 'window' | 'zero' | 'near' | 'prior') => void;
};

/** Answers kept for the figure beside the canvas. */
const ANSWERS = 30;

type Ask = Pick<Canvas, 'number' | 'runs' | 'z_Z' | 'follows' | 'described'> & {
  readonly generatorId: string;
  readonly T: number;
  /** When the stroke was made; null for a window that was opened, whose answer is nobody's stroke. */
  readonly askedAtMs: number | null;
};
type Answer = {
  readonly description: Outcome<Description> | null;
  readonly decoded: Outcome<Decoded>;
  readonly z_Z: Float32Array;
};

export const canvasOf = (state: Pick<AppState, 'canvas'>): Canvas | null => valueOf(state.canvas);

export function studioCanvasSlice(set: Set, get: Get, { engine, nowMs }: Deps): StudioCanvasSlice {
  async function answer(ask: Ask): Promise<Answer> {
    const { generatorId, number, runs, T, follows, described } = ask;
    const mask_T = maskOf(runs, T);
    const isKnown = described?.runs === runs;
    const decode = (z_Z: Float32Array) => engine.decode(generatorId, z_Z, mask_T, number);
    if (isKnown) return { description: null, decoded: await decode(ask.z_Z), z_Z: ask.z_Z };
    if (!follows) {
      const [description, decoded] = await Promise.all([engine.describe(generatorId, number, mask_T), decode(ask.z_Z)]);
      return { description, decoded, z_Z: ask.z_Z };
    }
    const description = await engine.describe(generatorId, number, mask_T);
    const z_Z = description.ok ? description.value.mu_Z : ask.z_Z;
    return { description, decoded: description.ok ? await decode(z_Z) : description, z_Z };
  }

  const asking = latest(answer, (asked, { description, decoded, z_Z }) => {
    const canvas = canvasOf(get());
    if (!canvas || get().generatorId !== asked.generatorId || canvas.number !== asked.number) return;
    if (!decoded.ok) {
      set({ canvas: { is: 'failed', error: decoded.error } });
      return;
    }
    const { askedAtMs } = asked;
    const answersMs = askedAtMs === null ? get().answersMs : [...get().answersMs, nowMs() - askedAtMs].slice(-ANSWERS);
    const known = description?.ok ? { described: { ...description.value, runs: asked.runs } } : {};
    // A slider that was moved meanwhile stays where it is; its own answer is on its way.
    const latents = canvas.follows && asked.follows ? { z_Z } : {};
    // A generated window that was opened stays as it was made, noise included.
    const made = canvas.opened && canvas.decoded ? { x_T: canvas.decoded.x_T } : {};
    const value = { ...canvas, ...known, ...latents, decoded: { ...decoded.value, ...made } };
    set({ answersMs, canvas: { is: 'ready', value } });
  });

  function change(to: Partial<Canvas>, isStroke = true): void {
    const canvas = canvasOf(get());
    const generator = chosenGenerator(get());
    if (!canvas || !generator) return;
    const next = { ...canvas, opened: null, ...to };
    set({ canvas: { is: 'ready', value: next } });
    const { number, runs, z_Z, follows, described } = next;
    asking.ask({
      generatorId: generator.id,
      T: generator.T,
      askedAtMs: isStroke ? nowMs() : null,
      number,
      runs,
      z_Z,
      follows,
      described,
    });
  }

  function changeRuns(make: (canvas: Canvas, T: number) => readonly Span[]): void {
    const canvas = canvasOf(get());
    const T = chosenGenerator(get())?.T;
    if (!canvas || T === undefined) return;
    const runs = make(canvas, T);
    change({ runs, active: Math.max(0, Math.min(canvas.active, runs.length - 1)) });
  }

  const usualRun = (): number => valueOf(get().studioWindows)?.run ?? 1;

  /** Fetches a real window and puts it on the canvas with what is given besides; whoever asks last is shown. */
  let wanted = 0;
  async function open(number: number, given: Partial<Canvas>): Promise<void> {
    const generator = chosenGenerator(get());
    if (!generator) return;
    const mine = (wanted += 1);
    if (get().canvas.is !== 'ready') set({ canvas: loading });
    const outcome = await engine.realWindow(generator.job.material, number);
    if (mine !== wanted || get().generatorId !== generator.id) return;
    if (!outcome.ok) {
      set({ canvas: { is: 'failed', error: outcome.error } });
      return;
    }
    asking.drop();
    const before = canvasOf(get());
    const value: Canvas = {
      number,
      real: outcome.value,
      runs: before?.runs ?? [firstRun(generator.T, usualRun())],
      active: 0,
      z_Z: before?.z_Z ?? new Float32Array(generator.latent),
      follows: true,
      described: null,
      decoded: null,
      opened: null,
      ...given,
    };
    set({ canvas: { is: 'ready', value } });
    change(given, false);
  }

  const windows = (): number => valueOf(get().studioWindows)?.windows ?? 0;

  return {
    canvas: none,
    brushMode: 'paint',
    showPlain: false,
    answersMs: [],
    draws: 0,

    async openFirstWindow() {
      const info = valueOf(get().studioWindows);
      if (info && info.windows > 0) await open(Math.max(0, info.anomalous_N.indexOf(0)), {});
    },
    openWindow: (number, given) => open(number, given ? { ...given, follows: false } : {}),
    async stepWindow(by) {
      const canvas = canvasOf(get());
      if (canvas && windows() > 0) await open((canvas.number + by + windows()) % windows(), {});
    },
    async randomWindow() {
      if (windows() === 0) return;
      set({ draws: get().draws + 1 });
      await open(wholeBelow(windows(), get().draws), {});
    },
    async openSample(n) {
      const made = valueOf(get().sets)?.find(({ id }) => id === get().setId);
      const generator = chosenGenerator(get());
      if (!made || !generator) return;
      const { T, label_NT, z_NZ, from_N, x_NT } = made;
      const Z = generator.latent;
      const from = from_N[n] ?? -1;
      await open(from >= 0 ? from : (canvasOf(get())?.number ?? 0), {
        runs: runsOf(label_NT.subarray(n * T, (n + 1) * T)),
        z_Z: z_NZ.slice(n * Z, (n + 1) * Z),
        follows: false,
        decoded: { x_T: x_NT.slice(n * T, (n + 1) * T), plain_T: new Float32Array(0) },
        opened: { setId: made.id, n },
      });
    },

    setBrushMode: (brushMode) => set({ brushMode }),
    setShowPlain: (showPlain) => set({ showPlain }),

    paintMask: (span) => changeRuns(({ runs }, T) => painted({ start: 0, end: T }, runs, span)),
    eraseMask: (span) => changeRuns(({ runs }) => erased(runs, span)),
    shiftMask: (by) => changeRuns(({ runs }, T) => shifted(runs, by, T)),
    addRun() {
      const canvas = canvasOf(get());
      const T = chosenGenerator(get())?.T;
      if (!canvas || T === undefined) return;
      const { runs, at } = withRun(canvas.runs, T, usualRun());
      change({ runs, active: at });
    },
    growRun: (by) => changeRuns(({ runs, active }, T) => lengthened(runs, active, by, T)),
    nextRun() {
      const canvas = canvasOf(get());
      if (!canvas || canvas.runs.length === 0) return;
      set({ canvas: { is: 'ready', value: { ...canvas, active: (canvas.active + 1) % canvas.runs.length } } });
    },
    eraseRun: () => changeRuns(({ runs, active }) => runs.filter((_, n) => n !== active)),

    setLatent(index, value) {
      const canvas = canvasOf(get());
      if (canvas) change({ z_Z: canvas.z_Z.with(index, value), follows: false });
    },
    resetLatents(to) {
      const canvas = canvasOf(get());
      if (!canvas) return;
      const Z = canvas.z_Z.length;
      const { described } = canvas;
      if (to === 'window') change({ follows: true, z_Z: described?.mu_Z ?? canvas.z_Z });
      else if (to === 'zero') change({ follows: false, z_Z: new Float32Array(Z) });
      else {
        const draws = get().draws + 1;
        set({ draws });
        const eps_Z = normals(Z, draws);
        const near = to === 'near' && described;
        const at = (eps: number, k: number): number =>
          near ? (described.mu_Z[k] ?? 0) + (described.sd_Z[k] ?? 1) * eps : eps;
        change({ follows: false, z_Z: eps_Z.map(at) });
      }
    },
  };
}
