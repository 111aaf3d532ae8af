import { fromErrorRecord, MaggError, throwIfAborted, type Abortable } from '../base/index.js';
import type { LibraryAnswers, LibraryQuestion, LibraryReply } from './library-messages.js';
import type { LibraryWorker, StartLibraryWorker } from './library-worker-port.js';

export interface AskOptions extends Abortable {
  /** Seconds that the library may take, from when it begins. */
  readonly boundS: number;
  /** The error when it takes longer, or when the worker dies of it. `what` it did: "did not answer within 4 s". */
  readonly failure: (what: string) => MaggError;
  readonly transfer?: readonly ArrayBuffer[];
}

/** Seconds are counted in so many ticks: a thread that was busy itself counts one, and then hears of the answer first. */
const TICKS = 8;

interface Waiting {
  readonly taken: () => void;
  readonly settle: (end: { readonly reply: Exclude<LibraryReply, { type: 'taken' }> } | { readonly error: MaggError }) => void;
  readonly failure: (what: string) => MaggError;
}

/** One worker of the full library and the one file that it has open. Whoever asks waits for the answer before asking again. */
export class LibrarySession {
  readonly #worker: LibraryWorker;
  #waiting: Waiting | undefined;
  #hasSpoken = false;
  #isAlive = true;

  constructor(start: StartLibraryWorker) {
    this.#worker = start({ onReply: reply => this.#receive(reply), onDeath: reason => this.#die(reason) });
    this.#worker.setBusy(false);
  }

  /** False when the worker has ended; with it went its file. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /**
   * Asks one question. A worker that does not answer in time, dies, is broken, or is no longer wanted because of `signal`, is
   * ended. Throws what the library throws, `failure`, `cancelled`, or `thread-died` where the worker cannot be started.
   */
  ask<Q extends LibraryQuestion>(question: Q, { signal, boundS, failure, transfer = [] }: AskOptions): Promise<LibraryAnswers[Q['kind']]> {
    return new Promise((resolve, reject) => {
      throwIfAborted(signal);
      let timer: ReturnType<typeof setInterval> | undefined;
      let ticks = 0;
      const settle: Waiting['settle'] = end => {
        this.#waiting = undefined;
        clearInterval(timer);
        signal?.removeEventListener('abort', abort);
        if (this.#isAlive) this.#worker.setBusy(false);
        if ('error' in end) reject(end.error);
        else if (end.reply.type === 'answer') resolve(end.reply.answer as LibraryAnswers[Q['kind']]);
        else {
          if (end.reply.isBroken) this.end();
          reject(fromErrorRecord(end.reply.error));
        }
      };
      const stop = (error: MaggError): void => {
        this.end();
        settle({ error });
      };
      const abort = (): void => stop(new MaggError('cancelled', 'the run was cancelled', { cause: signal?.reason }));
      const tick = (): void => {
        if (++ticks === TICKS) stop(failure(`did not answer within ${boundS.toLocaleString('en-US')} s`));
      };
      const taken = (): void => void (timer ??= setInterval(tick, (1000 * boundS) / TICKS));
      this.#waiting = { taken, settle, failure };
      signal?.addEventListener('abort', abort);
      if (!this.#isAlive) return this.#die('it has ended');
      this.#worker.setBusy(true);
      this.#worker.post(question, transfer);
    });
  }

  /** Ends the worker at once; idempotent. */
  end(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#worker.terminate();
  }

  #receive(reply: LibraryReply): void {
    this.#hasSpoken = true;
    if (reply.type === 'taken') this.#waiting?.taken();
    else this.#waiting?.settle({ reply });
  }

  #die(reason: string): void {
    this.end();
    const waiting = this.#waiting;
    if (!waiting) return;
    const error = this.#hasSpoken
      ? waiting.failure(`stopped: ${reason}`)
      : new MaggError('thread-died', `the worker for the full HDF5 library could not be started: ${reason}. With little memory use fewer workers: --workers 1; else install magg again.`);
    waiting.settle({ error });
  }
}
