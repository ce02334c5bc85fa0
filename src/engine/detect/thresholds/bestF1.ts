import { bestF1 } from '../../eval/bestF1.ts';
import { oracleRule } from './oracle.ts';

/**
 * The threshold with the best F1 over the judged steps: every distinct score and minus infinity are tried, of equal ones
 * the largest is taken.
 */
export const bestF1Rule = oracleRule('best-f1', 'Best F1 (oracle)', (prepared) => bestF1(prepared).threshold);
