import { libraryFallback, type LibraryBounds } from './library-fallback.js';
import type { LibraryReply } from './library-messages.js';
import type { StartLibraryWorker } from './library-worker-port.js';
import type { Fallback } from './ranged-file.js';

/**
 * The full library in web workers, started when first needed, from pages and from workers alike.
 * @param spawn starts the bundle of `library-worker.ts`
 */
export const webLibrary = (spawn: () => Worker, bounds?: LibraryBounds): Fallback => libraryFallback(startWorker(spawn), bounds);

const startWorker =
  (spawn: () => Worker): StartLibraryWorker =>
  ({ onReply, onDeath }) => {
    const worker = spawn();
    worker.addEventListener('message', (event: MessageEvent<LibraryReply>) => onReply(event.data));
    worker.addEventListener('error', event => onDeath(event.message || 'it could not be loaded'));
    worker.addEventListener('messageerror', () => onDeath('it sent what cannot be read'));
    return {
      post: (question, transfer) => worker.postMessage(question, { transfer: [...transfer] }),
      setBusy: () => undefined, // a page lives as long as it is open
      terminate: () => worker.terminate()
    };
  };
