/** Words about projects, their files, and what this browser keeps. */
import { count } from '../../charts/format.ts';
import { many } from './words.ts';

export const projectEn = {
  title: 'Storage and project files',
  open: 'Storage and project file',
  kept: 'saved here',
  keptTip: 'Data, runs and labels are kept in this browser. Opens what is kept, and saves all of it as a file.',
  behind: (n: number) => `${many(n, 'change')} in no file`,
  file: {
    title: 'Project file',
    about:
      'One file with the roles, runs, labels, generators and settings of this data set. It opens in another browser and on the command line, and brings nothing twice.',
    withData: 'With the data',
    withDataHelp: 'Without it the file only names the data, which must then be opened as well.',
    save: 'Save project file',
    saving: 'Writing…',
    load: 'Open a project file…',
    loading: 'Checking…',
    never: 'Never saved to a file.',
    last: (when: string) => `Last saved to a file: ${when}.`,
    nothing: 'All runs and labels are in it.',
    lacking: (acts: number, runs: number) =>
      `Not in it: ${[
        ...(acts > 0 ? [many(acts, 'act of labelling', 'acts of labelling')] : []),
        ...(runs > 0 ? [many(runs, 'run')] : []),
      ].join(', ')}.`,
  },
  room: {
    title: 'This browser',
    used: (used: string, quota: string) => `${used} of about ${quota} used`,
    unknown: 'This browser does not tell how much room there is.',
    bar: 'Used room',
    safe: 'Protected: the browser will not remove this by itself.',
    unsafe: 'Not protected: the browser may remove all of this when the disk gets full.',
    refused:
      'The browser was asked to protect this and has refused. It may remove all of it when the disk gets full, so keep project files. Browsers grant it to sites that are used often, installed or bookmarked.',
    unsupported: 'This browser cannot protect what is kept here. Keep project files.',
    ask: 'Ask for protection',
  },
  parts: {
    title: 'Kept here',
    data: 'Data set',
    values: 'Data',
    runs: 'Runs',
    labels: 'Labels',
    studio: 'Generated',
    none: 'Nothing is kept here yet.',
    counted: (n: number, size: string) => `${count(n)} · ${size}`,
    elsewhere: 'not kept',
    dropValues: 'Delete data',
    dropValuesOf: (name: string) => `Delete the data of ${name}, keep its runs and labels`,
    deleteRuns: 'Delete runs',
    deleteAll: 'Delete',
    deleteRunsOf: (name: string) => `Delete the runs of ${name}`,
    deleteAllOf: (name: string) => `Delete ${name} with its runs and labels`,
  },
  doomed: {
    dataset: (name: string) => `${name} is being deleted, with its runs and labels.`,
    runs: (name: string) => `The runs of ${name} are being deleted.`,
    values: (name: string) =>
      `The data of ${name} is being deleted. Its runs and labels stay, and open with the file that it was made of.`,
    undo: 'Undo',
    now: 'Delete now',
  },
  evicted: {
    title: 'What was kept here is gone.',
    text: (names: readonly string[], when: string) =>
      `The browser has removed its store: ${names.join(', ')}, last seen ${when}. Open a project file to have it back.`,
    dismiss: 'Go on without',
  },
  unsaved: {
    title: (names: readonly string[]) => `Not saved: ${names.join(', ')}`,
    text: 'It is in this tab alone.',
    retry: 'Save again',
  },
  backup: {
    title: (n: number) => `${many(n, 'change')} of this data set ${n === 1 ? 'is' : 'are'} in this browser alone.`,
    text: 'A project file keeps them whatever happens to the browser.',
    later: 'Remind me tomorrow',
  },
  brought: {
    title: (file: string) => `${file} is open.`,
    data: 'Its data came with it.',
    runs: (added: number, renewed: number, kept: number) =>
      [
        ...(added > 0 ? [`${many(added, 'run')} added`] : []),
        ...(renewed > 0 ? [`${many(renewed, 'run')} renewed`] : []),
        ...(kept > 0 ? [`${many(kept, 'run')} here already`] : []),
      ].join(', '),
    labels: (added: number, leftOut: number) =>
      [
        ...(added > 0 ? [`${many(added, 'label')} added`] : []),
        ...(leftOut > 0 ? [`${many(leftOut, 'label')} stayed as they are here`] : []),
      ].join(', '),
    generators: (n: number) => `${many(n, 'generator')} added`,
    nothing: 'Everything in it was here already.',
  },
  waiting: {
    title: (name: string) => `The project ${name} waits for its data`,
    need: (runs: number, assets: number, rows: number) =>
      `It holds ${many(runs, 'run')} of ${many(assets, 'asset')} with ${count(rows)} rows, but not the data itself: open the file that it was made on, and the project follows by itself.`,
    otherwise:
      'The same file is kept here with other roles or another split. Open the file again: the roles of the project are then proposed.',
    checksum: 'Checksum of its files',
    forget: 'Forget this project',
  },
} as const;
