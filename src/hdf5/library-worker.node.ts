import { parentPort } from 'node:worker_threads';
import type { LibraryQuestion } from './library-messages.js';
import { serveLibrary } from './serve-library.js';

// The program of a worker thread that runs the full library: messages in, messages out, nothing else.
const port = parentPort!;
const take = serveLibrary((message, transfer) => port.postMessage(message, transfer));
port.on('message', (question: LibraryQuestion) => void take(question));
