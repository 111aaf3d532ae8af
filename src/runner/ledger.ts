import type { RunEvent } from './events.js';
import { groupsOf, type CompletePlan } from './plan.js';

/** Where the books of a cell, or of what was read, do not close. */
export interface LedgerGap {
  /** A cell's id, or granule and group. */
  readonly of: string;
  /** What is wrong, as a sentence without its end. */
  readonly what: string;
}

/**
 * Books of a run, kept twice: what the reading of every (granule, group) says it put into each cell, and what each cell says
 * it was computed from. Nothing was lost when, for every computed cell, each planned (granule, group) was read, empty or
 * filtered, and the rows are the same on both sides. Rows without position and rows outside the plan are in no cell: they
 * stand in the books of their (granule, group), which must not have more of them than rows.
 */
export class Ledger {
  /** Ended (granule, group) pairs. A cell-by-cell run reads a pair once for each cell, and each time it ends. */
  readonly #ended = new Map<string, 'ended' | 'failed'>();
  readonly #given = new Map<string, number>();
  readonly #unbalanced: LedgerGap[] = [];
  readonly #computed = new Map<string, { readonly obs: number; readonly isWhole: boolean }>();

  add(event: RunEvent): void {
    switch (event.type) {
      case 'granule-finished':
        this.#ended.set(keyOf(event), 'ended');
        this.#balance(event);
        for (const [cell, rows] of event.cells) this.#given.set(cell, (this.#given.get(cell) ?? 0) + rows);
        return;
      case 'granule-failed':
        if (!this.#ended.has(keyOf(event))) this.#ended.set(keyOf(event), 'failed');
        return;
      case 'cell-finished':
        this.#computed.set(event.cell, event);
        return;
      case 'cell-empty':
        this.#computed.set(event.cell, { obs: 0, isWhole: true });
        return;
      case 'run-started':
      case 'run-notice':
      case 'cells-planned':
      case 'granule-started':
      case 'granule-retried':
      case 'cell-started':
      case 'catalog-checked':
      case 'cell-current':
      case 'cell-failed':
      case 'run-finished':
      case 'run-cancelled':
        return;
    }
  }

  #balance({ granule, group, rows, kept, rowsWithoutPosition, rowsOutsidePlan, cells }: Extract<RunEvent, { readonly type: 'granule-finished' }>): void {
    const of = group === null ? granule : `${granule}, ${group}`;
    const inCells = cells.reduce((sum, [, own]) => sum + own, 0);
    if (inCells !== kept) this.#unbalanced.push({ of, what: `${kept} rows were kept, ${inCells} given to cells` });
    else if (kept + rowsWithoutPosition + rowsOutsidePlan > rows) {
      this.#unbalanced.push({ of, what: `${kept} rows in cells, ${rowsWithoutPosition} without position and ${rowsOutsidePlan} outside the plan are more than its ${rows}` });
    }
  }

  /** Gaps of what was read, in the order of reading, then of the cells that were computed, in the order of the plan, at most one a cell. */
  close(plan: CompletePlan): readonly LedgerGap[] {
    const groups = groupsOf(plan.config);
    const endings = plan.granules.map(({ id }) => groups.map(group => this.#ended.get(keyOf({ granule: id, group }))));
    const gaps = [...this.#unbalanced];
    for (const { morton: cell, granules } of plan.cells) {
      const computed = this.#computed.get(cell);
      if (!computed) continue;
      const given = this.#given.get(cell) ?? 0;
      const unread = computed.isWhole && granules.find(g => endings[g]!.includes(undefined));
      if (unread !== undefined && unread !== false) {
        const group = groups[endings[unread]!.indexOf(undefined)];
        gaps.push({ of: cell, what: `${plan.granules[unread]!.id}${group === null ? '' : `, ${group},`} was never read` });
      } else if (given !== computed.obs) gaps.push({ of: cell, what: `${given} rows were read for it, ${computed.obs} are in its statistics` });
    }
    return gaps;
  }
}

const keyOf = ({ granule, group }: { readonly granule: string; readonly group: string | null }): string => `${granule}\n${group ?? ''}`;
