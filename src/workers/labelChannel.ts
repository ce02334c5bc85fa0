/** Name of the channel on which a worker tells all tabs of this browser that labels were added to a journal. */
export const LABEL_CHANNEL = 'telltale.labels';
