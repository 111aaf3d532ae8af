import { chooseCells, type Choice } from './choose-cells.js';
import { inStoreOrder, type EarlierRuns } from './earlier-runs.js';
import { keptValues } from './kept-values.js';
import { selectedCells, withCells, type CompletePlan } from './plan.js';

/** What is known of the store before the cells of the run are. */
export interface StoreToContinue {
  /** Undefined: nothing stands there, or nothing that counts. */
  readonly earlier: EarlierRuns | undefined;
  /** Undefined: which cells there are was not known until now, so all are computed anew. */
  readonly choice: Choice | undefined;
  readonly replaces: boolean;
  readonly redo: boolean;
  readonly allowShrink: boolean;
}

export interface OrderedPlan {
  /** Its cells are in the order of the store's chunks. */
  readonly plan: CompletePlan;
  /** Cells that the run was asked for: those that it computes and those that are current. */
  readonly asked: number;
  /** As {@link Choice.outdated}. */
  readonly outdated: number;
}

/** The plan as it meets the store. Throws `unknown-cell` and `would-shrink`, before the first write. */
export async function orderPlan(complete: CompletePlan, { earlier, choice, replaces, redo, allowShrink }: StoreToContinue): Promise<OrderedPlan> {
  const anew = earlier && !choice ? chooseCells(complete, earlier, { allowShrink, redo: true }) : undefined;
  const whole = anew?.plan ?? complete;
  const selected = selectedCells(whole);
  const ordered = await withCells(whole, earlier ? inStoreOrder(whole, earlier.parents) : whole.cells);
  const kept = keptValues(ordered, earlier?.cells ?? new Map());
  const current = choice?.current ?? [];
  return {
    plan: { ...ordered, kept, ...(replaces ? { stale: staleCells(ordered, current, kept) } : { chunksWithIds: redo ? 0 : (earlier?.chunksWithIds ?? 0) }) },
    asked: selected.length + current.length,
    outdated: (choice ?? anew)?.outdated ?? 0
  };
}

/** Cells that this run does not compute, and of which nothing is known that stands there or that they are right. */
function staleCells(plan: CompletePlan, current: Choice['current'], kept: NonNullable<CompletePlan['kept']>): ReadonlySet<number> {
  const right = new Set(current.map(({ cell }) => cell));
  const computed = new Set(selectedCells(plan));
  return new Set(plan.cells.flatMap(({ nested, morton }, place) => (computed.has(place) || right.has(morton) || kept.has(nested) ? [] : [nested])));
}
