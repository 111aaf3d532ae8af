import { MaggError } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { finishStore, makeRoom, writeTemplate } from '../zarr/index.js';
import type { Backend } from './backend.js';
import type { RunEvent } from './events.js';
import type { Journal, OpenJournal } from './journal.js';
import { groupsOf, selectedCells, type CompletePlan, type PlanResult } from './plan.js';
import { refuseStore } from './refuse-store.js';
import { storeLayout } from './store-layout.js';
import { SummaryFold, type RunSummary } from './summary.js';

export interface RunRequest {
  readonly planned: PlanResult;
  readonly backend: Backend;
  readonly store: ObjectStore;
  /** Replace the group of the child order and its journal, if they are there. */
  readonly overwrite: boolean;
  readonly openJournal: OpenJournal;
  /** Seconds since any fixed moment. */
  readonly clockS: () => number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * One run, from a plan to a store. The order of things, wherever the cells are computed:
 *
 * 1. the store is looked at, and refused before anything is read if it must not be replaced;
 * 2. the backend reads granules (`local/local-thread.ts`, `local/map-group.ts`): filters, positions, kept rows;
 * 3. when it knows the cells it calls `begin`: the journal opens, the template is written;
 * 4. it computes cell after cell (`local/reduce-cell.ts`) and writes a chunk of every variable;
 * 5. the metadata are consolidated: without that a store counts as unfinished.
 *
 * Every step tells of itself by events; the summary is their sum. Rejects when the run itself breaks; failed cells and
 * a cancelled run are outcomes.
 */
export async function run({ planned, backend, store, overwrite, openJournal, clockS, signal, onEvent }: RunRequest): Promise<RunSummary> {
  const { plan, notices } = planned;
  const started = clockS();
  const sum = new SummaryFold(plan.id, store.name);
  const early: RunEvent[] = [];
  let journal: Journal | undefined;
  // An event may come from anywhere, a message of a thread included, where nobody would catch what is thrown.
  let unwritten: { readonly error: unknown } | undefined;
  const stop = new AbortController();
  const tell = (event: RunEvent): void => {
    sum.add(event);
    try {
      if (unwritten) return;
      if (journal) journal.write(event);
      else early.push(event);
    } catch (error) {
      unwritten = { error };
      stop.abort();
    } finally {
      onEvent(event);
    }
  };

  await refuseStore(store, plan, overwrite, { signal });
  tell({ type: 'run-started', planId: plan.id, counts: { cells: plan.cells?.length ?? null, granules: plan.granules.length, groups: groupsOf(plan.config).length } });
  for (const notice of notices) tell({ type: 'run-notice', ...notice });

  const begin = async (complete: CompletePlan): Promise<CompletePlan> => {
    const selected = selectedCells(complete).length; // throws for an unknown cell: before the first write
    journal = openJournal(complete, { replace: overwrite });
    for (const event of early.splice(0)) journal.write(event);
    const layout = storeLayout(complete);
    if (overwrite) await makeRoom(store, layout, { signal });
    await writeTemplate(store, layout, { signal });
    tell({ type: 'cells-planned', cells: complete.cells.length, selected });
    return complete;
  };
  const end = (how: 'whole' | 'cancelled' | 'broke'): RunSummary => {
    const summary = sum.finish(clockS() - started, how);
    tell({ type: how === 'cancelled' ? 'run-cancelled' : 'run-finished', summary });
    return summary;
  };

  try {
    await backend.run(plan, { signal: AbortSignal.any([signal, stop.signal]), onEvent: tell, begin, earlier: overwrite ? 'replaced' : 'none' });
    if (unwritten) throw unwritten.error;
    if (sum.finish(0, 'whole').outcome !== 'failed') await finishStore(store, plan.childOrder);
    return end('whole');
  } catch (thrown) {
    const error = unwritten ? unwritten.error : thrown;
    if (!unwritten && (signal.aborted || (error instanceof MaggError && error.tag === 'cancelled'))) return end('cancelled');
    end('broke');
    throw error;
  } finally {
    journal?.close();
  }
}
