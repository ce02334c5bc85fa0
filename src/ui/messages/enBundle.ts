/** Words about run files. */
import { count } from '../../charts/format.ts';
import { many } from './words.ts';

export const bundleEn = {
  save: 'Save',
  saving: 'Saving…',
  saveTip: 'The whole run as one file: opens in another browser and on the command line. The data is not in it.',
  waiting: (run: string) => `The run ${run} waits for its data`,
  need: (name: string, asset: string, rows: number, sensors: number) =>
    `It was made on ${asset} of ${name}: ${count(rows)} rows, ${many(sensors, 'sensor')}. A run file holds no data: open the file that it was made on, and the run follows by itself.`,
  otherwise:
    'The same file is kept here with other roles or another split. Open the file again: the roles of the run are then proposed.',
  checksum: 'Checksum of its files',
  forget: 'Forget this run',
  otherVersion: 'The file was written by another version; what is shown was computed anew from its scores.',
} as const;
