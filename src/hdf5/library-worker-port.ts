import type { LibraryQuestion, LibraryReply } from './library-messages.js';

/** What a worker tells its owner. */
export interface LibraryListener {
  readonly onReply: (reply: LibraryReply) => void;
  /** The worker could not be started, or has ended without being told to. */
  readonly onDeath: (reason: string) => void;
}

/** A worker of the full library as its owner sees it, one of Node or one of the web. */
export interface LibraryWorker {
  /** Sends a question; the bytes of `transfer` are gone here afterwards. */
  post(question: LibraryQuestion, transfer: readonly ArrayBuffer[]): void;
  /** Whether an answer is awaited: an idle worker must not keep the process alive. */
  setBusy(isBusy: boolean): void;
  /** Ends it at once, whatever it is doing. */
  terminate(): void;
}

/** Starts a worker, whose program calls `serveLibrary`. */
export type StartLibraryWorker = (listener: LibraryListener) => LibraryWorker;
