import type { EarlierRuns } from './earlier-runs.js';
import { hasChanged } from './identity.js';
import type { CellRecord, JournalRecord } from './journal-record.js';
import { hasValues } from './kept-values.js';
import { mortonText, type CompletePlan, type PlannedCell, type PlannedGranule } from './plan.js';
import { differingSettings } from './settings.js';
import type { StoredPlan } from './stored-plan.js';

/** What a run would do with a cell, compared with what the store holds of it. */
export interface CellState {
  /**
   * `new`: nothing is known of it. `unfinished`: an earlier run failed, was cut off, or left rows out. `current`: the store holds what
   * this run would write. `changed`: settings or granules differ, or an earlier run could not replace values that were to be. `shrinking`: it was computed from granules that this plan lacks.
   */
  readonly state: 'new' | 'unfinished' | 'current' | 'changed' | 'shrinking';
  /** Names of the settings that differ. */
  readonly settings: readonly string[];
  /** Ids of granules. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly record: CellRecord | undefined;
}

/**
 * A plan whose cells come from the coordinates of all its granules, with the cells of the store that these do not touch: what
 * stands there comes from granules that have changed or are gone, and where nothing was computed yet there is nothing to compute.
 * A catalog may be of another area: its plan stays as it is.
 */
export function withLeftCells(plan: CompletePlan, { parents, record: { cells }, neverComputed }: Pick<EarlierRuns, 'parents' | 'record' | 'neverComputed'>): CompletePlan {
  if (plan.cellsFrom === 'catalog') return plan;
  const own = new Set(plan.cells.map(cell => cell.nested));
  const left = parents.filter(nested => !own.has(nested)).map(nested => ({ nested, morton: mortonText(nested, plan.parentOrder), granules: [] }));
  const found = left.filter(({ nested, morton }) => neverComputed.has(nested) || (cells.get(morton)?.outcome ?? 'empty') !== 'empty');
  return found.length === 0 ? plan : { ...plan, cells: [...plan.cells, ...found] };
}

/** Which earlier plans the journal still knows, by id. */
export type StoredPlans = ReadonlyMap<string, StoredPlan>;

/** The state of every cell of a plan, in the plan's order. */
export function compareCells(plan: CompletePlan, { cells }: JournalRecord, plans: StoredPlans): readonly CellState[] {
  const comparisons = new Map([...plans].map(([id, stored]) => [id, new PlanComparison(plan, stored)]));
  return plan.cells.map(cell => {
    const record = cells.get(cell.morton);
    const nothing = { settings: [], added: [], changed: [], removed: [], record };
    if (!record) return { ...nothing, state: 'new' };
    const comparison = comparisons.get(record.planId);
    if (record.outcome === 'started') return { ...nothing, state: 'unfinished' };
    // Why it was to be computed anew, such as a wish of the user, may not show in the plans.
    const isOutdated = record.outcome === 'outdated';
    if (!comparison) return { ...nothing, state: isOutdated ? 'changed' : 'unfinished' };
    const found = comparison.compare(cell);
    const isDone = record.outcome === 'data' || record.outcome === 'empty';
    const state = found.removed.length > 0 && hasValues(record) ? 'shrinking' : isOutdated ? 'changed' : !isDone ? 'unfinished' : found.same ? 'current' : 'changed';
    return { state, settings: found.settings, added: found.added, changed: found.changed, removed: found.removed, record };
  });
}

interface CellComparison extends Pick<CellState, 'settings' | 'added' | 'changed' | 'removed'> {
  readonly same: boolean;
}

/** An earlier plan against one of now: what is equal for all cells is found once. */
class PlanComparison {
  readonly #settings: readonly string[];
  readonly #before: ReadonlyMap<number, PlannedCell>;
  readonly #old: StoredPlan['granules'];
  readonly #now: readonly PlannedGranule[];
  /** Position now of each granule of before, -1 where it is gone. */
  readonly #placeNow: Int32Array;
  readonly #isChanged: readonly boolean[];

  constructor(plan: CompletePlan, stored: StoredPlan) {
    const places = new Map(plan.granules.map((granule, place) => [granule.id, place]));
    this.#settings = differingSettings(stored.settings, plan.settings);
    this.#before = new Map(stored.cells.map(cell => [cell.nested, cell]));
    this.#old = stored.granules;
    this.#now = plan.granules;
    this.#placeNow = Int32Array.from(stored.granules, ({ id }) => places.get(id) ?? -1);
    this.#isChanged = stored.granules.map((granule, g) => {
      const place = this.#placeNow[g]!;
      return place >= 0 && hasChanged(granule, plan.granules[place]!);
    });
  }

  compare({ nested, granules }: PlannedCell): CellComparison {
    const before = this.#before.get(nested)?.granules ?? [];
    const settings = this.#settings;
    const changed = before.filter(g => this.#isChanged[g]);
    const isSame = before.length === granules.length && before.every((g, i) => this.#placeNow[g] === granules[i]);
    if (isSame) return { same: settings.length === 0 && changed.length === 0, settings, added: [], removed: [], changed: this.#names(changed) };
    const kept = new Set(before.map(g => this.#placeNow[g]!));
    const wanted = new Set(granules);
    return {
      same: false,
      settings,
      added: granules.filter(g => !kept.has(g)).map(g => this.#now[g]!.id),
      changed: this.#names(changed),
      // A granule that has changed may have left the cell.
      removed: this.#names(before.filter(g => !wanted.has(this.#placeNow[g]!) && !this.#isChanged[g]))
    };
  }

  #names(granules: readonly number[]): readonly string[] {
    return granules.map(g => this.#old[g]!.id);
  }
}
