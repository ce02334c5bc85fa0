/** Kinds of things that both the slices and the words of the page tell apart. Imports no slice, so that words need none. */
import type { JobUpdate } from '../../workers/protocol.ts';

/** What a job is doing. */
export type Phase = Extract<JobUpdate, { kind: 'phase' }>['phase'];

export type CompareView = 'runs' | 'sweep' | 'fleet' | 'ranks';

/** Long work of the Create page. */
export type StudioWork = 'train' | 'trial' | 'stress';

export type F1Kind = 'macroOracle' | 'pooled' | 'pooledOracle';

/** Languages of the page. */
export type Language = 'en' | 'zh';
/** 'system' follows the browser. */
export type LanguageChoice = 'system' | Language;
