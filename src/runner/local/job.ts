import type { CatalogArea } from '../../catalog/index.js';
import type { PipelineConfig } from '../../config/index.js';
import { groupsOf, type Plan, type PlannedGranule } from '../plan.js';

/** Three shared counters and a flag, Int32: the next task of each phase, and whether the run was cancelled. */
export const CONTROL = { nextMap: 0, nextReduce: 1, nextCheck: 2, cancelled: 3, length: 4 } as const;

/** What threads share tasks of. */
export type Phase = 'map' | 'reduce' | 'check';

/** What a thread must know to do any task of the map phase. Crosses threads by structured clone. */
export interface MapJob {
  readonly config: PipelineConfig;
  readonly parentOrder: number;
  /** `rows`: for a run; `positions`: only find the cells that the rows touch. */
  readonly purpose: 'rows' | 'positions';
  readonly granules: readonly PlannedGranule[];
  /** The plan's cells: parents by nested id, and for each granule the positions of its cells. Undefined: any cell is fine. */
  readonly planned: { readonly parents: Float64Array; readonly byGranule: readonly Int32Array[] } | undefined;
  /** That the plan was cut to. */
  readonly area: CatalogArea | undefined;
  /** Parents to compute; undefined: all. */
  readonly selected: Float64Array | undefined;
  /** Nested id of the one cell that is computed from its granules alone: rows elsewhere are neither read nor counted. */
  readonly only: number | undefined;
  /** `selected`: the user chose a few cells, so that rows elsewhere are neither read nor counted. */
  readonly reads: 'all' | 'selected';
  /** Positions in `granules` of those that have to be read, ascending. */
  readonly toRead: Int32Array;
  /** Bytes of rows that each thread may keep in memory, and the folder for files of the others; undefined: there is none. */
  readonly heldBytes: number;
  readonly spillFolder: string | undefined;
  /** Where indexes of granules are kept; undefined: nowhere. */
  readonly indexFolder: string | undefined;
}

/** Number of (granule, group) tasks. */
export function taskCount(job: MapJob): number {
  return job.toRead.length * groupsOf(job.config).length;
}

/** The granule and group of a task; tasks run granule by granule. */
export function taskOf(job: MapJob, index: number): { readonly granule: number; readonly group: number; readonly order: number } {
  const groups = groupsOf(job.config).length;
  const granule = job.toRead[Math.floor(index / groups)]!;
  const group = index % groups;
  return { granule, group, order: granule * groups + group };
}

/** The map job of a plan. */
export function mapJob(plan: Plan, purpose: MapJob['purpose'], selected: readonly number[] | undefined): MapJob {
  const { cells } = plan;
  const base = { config: plan.config, parentOrder: plan.parentOrder, purpose, granules: plan.granules, area: plan.area, only: undefined, heldBytes: Infinity, spillFolder: undefined, indexFolder: undefined };
  if (!cells) return { ...base, planned: undefined, selected: undefined, reads: 'all', toRead: Int32Array.from(plan.granules.keys()) };
  const byGranule: number[][] = plan.granules.map(() => []);
  cells.forEach((cell, c) => cell.granules.forEach(g => byGranule[g]!.push(c)));
  const wanted = selected ?? [...cells.keys()];
  const granules = new Set(wanted.flatMap(c => cells[c]!.granules));
  return {
    ...base,
    planned: { parents: Float64Array.from(cells, cell => cell.nested), byGranule: byGranule.map(list => Int32Array.from(list)) },
    selected: selected && Float64Array.from(selected, c => cells[c]!.nested),
    reads: isNarrow(plan, wanted.length, cells.length) ? 'selected' : 'all',
    toRead: Int32Array.from([...granules].sort((a, b) => a - b))
  };
}

/** At most this many cells, or this share of the plan, are looked for by themselves. */
const FEW_CELLS = 8;
const FEW_SHARE = 0.1;

function isNarrow({ selection, countsOutside = false }: Plan, selected: number, cells: number): boolean {
  return !countsOutside && (selection.cells !== undefined || selection.maxCells !== undefined) && selected <= Math.max(FEW_CELLS, FEW_SHARE * cells);
}
