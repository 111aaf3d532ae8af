import { MaggError } from '../../src/base/index.js';
import { createReadBuffer, memoryStore, type ObjectStore } from '../../src/io/index.js';
import { cellsBackend, localBackend, makePlan, run, type PlanInput, type RunEvent, type RunSummary } from '../../src/runner/index.js';
import type { PipelineConfig } from '../../src/config/index.js';
import type { WorkContext } from '../../src/runner/index.js';
import type { Crew } from '../../src/runner/local/crew.js';
import { LocalThread } from '../../src/runner/local/local-thread.js';
import type { SpillFile, SpillHost } from '../../src/runner/local/spill-file.js';
import { portableCodecs } from '../../src/zarr/index.js';
import { randomFrom } from '../random.js';
import type { FakeGranule } from './fake-granule.js';
import { MemoryJournal } from './in-memory.js';

/** Files in memory that count what happens to them. */
export class MemorySpills implements SpillHost {
  readonly contents = new Map<string, Uint8Array>();
  /** Appends before a disk without room; Infinity: it never fills up. */
  room = Infinity;
  opened = 0;
  removed = 0;

  create(): Promise<SpillFile> {
    const name = `spill-${this.contents.size + this.removed}`;
    this.contents.set(name, new Uint8Array(0));
    return this.open(name);
  }

  remove(name: string): Promise<void> {
    this.contents.delete(name);
    this.removed++;
    return Promise.resolve();
  }

  open(name: string): Promise<SpillFile> {
    this.opened++;
    let isOpen = true;
    return Promise.resolve({
      name,
      append: (bytes: Uint8Array) => {
        if (this.room-- <= 0) throw new MaggError('disk-full', 'no room is left');
        const have = this.contents.get(name)!;
        const more = new Uint8Array(have.length + bytes.length);
        more.set(have);
        more.set(bytes, have.length);
        this.contents.set(name, more);
      },
      read: (at: number, into: Uint8Array) => into.set(this.contents.get(name)!.subarray(at, at + into.length)),
      close: () => {
        if (isOpen) this.opened--;
        isOpen = false;
      }
    });
  }
}

export interface ThreadsRun {
  readonly granules: readonly FakeGranule[];
  readonly config: PipelineConfig;
  readonly threads?: number;
  /** Of the order in which threads take tasks. */
  readonly seed?: number;
  readonly memoryBytes?: number;
  readonly spills?: MemorySpills | undefined;
  readonly input?: PlanInput;
  readonly store?: ObjectStore;
  readonly allowPartial?: boolean;
  readonly backend?: 'local' | 'cells';
}

/** Threads that share one real thread and take their tasks in a random order. */
function randomCrew({ granules, threads = 1, seed = 1, spills }: ThreadsRun, store: ObjectStore) {
  const byName = new Map(granules.map(granule => [granule.name, granule]));
  return ({ signal, onEvent }: WorkContext): Crew => {
    const random = randomFrom(seed);
    const next = { map: 0, reduce: 0, check: 0 };
    const allocate = (bytes: number): ArrayBuffer => new ArrayBuffer(bytes);
    const turn = async (): Promise<void> => {
      for (let wait = Math.floor(20 * random()); wait > 0; wait--) await Promise.resolve();
    };
    const workers = Array.from({ length: threads }, () =>
      new LocalThread({
        openGranule: ({ url }) => (byName.has(url) ? Promise.resolve(byName.get(url)!) : Promise.reject(new MaggError('not-found', `${url} does not exist`))),
        openStore: () => store,
        codecs: portableCodecs,
        buffer: createReadBuffer(),
        allocate,
        spill: spills && (() => spills),
        retry: { attempts: 2, delayS: () => 0, sleep: () => Promise.resolve() },
        nextTask: async phase => {
          await turn();
          return next[phase]++;
        },
        breathe: turn,
        onEvent,
        signal
      })
    );
    return {
      map: job => Promise.all(workers.map(worker => worker.map(job))),
      reduce: async job => void (await Promise.all(workers.map(worker => worker.reduce(job)))),
      cells: async job => void (await Promise.all(workers.map(worker => worker.cells(job)))),
      check: async job => void (await Promise.all(workers.map(worker => worker.check(job)))),
      allocate,
      memory: { threads, restBytes: 0, leastBytes: 1 },
      close: () => Promise.resolve()
    };
  };
}

export interface ThreadsResult {
  readonly summary: RunSummary | undefined;
  readonly error: unknown;
  readonly events: readonly RunEvent[];
  readonly store: ObjectStore;
}

/** A whole run in memory, on any number of such threads, within any limit of memory. */
export async function runOnThreads(options: ThreadsRun): Promise<ThreadsResult> {
  const store = options.store ?? memoryStore('memory');
  const events: RunEvent[] = [];
  const input = options.input ?? { kind: 'granules', granules: options.granules.map(granule => granule.name) };
  let summary: RunSummary | undefined;
  let error: unknown;
  try {
    summary = await run({
      planned: await makePlan(options.config, input, {}),
      backend: (options.backend === 'cells' ? cellsBackend : localBackend)({ storeUrl: 'memory', openCrew: randomCrew(options, store), memoryBytes: options.memoryBytes, spillFolder: options.spills && 'spills' }),
      store,
      overwrite: false,
      allowPartial: options.allowPartial ?? false,
      holdJournal: () => new MemoryJournal().hold(),
      clockS: () => 0,
      signal: new AbortController().signal,
      onEvent: event => events.push(event)
    });
  } catch (thrown) {
    error = thrown;
  }
  return { summary, error, events, store };
}

/** Every object of a store as text. */
export async function bytesOf(store: ObjectStore): Promise<ReadonlyMap<string, string>> {
  const out = new Map<string, string>();
  for (const key of await store.list('')) out.set(key, Buffer.from((await store.get(key))!).toString('hex'));
  return out;
}
