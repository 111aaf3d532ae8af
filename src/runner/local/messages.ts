import type { GroupedRuns, RowBlock } from '../../aggregate/index.js';
import type { ErrorRecord } from '../../base/index.js';
import type { OutputVariable } from '../../config/index.js';
import type { StoreLayout } from '../../zarr/index.js';
import type { RunEvent } from '../events.js';
import type { KeptValues } from '../kept-values.js';
import type { PlannedCell } from '../plan.js';
import type { MapJob } from './job.js';
import type { GroupedSlices } from './grouped-slices.js';
import type { KeptRows } from './held-rows.js';
import type { MemoryBudget } from './memory-budget.js';
import type { TaskResult } from './task-results.js';

/** What a thread has made of the (granule, group) tasks that it took. */
export interface MappedRows extends KeptRows {
  readonly results: readonly TaskResult[];
}

/** What to do with the chunk of a cell: leave it as it is, compute it, or erase what an earlier run left. */
export const PLACE = { leave: 0, compute: 1, erase: 2 } as const;

/** How cells are computed and written, wherever their rows come from. */
export interface ReduceSettings {
  readonly storeUrl: string;
  readonly layout: StoreLayout;
  readonly variables: readonly OutputVariable[];
  /** Names of the blocks' columns. */
  readonly columns: readonly string[];
  readonly hasFilters: boolean;
  /** Morton id of each parent, in chunk order. */
  readonly mortons: readonly string[];
  /** Whether chunks of an earlier run may stand in the store. */
  readonly continues: boolean;
  /** Chunks below this number have their ids. */
  readonly chunksWithIds: number;
  /** Per chunk: {@link PLACE}. The ids are written for all. */
  readonly computes: Uint8Array;
  readonly budget: MemoryBudget;
  readonly spillFolder: string | undefined;
}

/** What a thread must know to do any task of the reduce phase. */
export interface ReduceJob extends ReduceSettings {
  /** Per chunk: 1 where rows are missing because a read failed, and the cell is computed all the same. */
  readonly lacking: Uint8Array;
  /** The rows in memory, by ascending task. */
  readonly grouped: GroupedRuns;
  readonly blocks: readonly RowBlock[];
  /** The rows in files. */
  readonly slices: GroupedSlices;
  /** Per column: whether it is float32 wherever it stands. */
  readonly float32: readonly boolean[];
}

/** What a thread must know to compute any cell from its granules alone. */
export interface CellsJob {
  /** Of the whole plan; the granules to read are those of the cell. */
  readonly map: MapJob;
  readonly reduce: ReduceSettings;
  /** In chunk order. */
  readonly cells: readonly PlannedCell[];
  /** Every chunk once, in the order in which they are taken. */
  readonly order: Int32Array;
  /** Cells that lack rows because a read failed are computed from what there is. */
  readonly allowPartial: boolean;
  /** What stays in those of them that are not, by chunk; of the others nothing does. */
  readonly kept: ReadonlyMap<number, KeptValues>;
}

/** What a thread must know to compare any granule with the catalog. */
export interface CheckJob {
  /** Of the whole plan with no cell to compute; `toRead` are the granules to check. */
  readonly map: MapJob;
  /** Of each in `toRead`, as the event `catalog-checked` has it. */
  readonly listings: readonly string[];
}

/** What a thread of Node is started with. */
export interface ThreadData {
  /** Shared memory, see CONTROL. */
  readonly control: Int32Array;
  /** The bundle of the worker that runs the full HDF5 library. */
  readonly libraryUrl: string;
}

/** To a thread. `control` is shared memory, see CONTROL. */
export type ThreadRequest =
  | { readonly type: 'map'; readonly job: MapJob }
  | { readonly type: 'reduce'; readonly job: ReduceJob }
  | { readonly type: 'cells'; readonly job: CellsJob }
  | { readonly type: 'check'; readonly job: CheckJob }
  | { readonly type: 'cancel' };

/** From a thread. */
export type ThreadReply =
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'mapped'; readonly rows: MappedRows }
  | { readonly type: 'reduced' }
  | { readonly type: 'broke'; readonly error: ErrorRecord };
