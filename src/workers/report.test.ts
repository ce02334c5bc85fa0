import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../engine/rng.ts';
import { reportZh } from '../ui/messages/zhReport.ts';
import { engine, value } from './channel.testkit.ts';
import type { DatasetInfo, EngineApi, RunInfo } from './protocol.ts';
import { Session } from './session.ts';

/** A page whose scripts run, if it has any. jsdom comes without types of its own. */
type Pages = { readonly JSDOM: new (text: string, options: { runScripts: string }) => { readonly window: Page } };
type Page = { readonly document: Document; readonly ran?: number };
const jsdom: string = 'jsdom';

const HOSTILE = '<script>window.ran=1</script>';

/** Three coupled sensors, one of a hostile name, with a level shift near the end. */
function csv(rows = 900): Blob {
  const rng = seeded(5);
  const lines = [`time,"${HOSTILE}",pressure [bar],"a ""quoted"" & 'odd' name"`];
  for (let t = 0; t < rows; t++) {
    const base = Math.sin(t / 9);
    const odd = t >= 800 && t < 820 ? 4 : 0;
    const cells = [2 * base + odd, base, base - 1].map((cell) => (cell + 0.05 * rng()).toFixed(4));
    lines.push(`${new Date(Date.UTC(2026, 0, 1, 0, t)).toISOString()},${cells.join(',')}`);
  }
  return new Blob([lines.join('\n')]);
}

const silent = (): unknown => Comlink.proxy(() => undefined);

describe('the report of a run', () => {
  const { endpoint, end: close } = engine(new Session(), { now: () => Date.UTC(2026, 0, 2, 3, 4), newId: () => 'own' });
  const api = Comlink.wrap<EngineApi>(endpoint);
  let dataset: DatasetInfo;
  let run: RunInfo;
  let text: string;
  let view: Page;
  let page: Document;

  beforeAll(async () => {
    const files = [{ path: '<img src=x onerror=alert(1)>.csv', file: csv() }];
    const report = value(await api.open(files, silent() as () => void));
    dataset = value(await api.accept({ ...report.plan, split: { kind: 'share', share: 0.7 } }));
    const job = {
      ...{ jobId: 'first', data: { datasetId: dataset.id, asset: dataset.assets[0].name }, engine: 'difference' },
      ...{ preset: 'lite', params: {}, head: 'm2ad', headParams: { smooth: 3 }, seed: 3, imputation: {} },
    };
    run = value(await api.run(job, silent() as () => void));
    const file = value(await api.exportReport(run.id, null));
    expect(file).toMatchObject({ mime: 'text/html' });
    expect(file.name).toMatch(/^[\w.-]+-difference-report\.html$/);
    text = await file.blob.text();
    const { JSDOM } = (await import(jsdom)) as Pages;
    view = new JSDOM(text, { runScripts: 'dangerously' }).window;
    page = view.document;
  });
  afterAll(close);

  it('is one whole file: no script, no address, and a policy that allows none', () => {
    expect(view.ran).toBeUndefined();
    expect(page.querySelectorAll('script, link, img, iframe, object, embed, a, base, form')).toHaveLength(0);
    const attributes = [...page.querySelectorAll('*')].flatMap((element) => [...element.attributes]);
    expect(attributes.filter(({ name }) => /^on|^(src|href|srcset|action)$/.test(name))).toEqual([]);
    expect(text).not.toMatch(/url\(|@import|https?:\/\/(?!.*cite)/);
    expect(page.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'");
  });

  it('shows names of files as they are, as text', () => {
    const heads = [...page.querySelectorAll('.lane-head b')].map(({ textContent }) => textContent);
    expect(heads).toContain(HOSTILE);
    expect(heads).toContain('a "quoted" & \'odd\' name');
    expect(page.querySelector('h1')?.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  it('lists every event and draws the worst with all their sensors', () => {
    const { events } = run.result;
    expect(events.length).toBeGreaterThan(0);
    const all = [...page.querySelectorAll('table')].find(({ caption }) => caption?.textContent.startsWith('All '))!;
    expect(all.tBodies[0].rows).toHaveLength(events.length);
    expect(all.tBodies[0].rows[0].cells[1].textContent).toMatch(/^2026-01-01 \d\d:\d\d:\d\d$/);
    const sections = page.querySelectorAll('.found');
    expect(sections).toHaveLength(Math.min(20, events.length));
    const [first] = sections;
    const positive = events[0].top.filter(({ share }) => share > 0).length;
    expect(first.querySelectorAll('svg')).toHaveLength(1 + positive);
    for (const svg of page.querySelectorAll('svg')) {
      expect(svg.getAttribute('aria-label')).not.toBe('');
      expect(svg.querySelector('path.observed')?.getAttribute('d')).toMatch(/^M[-\dML .]+$/);
    }
    const peak = first.querySelector('table')!;
    expect(peak.tBodies[0].rows).toHaveLength(events[0].top.length);
    expect(peak.textContent).toContain(HOSTILE);
  });

  it('says what was run, on what, and with which settings', () => {
    const words = page.body.textContent;
    expect(words).toContain(dataset.checksum);
    expect(words).toMatch(/Seed3/);
    expect(words).toContain('Telltale 0.1.0');
    expect(words).toContain('2026-01-02 03:04 UTC');
    expect(words).toContain('The data has no labels');
    expect(words).toContain(run.result.threshold.source);
    expect(words).toMatch(/changed by hand/);
  });

  it('is written in the language that it is given, with the names of files as text', async () => {
    const file = value(await api.exportReport(run.id, reportZh));
    const { JSDOM } = (await import(jsdom)) as Pages;
    const { document, ran } = new JSDOM(await file.blob.text(), { runScripts: 'dangerously' }).window;
    expect(ran).toBeUndefined();
    expect(document.documentElement.lang).toBe('zh-CN');
    expect(document.querySelectorAll('script, img')).toHaveLength(0);
    expect(document.querySelector('h1')?.textContent).toContain('<img src=x onerror=alert(1)>：差分');
    const labels = [...document.querySelectorAll('svg')].map((svg) => svg.getAttribute('aria-label'));
    expect(labels).toContainEqual(expect.stringMatching(/^<script>window\.ran=1<\/script>：从 .+ 到 /));
  });

  it('refuses a run that is not there', async () => {
    expect(await api.exportReport('none', null)).toMatchObject({ ok: false });
  });
});
