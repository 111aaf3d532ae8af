import { MaggError } from '../base/index.js';
import { compareCells, withLeftCells, type CellState } from './compare-cells.js';
import type { EarlierRuns } from './earlier-runs.js';
import type { CellRecord } from './journal-record.js';
import { hasValues } from './kept-values.js';
import { selectedCells, type CompletePlan } from './plan.js';

/** What is left to do of a plan, when a store is continued. */
export interface Choice {
  /** Its selection are the cells to compute. */
  readonly plan: CompletePlan;
  readonly toCompute: number;
  /** Selected cells that stay as they are, in the order of the plan. */
  readonly current: readonly { readonly cell: string; readonly record: CellRecord }[];
  /** Cells that are not selected though they are not current: they hold values of other settings or granules. */
  readonly outdated: number;
}

export interface ChoiceOptions {
  readonly allowShrink: boolean;
  /** Compute current cells too. */
  readonly redo: boolean;
}

/** Leaves out the selected cells that are current. Throws `would-shrink` unless that is allowed. */
export function chooseCells(known: CompletePlan, earlier: EarlierRuns, { allowShrink, redo }: ChoiceOptions): Choice {
  const plan = withLeftCells(known, earlier);
  const states = compareCells(plan, earlier.record, earlier.plans);
  const selected = selectedCells(plan);
  if (!allowShrink) refuseShrinking(plan, selected, states);
  const toCompute = selected.filter(place => redo || states[place]!.state !== 'current');
  return {
    plan: { ...plan, selection: { cells: toCompute.map(place => plan.cells[place]!.nested) } },
    toCompute: toCompute.length,
    outdated: countOutdated(plan, selected, states, earlier),
    current: selected.flatMap(place => {
      const { state, record } = states[place]!;
      return !redo && state === 'current' && record ? [{ cell: plan.cells[place]!.morton, record }] : [];
    })
  };
}

/** Cells that are not selected though they are not current, and hold values. `states` in the order of the plan. */
function countOutdated({ cells }: CompletePlan, selected: readonly number[], states: readonly CellState[], { cells: records }: EarlierRuns): number {
  const isSelected = new Set(selected);
  return states.filter(({ state }, place) => {
    const record = records.get(cells[place]!.morton);
    return !isSelected.has(place) && state !== 'current' && record !== undefined && hasValues(record);
  }).length;
}

/** Cells of the store that would be computed from fewer granules are more likely a mistake in the list than meant. */
function refuseShrinking(plan: CompletePlan, selected: readonly number[], states: readonly CellState[]): void {
  const shrinking = selected.filter(place => states[place]!.state === 'shrinking');
  if (shrinking.length === 0) return;
  const lost = new Set(shrinking.flatMap(place => states[place]!.removed));
  const names = [...lost].slice(0, 3).join(', ') + (lost.size > 3 ? ` and ${lost.size - 3} more` : '');
  throw new MaggError(
    'would-shrink',
    `${shrinking.length} ${shrinking.length === 1 ? 'cell' : 'cells'} of the store (${plan.cells[shrinking[0]!]!.morton}${shrinking.length > 1 ? ', ...' : ''}) would be computed from fewer granules than before: this run lacks ${names}. Add what is missing to the list of granules, or compute them from what is left with --allow-shrink; --dry-run lists the cells`
  );
}
