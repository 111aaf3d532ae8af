import { parentPort, workerData } from 'node:worker_threads';
import { toErrorRecord } from '../../base/index.js';
import { LocalThread } from './local-thread.js';
import type { ThreadData, ThreadReply, ThreadRequest } from './messages.js';
import { nodeHost } from './node-host.node.js';

// The shell of a worker thread: messages in, messages out, nothing else.
const port = parentPort!;
const { control, libraryUrl } = workerData as ThreadData;
const cancel = new AbortController();
const reply = (message: ThreadReply): void => port.postMessage(message);
const thread = new LocalThread(
  nodeHost({
    control,
    libraryUrl: new URL(libraryUrl),
    shared: true,
    signal: cancel.signal,
    onEvent: event => reply({ type: 'event', event }),
    breathe: () => Promise.resolve(),
    onCancelled: () => cancel.abort()
  })
);

async function serve(request: Exclude<ThreadRequest, { type: 'cancel' }>): Promise<void> {
  try {
    if (request.type === 'map') reply({ type: 'mapped', rows: await thread.map(request.job) });
    else {
      await (request.type === 'reduce' ? thread.reduce(request.job) : request.type === 'cells' ? thread.cells(request.job) : thread.check(request.job));
      reply({ type: 'reduced' });
    }
  } catch (error) {
    reply({ type: 'broke', error: toErrorRecord(error) });
  }
}

port.on('message', (request: ThreadRequest) => {
  if (request.type === 'cancel') cancel.abort();
  else void serve(request);
});
