import type { ObjectStore } from '../io/index.js';
import type { Backend, WorkContext } from './backend.js';
import { compareCells, withLeftCells, type CellState } from './compare-cells.js';
import type { JournalFiles } from './journal.js';
import { knownCells } from './known-cells.js';
import { lookAtStore, type FoundStore } from './look-at-store.js';
import { selectedCells, type CompletePlan, type Plan, type PlannedCell } from './plan.js';

export interface PreviewRequest {
  readonly plan: Plan;
  readonly store: ObjectStore;
  readonly journal: JournalFiles;
  readonly overwrite: boolean;
  /** Only asked for the cells of granules that no earlier run has looked at. */
  readonly backend: Backend;
}

/** What a run would do. */
export interface Preview {
  readonly plan: CompletePlan;
  readonly found: FoundStore['kind'];
  /** The selected cells, in the order of the plan. */
  readonly cells: readonly { readonly cell: PlannedCell; readonly state: CellState }[];
  /** Cells of the store that are not in the plan and stay as they are. */
  readonly untouched: number;
}

const NEW: CellState = { state: 'new', settings: [], added: [], changed: [], removed: [], record: undefined };

/**
 * Looks at what a run would do and changes nothing. Coordinates are read where neither a catalog nor an earlier run tells the cells.
 * Throws what `run` would refuse, but for cells that would shrink.
 */
export async function preview({ plan, store, journal, overwrite, backend }: PreviewRequest, context: WorkContext): Promise<Preview> {
  const { kind, earlier } = await lookAtStore(store, plan, journal, overwrite, context);
  const known = await cellsOf(plan, earlier?.newestPlans ?? [], backend, { ...context, onEvent: withoutRows(context.onEvent) });
  const complete = earlier ? withLeftCells(known, earlier) : known;
  const states = earlier ? compareCells(complete, earlier.record, earlier.plans) : [];
  const own = new Set(complete.cells.map(cell => cell.nested));
  return {
    plan: complete,
    found: kind,
    cells: selectedCells(complete).map(place => ({ cell: complete.cells[place]!, state: states[place] ?? NEW })),
    untouched: (earlier?.parents ?? []).filter(nested => !own.has(nested)).length
  };
}

async function cellsOf(plan: Plan, plans: Parameters<typeof knownCells>[1], backend: Backend, context: WorkContext): Promise<CompletePlan> {
  if (plan.cells) return { ...plan, cells: plan.cells };
  return (await knownCells(plan, plans, backend, context)) ?? (await backend.locate!(plan, context));
}

/** Looking for cells applies no filter: which rows lack a position is for the run to say. */
const withoutRows = (onEvent: WorkContext['onEvent']): WorkContext['onEvent'] => event => {
  if (event.type !== 'run-notice' || event.tag !== 'rows-without-position') onEvent(event);
};
