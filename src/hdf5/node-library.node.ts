import { Worker } from 'node:worker_threads';
import { libraryFallback, type LibraryBounds } from './library-fallback.js';
import type { LibraryReply } from './library-messages.js';
import type { StartLibraryWorker } from './library-worker-port.js';
import type { Fallback } from './ranged-file.js';

/** What JavaScript in the worker may keep besides the file and the memory of the library: names, texts. */
const HEAP_MB = 256;

/** The full library in worker threads of Node, started when first needed. @param url bundle of `library-worker.node.ts` */
export const nodeLibrary = (url: URL, bounds?: LibraryBounds): Fallback => libraryFallback(startThread(url), bounds);

const startThread =
  (url: URL): StartLibraryWorker =>
  ({ onReply, onDeath }) => {
    const worker = new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    worker.on('message', (reply: LibraryReply) => onReply(reply));
    worker.on('error', error => onDeath(error.message));
    worker.on('exit', code => onDeath(`it ended with code ${code}`));
    return {
      post: (question, transfer) => worker.postMessage(question, transfer),
      setBusy: isBusy => (isBusy ? worker.ref() : worker.unref()),
      terminate: () => void worker.terminate()
    };
  };
