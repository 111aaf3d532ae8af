import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { openHdf5 } from '../../hdf5/index.js';
import { nodeCodecs } from '../../hdf5/codecs.node.js';
import { nodeLibrary } from '../../hdf5/node-library.node.js';
import { createReadBuffer } from '../../io/index.js';
import { folderStore } from '../../io/folder-store.node.js';
import { openSource } from '../../io/open-source.node.js';
import { GZIP_LEVEL, portableCodecs } from '../../zarr/index.js';
import type { RunEvent } from '../events.js';
import { backOff } from '../retry.js';
import { folderIndexes } from './granule-index.node.js';
import { CONTROL, type Phase } from './job.js';
import type { ThreadHost } from './local-thread.js';
import { plannedSource } from './planned-source.js';
import { spillFolder } from './spill-folder.node.js';

export interface NodeHostOptions {
  /** Shared memory, see CONTROL. */
  readonly control: Int32Array;
  /** The bundle of the worker that runs the full HDF5 library. */
  readonly libraryUrl: URL;
  /** Whether rows are read by other threads too. */
  readonly shared: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly breathe: () => Promise<void>;
  /** Called when the flag says that the run was cancelled. */
  readonly onCancelled: () => void;
}

const COUNTERS: Readonly<Record<Phase, number>> = { map: CONTROL.nextMap, reduce: CONTROL.nextReduce, check: CONTROL.nextCheck };

/** What Node gives a thread: files, sockets, zlib, shared memory. */
export function nodeHost({ control, libraryUrl, shared, signal, onEvent, breathe, onCancelled }: NodeHostOptions): ThreadHost {
  const fallback = nodeLibrary(libraryUrl);
  return {
    openGranule: async (granule, { signal: abort, saved }) => openHdf5(await plannedSource(openSource(granule.url), granule, { signal: abort }), { codecs: nodeCodecs, fallback, signal: abort, saved }),
    openIndexes: folderIndexes,
    openStore: folderStore,
    sha256: bytes => createHash('sha256').update(bytes).digest(),
    codecs: { ...portableCodecs, gzip: bytes => gzipSync(bytes, { level: GZIP_LEVEL }) },
    buffer: createReadBuffer(),
    allocate: allocator(shared),
    spill: spillFolder,
    retry: { attempts: 4, delayS: backOff(Math.random), sleep },
    nextTask: phase => {
      if (Atomics.load(control, CONTROL.cancelled) === 1) onCancelled();
      return Atomics.add(control, COUNTERS[phase], 1);
    },
    breathe,
    onEvent,
    signal
  };
}

/** Memory for rows: shared only when another thread will read it. */
export const allocator =
  (shared: boolean) =>
  (bytes: number): ArrayBufferLike =>
    shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);

function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, 1000 * seconds);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
