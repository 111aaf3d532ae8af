import { MaggError, throwIfAborted } from '../../base/index.js';
import type { Backend } from '../backend.js';
import type { CompletePlan, Plan } from '../plan.js';
import { checkCatalog } from './check-catalog.js';
import { eachNoticeOnce } from './each-notice-once.js';
import { mapJob } from './job.js';
import type { LocalBackendOptions } from './local-backend.js';
import { LocalThread, type ThreadHost } from './local-thread.js';
import { memoryBudget, tooLittleMemory, type MemoryBudget } from './memory-budget.js';
import { PLACE, type CellsJob } from './messages.js';
import { placesOf, reduceSettings } from './reduce-settings.js';
import { ToldFailures } from './told-failures.js';

/**
 * Computes cell by cell, each from its granules alone, as one invocation of a cloud function does: a granule is opened for
 * every cell that it crosses, but only near the rows of the cell, never more than the rows of one cell per thread are kept,
 * and a read that fails costs only the cell that it was for. The values are those of every other back end. Rows in cells that the
 * catalog does not list are not seen so: of a whole catalog the granules are compared with it at the end.
 */
export function cellsBackend({ openCrew, storeUrl, memoryBytes, spillFolder, indexes }: LocalBackendOptions): Backend {
  return {
    name: 'cells',
    capabilities: { derivesCells: false },
    async run(plan, context) {
      assertCells(plan);
      const complete = await context.begin(plan);
      const { cells } = complete;
      const told = new ToldFailures(eachNoticeOnce(context.onEvent));
      const crew = openCrew({ ...context, onEvent: told.tell }, cells.length);
      try {
        const tooLittle = tooLittleMemory(memoryBytes, crew.memory);
        if (tooLittle !== undefined) context.onEvent({ type: 'run-notice', tag: 'memory-too-small', message: tooLittle });
        const budget = memoryBudget(memoryBytes, crew.memory);
        const indexFolder = indexes?.folder;
        await crew.cells(cellsJob(complete, { ...context, storeUrl, budget, spillFolder, indexFolder }));
        throwIfAborted(context.signal);
        await checkCatalog(complete, { crew, told, hasRead: () => false, indexFolder });
      } finally {
        await crew.close();
      }
    }
  };
}

export interface CellsJobOptions {
  /** Where threads find the store. */
  readonly storeUrl: string;
  readonly budget: MemoryBudget;
  /** Folder for the rows that do not fit into memory; undefined: the budget is exceeded instead. */
  readonly spillFolder: string | undefined;
  /** Where indexes of granules are kept; undefined: nowhere. */
  readonly indexFolder: string | undefined;
  /** Chunks of an earlier run may stand in the store. */
  readonly continues: boolean;
  readonly allowPartial: boolean;
}

/** The cells of a plan as work for threads: those with the most granules first, so that no long one is left for the end. */
export function cellsJob(plan: CompletePlan, { storeUrl, budget, spillFolder, indexFolder, continues, allowPartial }: CellsJobOptions): CellsJob {
  const { cells } = plan;
  const computes = placesOf(plan);
  const weight = (place: number): number => (computes[place] === PLACE.compute ? cells[place]!.granules.length : -1);
  return {
    map: { ...mapJob({ ...plan, cells: undefined }, 'rows', undefined), heldBytes: budget.heldBytes, spillFolder, indexFolder },
    reduce: reduceSettings(plan, { storeUrl, continues, computes, budget, spillFolder }),
    cells,
    order: Int32Array.from([...cells.keys()].sort((a, b) => weight(b) - weight(a) || a - b)),
    allowPartial,
    kept: new Map([...cells.keys()].flatMap(place => {
      const kept = computes[place] === PLACE.compute ? plan.kept?.get(cells[place]!.nested) : undefined;
      return kept ? [[place, kept] as const] : [];
    }))
  };
}

/**
 * Computes the cell at `place` of the plan and writes its chunks into a store whose template stands: all that one invocation
 * of a cloud function does. How it ended is the last event of the host: `cell-finished`, `cell-empty` or `cell-failed`. Rows of its
 * granules in cells that the catalog does not list are neither seen nor counted: whoever computes a whole catalog so has to look for them.
 */
export async function computeCell(host: ThreadHost, job: CellsJob, place: number): Promise<void> {
  await new LocalThread({ ...host, nextTask: once() }).cells({ ...job, order: Int32Array.of(place) });
}

function once(): () => number {
  let next = 0;
  return () => next++;
}

function assertCells(plan: Plan): asserts plan is CompletePlan {
  if (plan.cells) return;
  throw new MaggError(
    'needs-catalog',
    `--backend cells reads only the granules of each cell, and nothing says which ones they are: build a catalog first, with the latitude convention of the config: magg catalog --from GRANULE... --config CONFIG --output catalog.json, then magg run CONFIG --catalog catalog.json --backend cells`
  );
}
