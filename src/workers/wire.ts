/** Errors and results as plain values: comlink would keep only an error's name and message. */
import { asEngineError, EngineError } from '../engine/errors.ts';
import type { Outcome, WireError } from './protocol.ts';

export function toWire(thrown: unknown): WireError {
  const { code, kind, message, cure, place } = asEngineError(thrown);
  return { code, kind, message, cure, place };
}

/** The value of an answer from another worker; throws its error. */
export function fromWire<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, kind, message, cure, place } = outcome.error;
  throw new EngineError(code, kind, message, cure, place);
}

/** Runs `work` and turns whatever happens into an Outcome. */
export async function attempt<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: toWire(thrown) };
  }
}
