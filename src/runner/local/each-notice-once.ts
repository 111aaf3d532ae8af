import type { RunEvent } from '../events.js';

/** Of these one is enough, whatever cell it names: every dense parent would have its own. */
const ONCE_A_RUN = new Set(['memory-exceeded']);

/** Passes events on, but a notice only once: every thread that opens a granule says what is wrong with its index, every reading of a group what is wrong with its rows. */
export function eachNoticeOnce(onEvent: (event: RunEvent) => void): (event: RunEvent) => void {
  const told = new Set<string>();
  return event => {
    if (event.type === 'run-notice' && told.size === told.add(ONCE_A_RUN.has(event.tag) ? event.tag : event.message).size) return;
    onEvent(event);
  };
}
