/** Another worker for long questions that are no job of the person's, so that this one goes on answering the page. */
import * as Comlink from 'comlink';
import { EngineError } from '../engine/errors.ts';
import type { Spawned } from './helpers.ts';
import type { EngineApi, Outcome } from './protocol.ts';
import { toWire } from './wire.ts';

/** A worker that is not asked for so long is ended; it would hold memory for nothing. */
const IDLE_MS = 20_000;

type Live = {
  readonly api: Comlink.Remote<EngineApi>;
  readonly lost: Promise<Outcome<never>>;
  readonly end: () => void;
};

export class Aside {
  readonly #spawn: () => Spawned;
  #live: Live | null = null;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(spawn: () => Spawned) {
    this.#spawn = spawn;
  }

  #start(): Live {
    if (this.#live) return this.#live;
    const { endpoint, end, onGone } = this.#spawn();
    const lost = new Promise<Outcome<never>>((resolve) => {
      onGone((why) => {
        this.#live = null;
        const error = new EngineError('backend', 'worker-stopped', `A helping worker stopped: ${why}`, 'Try again.');
        resolve({ ok: false, error: toWire(error) });
      });
    });
    this.#live = { api: Comlink.wrap<EngineApi>(endpoint), lost, end };
    return this.#live;
  }

  /** Asks the other worker; never rejects but for what `call` itself throws. */
  async ask<T>(call: (api: Comlink.Remote<EngineApi>) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    clearTimeout(this.#timer);
    const { api, lost } = this.#start();
    this.#asked += 1;
    try {
      return await Promise.race([call(api), lost]);
    } finally {
      this.#asked -= 1;
      if (this.#asked === 0) this.#timer = setTimeout(() => this.end(), IDLE_MS);
    }
  }

  end(): void {
    this.#live?.end();
    this.#live = null;
  }
}
