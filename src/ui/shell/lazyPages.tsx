/**
 * Every page is a part of its own: the shell is there first, pages follow. The one of the first sight is asked for at
 * once, beside the engine; the others when they are opened.
 */
import { lazy } from 'react';

const review = import('../panels/review/ReviewPage.tsx').then((m) => ({ default: m.ReviewPage }));
// Whoever opens the page sees why; until then nobody waits for it.
review.catch(() => undefined);

export const ReviewPage = lazy(() => review);
export const DataPage = lazy(() => import('../panels/data/DataPage.tsx').then((m) => ({ default: m.DataPage })));
export const EnginePage = lazy(() =>
  import('../panels/engine/EnginePage.tsx').then((m) => ({ default: m.EnginePage })),
);
export const RunPage = lazy(() => import('../panels/run/RunPage.tsx').then((m) => ({ default: m.RunPage })));
export const LabelPage = lazy(() => import('../panels/label/LabelPage.tsx').then((m) => ({ default: m.LabelPage })));
export const LivePage = lazy(() => import('../panels/live/LivePage.tsx').then((m) => ({ default: m.LivePage })));
export const CreatePage = lazy(() =>
  import('../panels/create/CreatePage.tsx').then((m) => ({ default: m.CreatePage })),
);
export const ComparePage = lazy(() =>
  import('../panels/compare/ComparePage.tsx').then((m) => ({ default: m.ComparePage })),
);
export const Overlays = lazy(() => import('./Overlays.tsx').then((m) => ({ default: m.Overlays })));
export const Tour = lazy(() => import('../tour/Tour.tsx').then((m) => ({ default: m.Tour })));
export const StorageDialog = lazy(() =>
  import('../panels/storage/StorageDialog.tsx').then((m) => ({ default: m.StorageDialog })),
);
export const ProjectNotices = lazy(() =>
  import('../panels/storage/ProjectNotices.tsx').then((m) => ({ default: m.ProjectNotices })),
);
