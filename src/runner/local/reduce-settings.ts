import { storeLayout } from '../store-layout.js';
import { selectedCells, type CompletePlan } from '../plan.js';
import { storedColumns } from './column-plan.js';
import type { MemoryBudget } from './memory-budget.js';
import { PLACE, type ReduceSettings } from './messages.js';

/** Per chunk of the plan: {@link PLACE}. */
export function placesOf(plan: CompletePlan): Uint8Array {
  const computes = new Uint8Array(plan.cells.length);
  for (const place of selectedCells(plan)) computes[place] = PLACE.compute;
  if (plan.stale) plan.cells.forEach(({ nested }, place) => { if (plan.stale!.has(nested)) computes[place] = PLACE.erase; });
  return computes;
}

/** What the threads of a run need to compute and write the cells of its plan. */
export function reduceSettings(
  plan: CompletePlan,
  rest: { readonly storeUrl: string; readonly continues: boolean; readonly computes: Uint8Array; readonly budget: MemoryBudget; readonly spillFolder: string | undefined }
): ReduceSettings {
  const { config, cells, chunksWithIds = 0 } = plan;
  return {
    ...rest,
    chunksWithIds,
    layout: storeLayout(plan),
    variables: config.variables,
    columns: storedColumns(config),
    hasFilters: config.source.filters.length > 0,
    mortons: cells.map(cell => cell.morton)
  };
}
