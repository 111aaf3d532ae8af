import { groupRuns, RowArena, rowsOf, type Allocate, type RowBlock } from '../../aggregate/index.js';
import { MaggError, throwIfAborted, toErrorRecord } from '../../base/index.js';
import { createEncoder } from '../../grid/index.js';
import { DecodeRooms, type Hdf5File } from '../../hdf5/index.js';
import type { ObjectStore, ReadBuffer } from '../../io/index.js';
import type { ChunkEncoders, Sha256 } from '../../zarr/index.js';
import type { RunEvent } from '../events.js';
import { withRetry, type RetryPolicy } from '../retry.js';
import { groupsOf, type PlannedGranule } from '../plan.js';
import { checkGranules } from './check-granules.js';
import { columnPlan, storedColumns } from './column-plan.js';
import { granuleCells } from './granule-cells.js';
import type { GranuleIndexStore } from './granule-index.js';
import { GranuleReader, type OpenGranuleOptions } from './granule-reader.js';
import { groupSlices } from './grouped-slices.js';
import { float32Columns, HeldRows, mostBlockRows } from './held-rows.js';
import { taskCount, taskOf, type MapJob, type Phase } from './job.js';
import { KeptCells } from './kept-cells.js';
import { mapGroup, type MappedGroup, type MapRequest, type MapTools } from './map-group.js';
import { PLACE, type CellsJob, type CheckJob, type MappedRows, type ReduceJob, type ReduceSettings } from './messages.js';
import { ParentParts } from './parent-parts.js';
import { PositionScratch } from './position-scratch.js';
import { CellReducer } from './reduce-cell.js';
import { saveIndexes } from './save-indexes.js';
import type { SpillFile, SpillHost } from './spill-file.js';
import { failureOf, inOrder, type FailedTask, type TaskResult } from './task-results.js';
import { TrackScratch } from './track.js';

/** What the host of a thread gives it. */
export interface ThreadHost {
  /** Opens a granule, with its saved index if there is one. Throws `granule-changed` when it is not the one that was planned. */
  readonly openGranule: (granule: PlannedGranule, options: OpenGranuleOptions) => Promise<Hdf5File>;
  /** Where indexes of granules are kept; undefined: this host cannot keep any. */
  readonly openIndexes?: ((folder: string) => GranuleIndexStore) | undefined;
  readonly openStore: (url: string) => ObjectStore;
  readonly codecs: ChunkEncoders;
  /** SHA-256; default: that of the web, which is slower. */
  readonly sha256?: Sha256;
  readonly buffer: ReadBuffer;
  /** Memory for rows and runs: shared between threads where the host can. */
  readonly allocate: Allocate;
  /** Files in a folder, for rows that do not fit into memory; undefined: the host has none. */
  readonly spill?: ((folder: string) => SpillHost) | undefined;
  readonly retry: RetryPolicy;
  /** The next task of a phase: 0, 1, 2 ..., each number given to one thread only. */
  readonly nextTask: (phase: Phase) => number | Promise<number>;
  /** Lets the host handle what has arrived meanwhile: messages, an interrupt. */
  readonly breathe: () => Promise<void>;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal | undefined;
}

const SCRATCH_BYTES = 1 << 20;
const ownMemory: Allocate = bytes => new ArrayBuffer(bytes);

/** The work of one thread, whichever kind of thread that is: takes tasks until none are left. */
export class LocalThread {
  readonly #host: ThreadHost;
  /** Memory that the map phase has left free: what is read of files in the reduce phase stands in it. */
  #scratch = new RowArena(ownMemory, SCRATCH_BYTES);
  /** Memory for the rows of one cell after the other. */
  #cellRows: RowArena | undefined;
  readonly #rooms = new DecodeRooms();
  readonly #track = new TrackScratch();

  constructor(host: ThreadHost) {
    this.#host = host;
  }

  /** Reads (granule, group) after (granule, group). Rejects only when cancelled, and when rows cannot be kept. */
  map(job: MapJob): Promise<MappedRows> {
    return this.#map(job, () => this.#host.nextTask('map'));
  }

  async #map(job: MapJob, nextTask: () => number | Promise<number>): Promise<MappedRows> {
    const host = this.#host;
    const { spillFolder, heldBytes } = job;
    const spill = this.#spill(spillFolder);
    const held = new HeldRows({ arena: job.only === undefined ? undefined : this.#cellRows, allocate: job.only === undefined ? host.allocate : ownMemory, mostBytes: heldBytes, createFile: spill && (() => spill.create()) });
    const tools: MapTools = {
      encoder: createEncoder(job.purpose === 'rows' ? job.config.grid.childOrder : job.parentOrder, job.config.grid.latitude),
      columns: columnPlan(job.config),
      positions: new PositionScratch(),
      buffer: host.buffer,
      rooms: this.#rooms,
      track: this.#track,
      memory: job.purpose === 'rows' ? held.memory : this.#scratch,
      mostRows: mostBlockRows(storedColumns(job.config).length, heldBytes),
      handOver: block => held.add(block),
      signal: host.signal
    };
    const total = taskCount(job);
    const results: TaskResult[] = [];
    const cellsOf = granuleCells(job);
    const granules = new GranuleReader(host, this.#indexes(job));
    try {
      for (let task = await nextTask(); task < total; task = await nextTask()) {
        throwIfAborted(host.signal);
        const { result, block } = await this.#mapTask(job, task, cellsOf, granules, tools, held);
        results.push(result);
        if (job.purpose === 'positions') this.#scratch.reset();
        else if (block && block.rows > 0) await held.add(block);
        else held.skip();
        await host.breathe();
      }
      await granules.close();
      const kept = await held.finish();
      if (kept.rounds.length > 0) this.#scratch = held.arena;
      if (job.only !== undefined) this.#cellRows = held.arena;
      return { results, ...kept };
    } finally {
      held.close();
    }
  }

  /** Computes and writes cell after cell. */
  async reduce(job: ReduceJob): Promise<void> {
    const { grouped, blocks, slices, lacking, float32, mortons } = job;
    const host = this.#host;
    const files = await this.#openFiles(job, slices.files);
    try {
      const parts = new ParentParts({ grouped, blocks, slices, files, columns: job.columns.length }, this.#scratch, job.budget.heldBytes);
      const reducer = this.#reducer(job);
      for (let place = await host.nextTask('reduce'); place < mortons.length; place = await host.nextTask('reduce')) {
        throwIfAborted(host.signal);
        await reducer.cell(place, { grouped, at: place, blocks, parts, rowsInFiles: slices.rows[place]!, float32, isWhole: lacking[place] === 0 });
        await host.breathe();
      }
    } finally {
      for (const file of files) file.close();
    }
  }

  /** Computes and writes cell after cell, each from its granules alone: never more than the rows of one are kept. */
  async cells(job: CellsJob): Promise<void> {
    const host = this.#host;
    const reducer = this.#reducer(job.reduce);
    for (let i = await host.nextTask('reduce'); i < job.order.length; i = await host.nextTask('reduce')) {
      throwIfAborted(host.signal);
      await this.#cell(job, job.order[i]!, reducer);
      await host.breathe();
    }
  }

  /** Compares granule after granule with the catalog: which of its rows stand in cells that are not listed for it. Keeps none. */
  check(job: CheckJob): Promise<void> {
    return checkGranules(job, this.#host, this.#scratch, this.#indexes(job.map));
  }

  async #cell({ map, reduce, cells, allowPartial, kept }: CellsJob, place: number, reducer: CellReducer): Promise<void> {
    if (reduce.computes[place] !== PLACE.compute) return reducer.cell(place, undefined);
    const { nested, granules } = cells[place]!;
    let next = 0;
    const mapped = await this.#map({ ...map, only: nested, toRead: Int32Array.from(granules) }, () => next++);
    const indexes = this.#indexes(map);
    // At once, for the next cell of the same granules.
    if (indexes) await saveIndexes(indexes, map.granules, mapped.results, this.#host.onEvent);
    const lacking = inOrder(mapped.results).find((result): result is FailedTask => result.kind === 'failed' && (!result.parents || result.parents.includes(nested)));
    const files = mapped.rounds.length > 0 ? [...new Set(mapped.rounds.map(round => round.file))] : [];
    const open = await this.#openFiles(reduce, files);
    try {
      const places = new Map([[nested, 0]]);
      const { blocks, rounds } = mapped;
      const grouped = groupRuns(blocks, 1, places, ownMemory);
      const slices = groupSlices(rounds, 1, places);
      const isComputed = !lacking || (allowPartial && rowsOf(grouped, 0) + slices.rows[0]! > 0);
      if (!isComputed) return await reducer.refuse(place, failureOf(map, lacking), kept.get(place));
      const parts = new ParentParts({ grouped, blocks, slices, files: open, columns: reduce.columns.length }, this.#scratch, reduce.budget.heldBytes);
      const float32 = float32Columns(reduce.columns.length, blocks, rounds);
      await reducer.cell(place, { grouped, at: 0, blocks, parts, rowsInFiles: slices.rows[0]!, float32, isWhole: !lacking, isBare: mapped.results.every(result => result.kind === 'mapped' && result.isBare) });
    } finally {
      for (const file of open) file.close();
      for (const name of files) await this.#spill(reduce.spillFolder)!.remove(name);
    }
  }

  #reducer(job: ReduceSettings): CellReducer {
    return new CellReducer(job, this.#host.openStore(job.storeUrl), this.#host);
  }

  #indexes({ indexFolder }: MapJob): GranuleIndexStore | undefined {
    return indexFolder === undefined ? undefined : this.#host.openIndexes?.(indexFolder);
  }

  #spill(folder: string | undefined): SpillHost | undefined {
    return folder === undefined ? undefined : this.#host.spill?.(folder);
  }

  #openFiles({ spillFolder }: ReduceSettings, names: readonly string[]): Promise<readonly SpillFile[]> {
    return Promise.all(names.map(name => this.#spill(spillFolder)!.open(name)));
  }

  async #mapTask(job: MapJob, task: number, cellsOf: ReturnType<typeof granuleCells>, granules: GranuleReader, tools: MapTools, held: HeldRows): Promise<{ readonly result: TaskResult; readonly block: RowBlock | undefined }> {
    const { granule, group, order } = taskOf(job, task);
    const planned = job.granules[granule]!;
    const { id } = planned;
    const name = groupsOf(job.config)[group]!;
    const { onEvent, retry, signal } = this.#host;
    if (group === 0) onEvent({ type: 'granule-started', granule: id });
    const request: MapRequest = {
      config: job.config,
      parentOrder: job.parentOrder,
      group: name,
      purpose: job.purpose,
      needsAllPositions: job.planned === undefined && job.only === undefined,
      ...cellsOf(granule),
      known: undefined,
      order
    };
    const kept = new KeptCells();
    let failure: { readonly error: unknown } | undefined;
    const handOver = async (block: RowBlock): Promise<void> => {
      kept.add(block);
      try {
        await held.add(block);
      } catch (error) {
        failure = { error }; // of the disk that rows are kept on, not of the granule
        throw error;
      }
    };
    const discard = (): void => {
      if (kept.rows > 0) held.drop(order);
      kept.clear();
    };
    const attempt = (what: MapRequest): Promise<MappedGroup> =>
      granules.read(planned, ({ file, known }) => {
        discard(); // what an earlier attempt has handed over
        return mapGroup(file, { ...what, known }, { ...tools, handOver });
      });
    try {
      granules.assertReachable(planned);
      const mapped = await withRetry(() => attempt(request), retry, signal, (number, { tag, message }) =>
        onEvent({ type: 'granule-retried', granule: id, group: name, attempt: number, tag, message })
      );
      const { outcome, rejected, rows, isBare, rowsWithoutPosition, lostNotice, rowsOutsidePlan, rowsElsewhere, bytesRead, block, learned } = mapped;
      if (block) kept.add(block);
      if (lostNotice !== undefined) onEvent({ type: 'run-notice', tag: 'rows-without-position', message: lostNotice });
      onEvent({
        type: 'granule-finished', granule: id, group: name, outcome, rows, kept: kept.rows, ...(rejected ? { rejected } : {}), rowsWithoutPosition, rowsOutsidePlan, ...(rowsElsewhere > 0 ? { rowsElsewhere } : {}), ...(request.wanted ? { isNarrow: true } : {}), bytesRead,
        cells: kept.cells(job.parentOrder)
      });
      return { result: { kind: 'mapped', granule, group, outcome, isBare, parents: job.planned ? undefined : block?.runs.parents, learned }, block };
    } catch (thrown) {
      throwIfAborted(signal);
      if (failure) throw failure.error;
      discard();
      granules.giveUp(planned, thrown);
      const error = toErrorRecord(thrown);
      onEvent({ type: 'granule-failed', granule: id, group: name, tag: error.tag, message: error.message, retryable: error.retryable });
      return { result: { kind: 'failed', granule, group, error, parents: await locate(() => attempt({ ...request, purpose: 'positions', wanted: undefined })) }, block: undefined };
    }
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
