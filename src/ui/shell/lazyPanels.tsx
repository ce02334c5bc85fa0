/** Panels that draw with ECharts are fetched when first shown: the first sight needs none of it. */
import { lazy } from 'react';

export const Losses = lazy(() => import('../panels/run/Losses.tsx').then((m) => ({ default: m.Losses })));
export const AttentionTab = lazy(() =>
  import('../panels/review/AttentionTab.tsx').then((m) => ({ default: m.AttentionTab })),
);
export const MemoryTab = lazy(() => import('../panels/review/MemoryTab.tsx').then((m) => ({ default: m.MemoryTab })));
export const DriftTab = lazy(() => import('../panels/drift/DriftTab.tsx').then((m) => ({ default: m.DriftTab })));
export const ScoresNarrow = lazy(() =>
  import('../panels/review/ScoresNarrow.tsx').then((m) => ({ default: m.ScoresNarrow })),
);
export const ScoresWide = lazy(() =>
  import('../panels/review/ScoresWide.tsx').then((m) => ({ default: m.ScoresWide })),
);
