// @vitest-environment jsdom
/** Names of files and columns are text on the page, whatever they look like. */
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { allTurns } from '../../charts/turns.ts';
import { fakeEngine, ok } from '../state/fakeEngine.testkit.ts';
import { createApp } from '../state/store.ts';
import { AppContext } from '../state/useApp.ts';
import { DataPage } from './data/DataPage.tsx';

const NAMES = [
  '<script>window.ran = 1</script>',
  '"><img src=x onerror="window.ran = 1">',
  '</td><svg onload=alert(1)>',
];

it('shows script tags of a file as text', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const plain = fakeEngine();
  const engine: typeof plain = {
    ...plain,
    open: async (...given) => {
      const opened = await plain.open(...given);
      if (!opened.ok) return opened;
      const { columns, assets, problems, plan } = opened.value;
      const hostile = (n: number): string => NAMES[n % NAMES.length] ?? '';
      return ok({
        ...opened.value,
        layout: NAMES[0] ?? '',
        assets: assets.map((asset, n) => ({ ...asset, name: hostile(n) })),
        columns: columns.map((column, n) => ({ ...column, name: hostile(n), sample: hostile(n + 1) })),
        problems: problems.map((problem, n) => ({ ...problem, title: hostile(n), detail: hostile(n + 1) })),
        plan: {
          ...plan,
          name: hostile(0),
          columns: plan.columns.map((column, n) => ({ ...column, unit: hostile(n), system: hostile(n) })),
        },
      });
    },
  };
  const store = createApp({ engine, nowMs: () => 0, newId: () => 'job-1' });
  const box = document.body.appendChild(document.createElement('div'));
  const root = createRoot(box);
  await act(async () => {
    root.render(
      <AppContext value={{ store, engine }}>
        <DataPage />
      </AppContext>,
    );
    await store.getState().boot({});
    await allTurns();
  });
  await act(() => store.getState().openFiles([{ path: `${NAMES[0] ?? ''}.csv`, file: new Blob(['x']) }]));
  for (const name of NAMES.slice(0, 2))
    expect(box.outerHTML).toContain(name.replaceAll('<', '&lt;').replaceAll('>', '&gt;').slice(0, 12));
  expect(box.querySelectorAll('script, img, [onerror], [onload]')).toHaveLength(0);
  expect(box.textContent).toContain(NAMES[0]);
  expect('ran' in window).toBe(false);
  act(() => root.unmount());
});
