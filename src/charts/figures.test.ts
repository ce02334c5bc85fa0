// @vitest-environment jsdom
/** Every chart can be saved as a picture and has a table twin; what a picture holds. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TileSource } from './tileCache.ts';
import { arraySource } from './charts.testkit.ts';
import { chartClock } from './clock.ts';
import { figureSvg, tellOrigin } from './figureSvg.ts';
import { laneTable } from './LaneTwin.tsx';
import { eventsTable } from './overview.ts';
import { paintTable } from './paintCanvas.ts';
import { pairTable } from './scorePair.ts';
import type * as Theme from './theme.ts';

vi.mock('./theme.ts', async (original) => ({
  ...(await original<typeof Theme>()),
  theme: () => ({ colour: { page: '#fff', ink: '#000', 'ink-3': '#666' }, font: 'sans-serif' }),
}));

const sources = import.meta.glob<string>('./*.tsx', { eager: true, query: '?raw', import: 'default' });

/** Parts of charts, not charts: what is around them saves and tells them. */
const PARTS = new Set(['SampleThumb', 'DotRange', 'LaneHead', 'Threshold', 'ChartSave', 'TableTwin', 'LaneTwin']);

/** Charts that are saved from a menu of the page, because a button over them would be in the way. */
const IN_A_MENU: Readonly<Record<string, readonly [file: string, call: RegExp]>> = {
  LaneStack: ['../ui/panels/review/Bottom.tsx', /figureSvg\(/],
  AttentionMap: ['../ui/panels/review/AttentionExport.tsx', /attentionSvg\(/],
};
const menus = import.meta.glob<string>('../ui/panels/review/{Bottom,AttentionExport}.tsx', {
  eager: true,
  query: '?raw',
  import: 'default',
});

const charts = Object.entries(sources)
  .map(([path, source]) => [path.replace(/^\.\/|\.tsx$/g, ''), source] as const)
  .filter(([name, source]) => !PARTS.has(name) && /<canvas|<svg|<table|init\(/.test(source));

describe('every chart', () => {
  it('is among those that are looked at', () => {
    expect(charts.map(([name]) => name).sort()).toEqual([
      ...['AttentionMap', 'EChart', 'HeatMap', 'LaneStack', 'Overview', 'PaintStage', 'SampleMap', 'ScorePair'],
      'ShadeTable',
    ]);
  });

  it.each(charts)('%s is saved as SVG and PNG', (name, source) => {
    const menu = IN_A_MENU[name] as (typeof IN_A_MENU)[string] | undefined;
    if (!menu) expect(source).toContain('<ChartSave title=');
    else {
      expect(menus[menu[0]]).toMatch(menu[1]);
      expect(menus[menu[0]]).toMatch(/svg/);
      expect(menus[menu[0]]).toMatch(/png/);
    }
  });

  it.each(charts)('%s has a table twin and a name for those who do not see it', (name, source) => {
    // One is a table itself.
    expect(source).toMatch(name === 'ShadeTable' ? /<table/ : /<(TableTwin|LaneTwin) /);
    expect(source).toMatch(name === 'EChart' ? /<caption>|TableTwin/ : /aria-label=/);
  });
});

describe('tables of the charts that are drawn by hand', () => {
  const clock = chartClock({ kind: 'index' }, 100);
  const column = Float32Array.from({ length: 100 }, (_, t) => Math.sin(t));
  const source: TileSource = arraySource(100, { 'observed 0': column });
  const events = [
    { span: { start: 10, end: 20 }, number: 1 },
    { span: { start: 70, end: 71 }, number: 2 },
  ];

  it('lanes: lowest and highest value in view, then its events', () => {
    const draw = {
      ...{ kind: 'covariate' as const, track: { of: 'observed' as const, index: 0 } },
      scale: { range: 'view' as const },
    };
    const table = laneTable([{ label: 'flow', draw }], source, events, { from: 0, to: 50 }, clock);
    expect(table.caption).toContain('1 event');
    expect(table.rows.map((row) => row.length)).toEqual(table.rows.map(() => table.columns.length));
    expect(table.rows[0]?.[0]).toBe('flow');
    expect(table.rows.at(-1)).toEqual(['event 1', 'step 10', 'step 19']);
  });

  it('the strip, two runs and the painted window', () => {
    expect(eventsTable(events, clock).rows).toEqual([
      ['event 1', 'step 10', 'step 19'],
      ['event 2', 'step 70', 'step 70'],
    ]);
    expect(pairTable('two runs', [{ start: 1, end: 3 }], [], clock).rows).toEqual([['vanished', 'step 1', 'step 2']]);
    const paint = paintTable(
      {
        ...{ T: 3, real_T: Float32Array.of(1, 2, 3), synthetic_T: null, plain_T: null },
        ...{ runs: [{ start: 1, end: 2 }], active: null, lengthOf: String },
      },
      { label: 'window' },
    );
    expect(paint.rows).toEqual([
      ['0', '1.00', '', ''],
      ['1', '2.00', '', 'yes'],
      ['2', '3.00', '', ''],
    ]);
  });
});

describe('a picture of a figure', () => {
  const box = (width: number, height: number) => new DOMRect(0, 0, width, height);
  afterEach(() => {
    vi.restoreAllMocks();
    tellOrigin(() => '');
    document.body.innerHTML = '';
  });

  it('holds title, canvases, drawings, words and origin, and nothing of the page around', () => {
    vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(box(400, 100));
    Range.prototype.getBoundingClientRect = () => box(40, 12);
    vi.spyOn(HTMLCanvasElement.prototype, 'toDataURL').mockReturnValue('data:image/png;base64,AAAA');
    tellOrigin(() => 'pump <station> · Telltale');
    document.body.innerHTML =
      '<figure><canvas></canvas><svg viewBox="0 0 9 9"><path d="M0 0"/></svg><span>bar & °C</span>' +
      '<table class="tt-hidden"><tbody><tr><td>twin</td></tr></tbody></table><button>SVG</button></figure>';
    const svg = figureSvg(document.querySelector('figure')!, 'Map of "p" < 1');
    expect(new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('parsererror')).toBeNull();
    expect(svg).toContain('<title>Map of &quot;p&quot; &lt; 1</title>');
    expect(svg).toContain('href="data:image/png;base64,AAAA"');
    expect(svg).toContain('<path');
    expect(svg).toContain('>bar &amp; °C</text>');
    expect(svg).toContain('pump &lt;station&gt; · Telltale');
    expect(svg).not.toContain('twin');
    expect(svg).not.toContain('>SVG<');
  });
});
