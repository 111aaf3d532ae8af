import type { MaggError } from '../base/index.js';
import { LibrarySession } from './library-session.js';
import type { StartLibraryWorker } from './library-worker-port.js';

/** Memory of a worker never shrinks: one that has grown beyond this is not kept. */
const MAX_KEPT_BYTES = 64 << 20;

/** The workers of one thread, and what the library got lost in. */
export class LibraryPool {
  readonly #start: StartLibraryWorker;
  #idle: LibrarySession | undefined;
  readonly #lost = new Map<string, MaggError>();

  constructor(start: StartLibraryWorker) {
    this.#start = start;
  }

  /** A worker without a file: the idle one, or a new one. */
  take(): LibrarySession {
    const idle = this.#idle;
    this.#idle = undefined;
    return idle?.isAlive ? idle : new LibrarySession(this.#start);
  }

  /** A worker that has closed its file, and how much memory it holds. */
  giveBack(session: LibrarySession, heldBytes: number): void {
    if (this.#idle?.isAlive || heldBytes > MAX_KEPT_BYTES) session.end();
    else this.#idle = session;
  }

  /** Notes that a place in a file of known content cost all the time there is: asked again it would again. */
  noteLost(place: string, error: MaggError): void {
    this.#lost.set(place, error);
  }

  assertNotLost(place: string): void {
    const error = this.#lost.get(place);
    if (error) throw error;
  }
}
