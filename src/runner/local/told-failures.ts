import type { RunEvent } from '../events.js';

/** Knows which reads of a run have failed, so that what looks at the same granules again does not tell it again. */
export class ToldFailures {
  readonly #onEvent: (event: RunEvent) => void;
  readonly #failed = new Set<string>();
  /** Granules by whether anything was found out about them. */
  readonly #isReached = new Map<string, boolean>();
  #looksAgain = false;

  constructor(onEvent: (event: RunEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Passes events on. */
  readonly tell = (event: RunEvent): void => {
    if (event.type === 'granule-failed' || event.type === 'granule-retried') {
      const key = `${event.granule}\n${event.group ?? ''}`;
      if (this.#looksAgain && this.#failed.has(key)) return;
      if (event.type === 'granule-failed') {
        this.#failed.add(key);
        if (!event.retryable) this.#isReached.set(event.granule, true);
        else if (!this.#isReached.has(event.granule)) this.#isReached.set(event.granule, false);
      }
    } else if (event.type === 'granule-finished') this.#isReached.set(event.granule, true);
    this.#onEvent(event);
  };

  /** From now on what is read was read before: failures that were told are not passed on. */
  lookAgain(): void {
    this.#looksAgain = true;
  }

  /** Whether all that was tried with the granule failed for a reason that may pass, such as a server that is down: trying takes long. */
  isUnreached(granule: string): boolean {
    return this.#isReached.get(granule) === false;
  }
}
