/** The registry of query strategies. Adding one: a file, a line here; `query.test.ts` holds it to the contract. */
import { diverse } from './diverse.ts';
import { hybrid } from './hybrid.ts';
import { interval } from './interval.ts';
import { random } from './random.ts';
import { topK } from './topK.ts';
import type { AnyStrategy } from './types.ts';
import { uncertain } from './uncertain.ts';

export const STRATEGIES: readonly AnyStrategy[] = [hybrid, topK, interval, uncertain, diverse, random];

export const strategyById = (id: string): AnyStrategy | undefined => STRATEGIES.find((one) => one.id === id);
