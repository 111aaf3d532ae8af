import { RowArena, type ParentVerdict } from '../../aggregate/index.js';
import { MaggError, throwIfAborted, toErrorRecord, type ErrorRecord } from '../../base/index.js';
import { createEncoder } from '../../grid/index.js';
import type { Hdf5File } from '../../hdf5/index.js';
import type { ObjectStore, ReadBuffer } from '../../io/index.js';
import type { ChunkEncoders } from '../../zarr/index.js';
import type { RunEvent } from '../events.js';
import { withRetry, type RetryPolicy } from '../retry.js';
import { groupsOf } from '../plan.js';
import { columnPlan } from './column-plan.js';
import { taskCount, taskOf, type MapJob } from './job.js';
import { keptCells } from './kept-cells.js';
import { wantedCells } from './narrow-windows.js';
import { mapGroup, type MappedGroup, type MapRequest, type MapTools } from './map-group.js';
import type { ReduceJob } from './messages.js';
import { PositionScratch } from './position-scratch.js';
import { CellReducer } from './reduce-cell.js';

/** What the host of a thread gives it. */
export interface ThreadHost {
  readonly openGranule: (url: string, signal: AbortSignal | undefined) => Promise<Hdf5File>;
  readonly openStore: (url: string) => ObjectStore;
  readonly codecs: ChunkEncoders;
  readonly buffer: ReadBuffer;
  /** Memory for rows and runs: shared between threads where the host can. */
  readonly allocate: (bytes: number) => ArrayBufferLike;
  readonly retry: RetryPolicy;
  /** The next task of a phase: 0, 1, 2 ..., each number given to one thread only. */
  readonly nextTask: (phase: 'map' | 'reduce') => number | Promise<number>;
  /** Lets the host handle what has arrived meanwhile: messages, an interrupt. */
  readonly breathe: () => Promise<void>;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal | undefined;
}

/** How one (granule, group) task ended. */
export type TaskResult =
  | { readonly kind: 'mapped'; readonly granule: number; readonly group: number; readonly mapped: MappedGroup }
  | {
      readonly kind: 'failed';
      readonly granule: number;
      readonly group: number;
      readonly error: ErrorRecord;
      /** Parents that its rows touch, by nested id; undefined when the coordinates cannot be read either. */
      readonly parents: Float64Array | undefined;
    };

const SLAB_BYTES = 1 << 23;

/** The work of one thread, whichever kind of thread that is: takes tasks until none are left. */
export class LocalThread {
  readonly #host: ThreadHost;
  #open: { readonly url: string; readonly file: Hdf5File } | undefined;

  constructor(host: ThreadHost) {
    this.#host = host;
  }

  /** Reads (granule, group) after (granule, group). Only cancelling makes it reject. */
  async map(job: MapJob): Promise<readonly TaskResult[]> {
    const host = this.#host;
    const tools: MapTools = {
      encoder: createEncoder(job.purpose === 'rows' ? job.config.grid.childOrder : job.parentOrder, job.config.grid.latitude),
      columns: columnPlan(job.config),
      positions: new PositionScratch(),
      buffer: host.buffer,
      memory: new RowArena(host.allocate, SLAB_BYTES),
      signal: host.signal
    };
    const total = taskCount(job);
    const results: TaskResult[] = [];
    for (let task = await host.nextTask('map'); task < total; task = await host.nextTask('map')) {
      throwIfAborted(host.signal);
      results.push(await this.#mapTask(job, task, tools));
      await host.breathe();
    }
    await this.#close();
    return results;
  }

  /** Computes and writes cell after cell. */
  async reduce(job: ReduceJob): Promise<void> {
    const host = this.#host;
    const reducer = new CellReducer(job, host.openStore(job.storeUrl), host.codecs, host.onEvent);
    for (let place = await host.nextTask('reduce'); place < job.mortons.length; place = await host.nextTask('reduce')) {
      throwIfAborted(host.signal);
      await reducer.cell(place);
      await host.breathe();
    }
  }

  async #mapTask(job: MapJob, task: number, tools: MapTools): Promise<TaskResult> {
    const { granule, group, order } = taskOf(job, task);
    const { id, url } = job.granules[granule]!;
    const name = groupsOf(job.config)[group]!;
    const { onEvent, retry, signal } = this.#host;
    if (group === 0) onEvent({ type: 'granule-started', granule: id });
    const request: MapRequest = {
      config: job.config,
      parentOrder: job.parentOrder,
      group: name,
      purpose: job.purpose,
      needsAllPositions: job.planned === undefined,
      verdictOf: verdicts(job, granule),
      wanted: job.reads === 'selected' ? wantedCells(selectedOf(job, granule), job.parentOrder, job.config.grid.latitude) : undefined,
      badPositions: job.purpose === 'rows' ? 'refuse' : 'leave-out',
      order
    };
    const attempt = async (what: MapRequest): Promise<MappedGroup> => {
      try {
        return await mapGroup(await this.#granule(url), what, tools);
      } catch (error) {
        await this.#close(); // a fresh start for the next attempt: the connection may be what is broken
        throw error;
      }
    };
    try {
      const mapped = await withRetry(() => attempt(request), retry, signal, (number, { tag, message }) =>
        onEvent({ type: 'granule-retried', granule: id, group: name, attempt: number, tag, message })
      );
      const { outcome, rows, rowsWithoutPosition, rowsOutsidePlan, bytesRead, block } = mapped;
      onEvent({
        type: 'granule-finished', granule: id, group: name, outcome, rows, kept: block?.rows ?? 0, rowsWithoutPosition, rowsOutsidePlan, bytesRead,
        cells: keptCells(block, job.parentOrder)
      });
      return { kind: 'mapped', granule, group, mapped };
    } catch (thrown) {
      throwIfAborted(signal);
      const error = toErrorRecord(thrown);
      onEvent({ type: 'granule-failed', granule: id, group: name, tag: error.tag, message: error.message, retryable: error.retryable });
      return { kind: 'failed', granule, group, error, parents: await locate(() => attempt({ ...request, purpose: 'positions', wanted: undefined })) };
    }
  }

  async #granule(url: string): Promise<Hdf5File> {
    if (this.#open?.url !== url) {
      await this.#close();
      this.#open = { url, file: await this.#host.openGranule(url, this.#host.signal) };
    }
    return this.#open.file;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close();
  }
}

/** Which cells the rows of a damaged group touch: its coordinates may still be whole. */
async function locate(positions: () => Promise<MappedGroup>): Promise<Float64Array | undefined> {
  try {
    return (await positions()).block?.runs.parents ?? new Float64Array(0);
  } catch (error) {
    // The first error is the one that is reported; this one only says that the cells stay unknown.
    if (error instanceof MaggError && error.tag !== 'cancelled') return undefined;
    throw error;
  }
}

/** Selected parents that the plan has the granule for. */
function selectedOf({ planned, selected }: MapJob, granule: number): Iterable<number> {
  const computed = new Set(selected);
  return Array.from(planned!.byGranule[granule]!, c => planned!.parents[c]!).filter(parent => computed.has(parent));
}

function verdicts({ planned, selected }: MapJob, granule: number): (parent: number) => ParentVerdict {
  const computed = selected && new Set(selected);
  const wanted = (parent: number): ParentVerdict => (computed === undefined || computed.has(parent) ? 'keep' : 'skip');
  if (!planned) return wanted;
  const own = new Set(Array.from(planned.byGranule[granule]!, c => planned.parents[c]!));
  return parent => (own.has(parent) ? wanted(parent) : 'outside');
}
