import { MaggError } from '../base/index.js';
import type { Backend, WorkContext } from './backend.js';
import { hasChanged } from './identity.js';
import { completePlan, type CompletePlan, type Plan, type PlannedGranule } from './plan.js';
import { differingSettings, placing } from './settings.js';
import type { StoredPlan } from './stored-plan.js';

/**
 * The cells of a plan that has none, from what earlier runs found in the coordinates of the same granules; only granules that
 * are new or have changed are read. `plans`: newest first. Undefined when no earlier run looked with these settings.
 */
export async function knownCells(plan: Plan, plans: readonly StoredPlan[], { locate }: Backend, context: WorkContext): Promise<CompletePlan | undefined> {
  const usable = plans.filter(stored => stored.cellsFrom === 'coordinates' && differingSettings(placing(stored.settings), placing(plan.settings)).length === 0);
  if (usable.length === 0) return undefined;
  const found = new Map<number, number[]>();
  const unknown: number[] = [];
  const sources = usable.map(stored => ({ stored, places: new Map(stored.granules.map(({ id }, g) => [id, g])), cells: undefined as undefined | readonly (readonly number[])[] }));
  plan.granules.forEach((granule, g) => {
    const source = sources.find(({ stored, places }) => isKnown(stored.granules[places.get(granule.id) ?? -1], granule));
    if (!source) return void unknown.push(g);
    source.cells ??= cellsByGranule(source.stored);
    for (const nested of source.cells[source.places.get(granule.id)!]!) add(found, nested, g);
  });
  if (unknown.length > 0) {
    if (!locate) return undefined;
    const located = await cellsOf(() => locate({ ...plan, granules: unknown.map(g => plan.granules[g]!) }, context));
    for (const { nested, granules } of located) for (const g of granules) add(found, nested, unknown[g]!);
  }
  for (const list of found.values()) list.sort((a, b) => a - b);
  return completePlan(plan, found);
}

/** That the new granules have no rows is nothing wrong where others have. */
async function cellsOf(locate: () => Promise<CompletePlan>): Promise<CompletePlan['cells']> {
  try {
    return (await locate()).cells;
  } catch (error) {
    if (error instanceof MaggError && error.tag === 'no-rows') return [];
    throw error;
  }
}

/** A granule without size and tag may have changed unseen. */
const isKnown = (before: StoredPlan['granules'][number] | undefined, now: PlannedGranule): boolean =>
  before !== undefined && before.sizeBytes !== undefined && now.sizeBytes !== undefined && !hasChanged(before, now);

function cellsByGranule({ granules, cells }: StoredPlan): readonly (readonly number[])[] {
  const lists: number[][] = granules.map(() => []);
  for (const cell of cells) for (const g of cell.granules) lists[g]!.push(cell.nested);
  return lists;
}

function add(found: Map<number, number[]>, nested: number, granule: number): void {
  const list = found.get(nested);
  if (list) list.push(granule);
  else found.set(nested, [granule]);
}
