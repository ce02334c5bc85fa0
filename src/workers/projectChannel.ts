/** Name of the channel on which a worker tells all tabs of this browser that runs or data of a data set have changed. */
export const PROJECT_CHANNEL = 'telltale.projects';

/** `runId` and `stampMs` where one run was made or changed: whoever knows it in this state need not ask. */
export type ProjectNews = { readonly datasetId: string; readonly runId?: string; readonly stampMs?: number };
