import { groupRuns, rowsOf } from '../../aggregate/index.js';
import { fromErrorRecord, throwIfAborted } from '../../base/index.js';
import type { Backend, BackendContext, WorkContext } from '../backend.js';
import { selectedCells, type CompletePlan, type Plan } from '../plan.js';
import { storedColumns } from './column-plan.js';
import type { Crew } from './crew.js';
import type { GranuleIndexStore } from './granule-index.js';
import { groupSlices } from './grouped-slices.js';
import { checkCatalog } from './check-catalog.js';
import { eachNoticeOnce } from './each-notice-once.js';
import { float32Columns } from './held-rows.js';
import { mapJob, taskCount } from './job.js';
import { memoryBudget, tooLittleMemory, type MemoryBudget } from './memory-budget.js';
import { PLACE, type MappedRows } from './messages.js';
import { placesOf, reduceSettings } from './reduce-settings.js';
import { saveIndexes } from './save-indexes.js';
import { ToldFailures } from './told-failures.js';
import { absentGroups, deriveCells, failedCells, failureOf, inOrder, type FailedTask, type TaskResult } from './task-results.js';

export interface LocalBackendOptions {
  /** Makes the threads of one run; `tasks` is the number of (granule, group) tasks they will share. */
  readonly openCrew: (context: WorkContext, tasks: number) => Crew;
  /** Where threads find the store. */
  readonly storeUrl: string;
  /** Bytes that the whole process may take; undefined: no limit. */
  readonly memoryBytes?: number | undefined;
  /** Folder for the rows that do not fit into memory; undefined: the limit is exceeded instead. */
  readonly spillFolder?: string | undefined;
  /** Where indexes of granules are kept, used and filled; undefined: nowhere. */
  readonly indexes?: GranuleIndexStore | undefined;
}

/**
 * Computes on the threads of this machine, granule by granule: every byte is read and inflated once, however many
 * cells a granule crosses. All granules are mapped to rows, which stand in memory or, beyond the limit, in files; then cells
 * are reduced one after the other.
 */
export function localBackend({ openCrew, storeUrl, memoryBytes, spillFolder, indexes }: LocalBackendOptions): Backend {
  return {
    name: 'local',
    capabilities: { derivesCells: true },
    locate: (plan, context) => locateCells(plan, openCrew, context),
    async run(plan, context) {
      const job = mapJob(plan, 'rows', hasCells(plan) ? selectedCells(plan) : undefined);
      const onEvent = eachNoticeOnce(context.onEvent);
      const told = new ToldFailures(onEvent);
      const crew = openCrew({ ...context, onEvent: told.tell }, taskCount(job));
      const notice = (tag: string, message: string): void => onEvent({ type: 'run-notice', tag, message });
      try {
        const tooLittle = tooLittleMemory(memoryBytes, crew.memory);
        if (tooLittle !== undefined) notice('memory-too-small', tooLittle);
        const budget = memoryBudget(memoryBytes, crew.memory);
        const mapped = await crew.map({ ...job, heldBytes: budget.heldBytes, spillFolder, indexFolder: indexes?.folder });
        throwIfAborted(context.signal);
        if (mapped.some(({ isOverBudget }) => isOverBudget)) notice('memory-exceeded', 'the rows take more memory than run.memory allows, and this host has no place for files to put them: the run goes on with more memory');
        const results = inOrder(mapped.flatMap(part => part.results));
        if (indexes) await saveIndexes(indexes, plan.granules, results, context.onEvent);
        const absent = absentGroups(plan, results);
        if (absent) notice(absent.tag, absent.message);
        const complete = await context.begin(hasCells(plan) ? plan : deriveCells(plan, results));
        await reduce(complete, results, mapped, budget, crew, context);
        throwIfAborted(context.signal);
        const read = new Set(job.reads === 'all' ? job.toRead : []);
        await checkCatalog(complete, { crew, told, hasRead: granule => read.has(granule), indexFolder: indexes?.folder });
      } finally {
        await crew.close();
      }
    }
  };

  async function reduce(
    plan: CompletePlan, results: readonly TaskResult[], mapped: readonly MappedRows[], budget: MemoryBudget, crew: Crew, { onEvent, continues, allowPartial }: BackendContext
  ): Promise<void> {
    const { cells, config } = plan;
    const computes = placesOf(plan);
    const lacking = new Uint8Array(cells.length);
    const fail = (place: number, failure: FailedTask): void => {
      const kept = plan.kept?.get(cells[place]!.nested);
      computes[place] = continues && !kept ? PLACE.erase : PLACE.leave;
      onEvent({ type: 'cell-failed', cell: cells[place]!.morton, ...failureOf(plan, failure), attempt: 1, ...(kept ? { kept } : {}) });
    };
    const failed = [...failedCells(plan, results)].filter(([place]) => computes[place] === PLACE.compute);
    for (const [place, failure] of failed) {
      lacking[place] = 1;
      if (!allowPartial) fail(place, failure);
    }
    const places = new Map(cells.map((cell, place) => [cell.nested, place]));
    for (const [nested, place] of [...places]) if (computes[place] !== PLACE.compute) places.delete(nested);
    const blocks = mapped.flatMap(part => part.blocks).sort((a, b) => a.task - b.task);
    const rounds = mapped.flatMap(part => part.rounds);
    const grouped = groupRuns(blocks, cells.length, places, crew.allocate);
    const slices = groupSlices(rounds, cells.length, places);
    // Nothing is left of these: they are not known to be empty.
    if (allowPartial) for (const [place, failure] of failed) if (rowsOf(grouped, place) + slices.rows[place]! === 0) fail(place, failure);
    await crew.reduce({
      ...reduceSettings(plan, { storeUrl, continues, computes, budget, spillFolder }),
      lacking,
      grouped,
      blocks,
      slices,
      float32: float32Columns(storedColumns(config).length, blocks, rounds)
    });
  }
}

/**
 * The cells that the rows of a list of granules touch, filters not applied: a plan's cells without reading values.
 * Throws the first failure, for a granule that cannot be read has cells that nobody knows.
 */
export async function locateCells(plan: Plan, openCrew: LocalBackendOptions['openCrew'], context: WorkContext): Promise<CompletePlan> {
  const job = mapJob({ ...plan, cells: undefined }, 'positions', undefined);
  const crew = openCrew(context, taskCount(job));
  try {
    const results = inOrder((await crew.map(job)).flatMap(part => part.results));
    for (const result of results) if (result.kind === 'failed') throw fromErrorRecord(result.error);
    return deriveCells(plan, results);
  } finally {
    await crew.close();
  }
}

const hasCells = (plan: Plan): plan is CompletePlan => plan.cells !== undefined;
