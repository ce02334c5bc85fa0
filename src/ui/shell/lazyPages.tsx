/** Pages that come later than the first sight are fetched when first opened. */
import { lazy } from 'react';

export const Tour = lazy(() => import('../tour/Tour.tsx').then((m) => ({ default: m.Tour })));
export const LabelPage = lazy(() => import('../panels/label/LabelPage.tsx').then((m) => ({ default: m.LabelPage })));
export const CreatePage = lazy(() =>
  import('../panels/create/CreatePage.tsx').then((m) => ({ default: m.CreatePage })),
);
export const ComparePage = lazy(() =>
  import('../panels/compare/ComparePage.tsx').then((m) => ({ default: m.ComparePage })),
);
