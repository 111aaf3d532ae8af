import { MaggError } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { makeRoom, writeTemplate } from '../zarr/index.js';
import type { Backend } from './backend.js';
import { bareCellsNotice } from './bare-cells.js';
import { catalogStanding } from './catalog-standing.js';
import { chooseCells, type Choice } from './choose-cells.js';
import type { RunEvent } from './events.js';
import { finishPlan } from './finish-plan.js';
import type { HoldJournal } from './journal.js';
import { knownCells } from './known-cells.js';
import { lookAtStore } from './look-at-store.js';
import { orderPlan, type OrderedPlan } from './order-plan.js';
import { outdatedNotices } from './outdated-notices.js';
import { groupsOf, type CompletePlan, type PlanResult } from './plan.js';
import { storeLayout } from './store-layout.js';
import type { RunSummary } from './summary.js';
import { Teller } from './teller.js';

export interface RunRequest {
  readonly planned: PlanResult;
  readonly backend: Backend;
  readonly store: ObjectStore;
  /** Replace the group of the child order and its journal, if they are there. Without it they are continued. */
  readonly overwrite: boolean;
  /** Compute cells anew from fewer granules than before. Default: refused. */
  readonly allowShrink?: boolean;
  /** Compute the selected cells anew even if they are current, ids and all. */
  readonly redo?: boolean;
  /** Write cells that lack the rows of a failed read. Default: such cells fail. */
  readonly allowPartial?: boolean;
  readonly holdJournal: HoldJournal;
  /** Seconds since any fixed moment. */
  readonly clockS: () => number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * One run, from a plan to a store. The order of things, wherever the cells are computed:
 *
 * 1. the store is taken for this run alone and looked at: one of ours with the same grid and variables is continued,
 *    anything else is refused before a granule is read;
 * 2. cells that an earlier run computed from the same settings and granules stay as they are (`choose-cells.ts`);
 * 3. the backend reads granules (`local/local-thread.ts`, `local/map-group.ts`): filters, positions, kept rows;
 * 4. when it knows the cells it calls `begin`: they are put in the order of the store's chunks (`order-plan.ts`), the plan is
 *    kept, the template is written;
 * 5. it computes cell after cell (`local/reduce-cell.ts`) and writes a chunk of every variable;
 * 6. granules of which it has not seen all rows, in this run or an earlier one, are compared with the catalog
 *    (`local/check-granules.ts`), so that rows in cells that this does not list are not lost without a word;
 * 7. the books are closed (`ledger.ts`) and the metadata consolidated: without that a store counts as unfinished.
 *
 * Every step tells of itself by events; the summary is their sum. Rejects when the run itself breaks; failed cells and
 * a cancelled run are outcomes.
 */
export async function run({
  planned: { plan, notices }, backend, store, overwrite, allowShrink = false, redo = false, allowPartial = false, holdJournal, clockS, signal: userSignal, onEvent
}: RunRequest): Promise<RunSummary> {
  const started = clockS();
  const journal = holdJournal();
  const teller = new Teller(plan.id, store.name, journal, onEvent);
  const { tell } = teller;
  const signal = AbortSignal.any([userSignal, teller.signal]);
  try {
    const { kind, earlier } = await lookAtStore(store, plan, journal, overwrite, { signal });
    const replaces = kind === 'replaced' || earlier?.record.isReplacing === true;
    tell({ type: 'run-started', planId: plan.id, counts: { cells: plan.cells?.length ?? null, granules: plan.granules.length, groups: groupsOf(plan.config).length } });
    for (const notice of notices) tell({ type: 'run-notice', ...notice });

    let choice: Choice | undefined;
    // What is read only for its coordinates is read again for its rows, and counts then.
    const tellOfLooking = (event: RunEvent): void => {
      if (event.type === 'granule-retried') tell(event);
    };
    if (earlier) {
      const known = hasCells(plan) ? plan : await knownCells(plan, earlier.newestPlans, backend, { signal, onEvent: tellOfLooking });
      if (known) choice = chooseCells(known, earlier, { allowShrink, redo });
    }
    const standing = await catalogStanding(plan, earlier?.record);
    const { outside, unchecked } = standing;
    const isCurrent = choice?.toCompute === 0 && earlier?.isFinished === true && !replaces && isSubset(choice.plan, earlier.parents) && unchecked.length === 0;

    let begun: OrderedPlan | undefined;
    const begin = async (complete: CompletePlan): Promise<CompletePlan> => {
      begun = await orderPlan(complete, { earlier, choice, replaces, redo, allowShrink });
      const { plan: ordered, asked } = begun;
      // Before the template: what is cut off in the middle of it finds the order of its chunks here.
      teller.begin(ordered, asked, earlier?.cells, standing);
      for (const { cell, record } of choice?.current ?? []) tell({ type: 'cell-current', cell, obs: record.obs, cellsWithData: record.cellsWithData });
      if (isCurrent) return ordered;
      const layout = storeLayout(ordered);
      if (replaces) await makeRoom(store, layout, { signal });
      await writeTemplate(store, layout, { signal });
      return ordered;
    };

    try {
      // Also with nothing to compute: ids of new parents are to be written, what a replaced store left to be erased, and the catalog to be checked.
      if (choice && isCurrent) await begin(choice.plan);
      else await backend.run({ ...(choice?.plan ?? plan), countsOutside: outside.size > 0, unchecked }, { signal, onEvent: tell, begin, continues: kind !== 'new', allowPartial });
      if (teller.failure) throw teller.failure.error;
      teller.tellLosses(plan.config);
      const booksClose = !begun || teller.closeBooks(begun.plan);
      const outdated = begun?.outdated ?? 0;
      const soFar = teller.soFar();
      const left = { unchosen: outdated, kept: soFar.cellsOutdated, records: teller.cells.values(), settings: plan.settings, plans: earlier?.plans ?? new Map() };
      const bare = begun && bareCellsNotice(begun.plan, teller.cells);
      for (const notice of [...outdatedNotices(left), ...(bare ? [bare] : [])]) tell(notice);
      if (begun && !isCurrent && soFar.outcome !== 'failed') await finishPlan(store, begun.plan, teller.cells, { isComplete: soFar.rowsOutsidePlan === 0 && soFar.granulesUnchecked === 0 && booksClose && outdated === 0, signal });
      return teller.end(clockS() - started, 'whole');
    } catch (thrown) {
      const error = teller.failure ? teller.failure.error : thrown;
      if (!teller.failure && (userSignal.aborted || (error instanceof MaggError && error.tag === 'cancelled'))) return teller.end(clockS() - started, 'cancelled');
      teller.end(clockS() - started, 'broke');
      throw error;
    }
  } finally {
    journal.close();
  }
}

const isSubset = ({ cells }: CompletePlan, parents: readonly number[]): boolean => {
  const stored = new Set(parents);
  return cells.every(cell => stored.has(cell.nested));
};

const hasCells = (plan: PlanResult['plan']): plan is CompletePlan => plan.cells !== undefined;
