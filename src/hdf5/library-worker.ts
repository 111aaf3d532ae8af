import type { LibraryQuestion } from './library-messages.js';
import { serveLibrary } from './serve-library.js';

// The program of a web worker that runs the full library: messages in, messages out, nothing else.
const take = serveLibrary((message, transfer) => globalThis.postMessage(message, { transfer }));
globalThis.addEventListener('message', (event: MessageEvent<LibraryQuestion>) => void take(event.data));
